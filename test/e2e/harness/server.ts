import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CodeServer } from "./install.ts";

/** A start without welcome pages, chat and questions: the test sees what it put there. */
const quiet = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.colorTheme": "Default Dark Modern",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
};

async function writeSettings(home: string, settings: Record<string, unknown>): Promise<void> {
  const file = join(home, "user-data", "User", "settings.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...quiet, ...settings }, undefined, 2));
}

export interface ServerOptions {
  /** User data and extensions live here, and the server's log. */
  home: string;
  /** The packaged extension to install; none for a bare VS Code. */
  vsix?: string;
  port?: number;
  /** Settings of the user, added to the quiet ones. */
  settings?: Record<string, unknown>;
  /** Ask whether the folder is trusted, as VS Code does by default. */
  askForTrust?: boolean;
}

/** One VS Code server; a new one on the same home is VS Code closed and opened again. */
export class Server {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(code: CodeServer, options: ServerOptions): Promise<Server> {
    const { home, askForTrust = false } = options;
    const port = options.port ?? (await freePort());
    const userData = join(home, "user-data");
    await writeSettings(home, {
      "security.workspace.trust.enabled": askForTrust,
      ...options.settings,
    });
    const log = await open(join(home, "server.log"), "a");
    const folders = ["--user-data-dir", userData, "--extensions-dir", join(home, "extensions")];
    const launch = (args: string[]) =>
      spawn(code.node, [code.entry, "--config", "/dev/null", ...folders, ...args], {
        cwd: home,
        // An empty gallery: nothing is looked up or updated from outside.
        env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
        stdio: ["ignore", log.fd, log.fd],
      });
    try {
      if (options.vsix) {
        const install = launch(["--install-extension", options.vsix, "--force"]);
        const [exit] = (await once(install, "exit")) as [number | null];
        if (exit !== 0)
          throw new Error(`Could not install ${options.vsix}: ${await readLog(home)}`);
      }
      const child = launch([
        ...["--bind-addr", `127.0.0.1:${port}`, "--auth", "none"],
        ...["--disable-telemetry", "--disable-update-check"],
        ...["--vscode-option", "enable-smoke-test-driver"],
        ...(askForTrust ? [] : ["--disable-workspace-trust"]),
      ]);
      const server = new Server(child, port);
      await server.#ready(home);
      return server;
    } finally {
      await log.close();
    }
  }

  /**
   * The address of a workbench on a folder, with files open in it.
   *
   * @param payload further workbench options, as `[name, value]`
   */
  url(folder: string, files: string[] = [], payload: [string, string][] = []): string {
    const address = new URL(`http://127.0.0.1:${this.port}/`);
    address.searchParams.set("folder", folder);
    const open = files.map((file): [string, string] => ["openFile", this.remote(file)]);
    if (open.length + payload.length > 0) {
      address.searchParams.set("payload", JSON.stringify([...open, ...payload]));
    }
    return address.href;
  }

  /** The URI by which the workbench in the browser knows a file of this machine. */
  remote(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${path}`;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Ends VS Code with its extension host; a detached training process goes on. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await Promise.race([gone, sleep(10_000).then(() => this.#process.kill("SIGKILL"))]);
  }

  async #ready(home: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (this.#process.exitCode !== null) break;
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(100);
    }
    await this.stop();
    throw new Error(`VS Code did not start:\n${await readLog(home)}`);
  }
}

async function readLog(home: string): Promise<string> {
  return (await readFile(join(home, "server.log"), "utf8")).split("\n").slice(-20).join("\n");
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
