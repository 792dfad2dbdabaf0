import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { installCodeServer, root } from "./install.ts";
import { Server, type ServerOptions } from "./server.ts";

/** The policy that the project brings along. */
export const samplePolicy = join(root, "media", "sample", "parcel-desk.md");

/** A fresh VS Code on a fresh folder that holds copies of the given files. */
export class Session {
  /** Home of the server: user data, extensions, log. */
  readonly home: string;
  /** The workspace folder. */
  readonly folder: string;
  server: Server;
  readonly #options: Omit<ServerOptions, "home">;

  private constructor(
    place: { home: string; folder: string },
    server: Server,
    options: Omit<ServerOptions, "home">,
  ) {
    this.home = place.home;
    this.folder = place.folder;
    this.server = server;
    this.#options = options;
  }

  static async start(
    files: readonly string[],
    options: Omit<ServerOptions, "home">,
  ): Promise<Session> {
    const base = await mkdtemp(join(tmpdir(), "ingrain-"));
    const place = { home: join(base, "vscode"), folder: join(base, "workspace") };
    await mkdir(place.home);
    await mkdir(place.folder);
    for (const file of files) await cp(file, join(place.folder, basename(file)));
    const server = await Server.start(await installCodeServer(), { ...options, ...place });
    return new Session(place, server, options);
  }

  /** VS Code closed and opened again, with the same user data and extensions. */
  async restart(): Promise<void> {
    await this.server.stop();
    // The browser keeps what was open by the server's address.
    const options = { ...this.#options, home: this.home, port: this.server.port };
    delete options.vsix;
    this.server = await Server.start(await installCodeServer(), options);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Stops the server and removes everything; call it when no training runs any more. */
  async end(): Promise<void> {
    await this.server.stop();
    await rm(join(this.home, ".."), { recursive: true, force: true });
  }
}
