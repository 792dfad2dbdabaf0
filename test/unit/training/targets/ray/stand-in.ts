import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import type { Job } from "../../../../../src/training/targets/ray/jobs-api.ts";

interface StandInJob extends Job {
  log: string[];
  /** The connection to the log is cut after so many pieces, once. */
  cutAfter?: number;
}

/**
 * Speaks as the Jobs API of a cluster does, as far as a test needs it, and runs nothing: for what a
 * real Ray is hard to bring to. The suite in test/python/cluster has the real one.
 */
export class StandInRay {
  readonly jobs = new Map<string, StandInJob>();
  readonly packages = new Set<string>();
  readonly submitted: string[] = [];
  /** States of the actors, one for each time that they are asked for. */
  actors: string[][] = [];
  version = "2.58.0";
  skewMs = 0;
  address = "";
  /** What a job does once it is submitted. */
  onSubmit: (job: StandInJob) => void = () => undefined;
  #close: () => void = () => undefined;

  start(): Promise<this> {
    return this.#listen(0);
  }

  /** As a cluster that was silent for a while. */
  startAt(address: string): Promise<this> {
    return this.#listen(Number(new URL(address).port));
  }

  async #listen(port: number): Promise<this> {
    const server = createServer((request, response) => void this.#answer(request, response));
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket, request) => {
      const job = this.jobs.get(decodeURIComponent(request.url!.split("/")[3]!));
      const cut = job?.cutAfter;
      for (const piece of job?.log.slice(0, cut) ?? []) socket.send(piece);
      delete job?.cutAfter;
      socket.close();
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#close = () => {
      sockets.close();
      server.closeAllConnections();
      server.close();
    };
    onTestFinished(() => this.#close());
    return this;
  }

  stop(): void {
    this.#close();
  }

  add(name: string, job: Partial<StandInJob>): void {
    this.jobs.set(name, { status: "RUNNING", log: [], ...job });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: Buffer[] = [];
    for await (const part of request) body.push(part as Buffer);
    const [path] = request.url!.split("?") as [string];
    const [status, value] = this.#reply(request.method!, path, Buffer.concat(body).toString());
    response.writeHead(status, { date: new Date(Date.now() + this.skewMs).toUTCString() });
    response.end(JSON.stringify(value));
  }

  #reply(method: string, path: string, body: string): [status: number, value: unknown] {
    const [, , kind, name = "", verb] = path.split("/").map(decodeURIComponent);
    if (kind === "version") return [200, { version: "4", ray_version: this.version }];
    if (kind === "v0") {
      const states = this.actors.shift() ?? [];
      const result = states.map((state) => ({ state }));
      return [200, { data: { result: { result } } }];
    }
    if (kind === "packages") {
      const file = path.split("/").at(-1)!;
      if (method === "PUT") this.packages.add(file);
      return [this.packages.has(file) ? 200 : 404, {}];
    }
    if (kind === "jobs" && method === "POST" && name === "") {
      const { submission_id } = JSON.parse(body) as {
        submission_id: string;
      };
      this.submitted.push(submission_id);
      this.add(submission_id, {});
      this.onSubmit(this.jobs.get(submission_id)!);
      return [200, {}];
    }
    const job = this.jobs.get(name);
    if (!job) return [404, "no such job"];
    if (verb === "stop") job.status = "STOPPED";
    const { status, message, job_id } = job;
    return [200, { status, message, job_id }];
  }
}

/** A line as ingrain_ray/jobs.py writes it. */
export function told(key: string, n: number, value: object): string {
  return `\n[ingrain ${key}] ${JSON.stringify({ n, ...value })}\n`;
}

export const event = (type: string, fields: object = {}, at = new Date()) => ({
  v: 1,
  at: at.toISOString(),
  type,
  ...fields,
});
