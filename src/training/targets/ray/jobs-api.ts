import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { WebSocket } from "ws";
import { z } from "zod";
import { InputError } from "../../../policy/errors.ts";

/** What `GET /api/version` answers. */
const Version = z.object({ version: z.string(), ray_version: z.string() });

/** What `GET /api/jobs/ID` answers, as far as it counts here. */
const Job = z.object({
  status: z.enum(["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"]),
  message: z.string().nullish(),
  /** Ray's own number of the job, once its driver runs. */
  job_id: z.string().nullish(),
});
export type Job = z.infer<typeof Job>;

/** What `GET /api/v0/actors` answers. */
const Actors = z.object({
  data: z.object({ result: z.object({ result: z.array(z.object({ state: z.string() })) }) }),
});

export interface Submission {
  /** Names the job: a second one of the same name is refused. */
  id: string;
  /** A constant of this program, never what a user gave: Ray runs it in a shell. */
  entrypoint: "python -m ingrain_ray.driver" | "python -m ingrain_ray.check";
  /** As {@link JobsApi.upload} gave it. */
  workingDir: string;
  env: Readonly<Record<string, string>>;
  metadata: Readonly<Record<string, string>>;
}

export const isOver = ({ status }: Job) => status !== "PENDING" && status !== "RUNNING";

/** Nothing answers, or what answers is no Ray: whether a job goes on there cannot be known. */
export class RayUnreachable extends InputError {}

const answerMs = 20_000;

/**
 * The Jobs REST API of a Ray cluster (docs.ray.io, "Ray Jobs REST API"), which its dashboard serves.
 * Every call throws {@link RayUnreachable} when there is no answer, and an InputError of one line when
 * the answer is a refusal.
 */
export class JobsApi {
  readonly address: string;
  #skewMs = 0;

  /** @param address as `rayAddress` of cluster.ts has checked it. */
  constructor(address: string) {
    this.address = address;
  }

  /** How far the cluster's clock is ahead of this machine's, by its last answer; to half a second. */
  get skewMs(): number {
    return this.#skewMs;
  }

  async version(): Promise<z.infer<typeof Version>> {
    return this.#read(Version, "GET", "/api/version");
  }

  /** Uploads a package unless the cluster has it. @returns its URI. */
  async upload(name: string, content: Uint8Array): Promise<string> {
    const path = `/api/packages/gcs/${encodeURIComponent(name)}`;
    const known = await this.#call("GET", path);
    if (known.status === 404) await this.#demand("PUT", path, content);
    return `gcs://${name}`;
  }

  async submit({ id, entrypoint, workingDir, env, metadata }: Submission): Promise<void> {
    await this.#demand(
      "POST",
      "/api/jobs/",
      JSON.stringify({
        entrypoint,
        submission_id: id,
        runtime_env: { working_dir: workingDir, env_vars: env },
        metadata,
      }),
    );
  }

  /** @returns undefined when the cluster does not know the job. */
  async job(id: string): Promise<Job | undefined> {
    const path = `/api/jobs/${encodeURIComponent(id)}`;
    const answer = await this.#call("GET", path);
    if (answer.status === 404) return undefined;
    return this.#parse(Job, answer, path);
  }

  /** Asks the job to stop; Ray ends it by force when it does not in time. */
  async stop(id: string): Promise<void> {
    await this.#demand("POST", `/api/jobs/${encodeURIComponent(id)}/stop`);
  }

  /** How many of a job's actors still live. @param job Ray's own number of it. */
  async liveActors(job: string): Promise<number> {
    const query = new URLSearchParams([
      ["filter_keys", "job_id"],
      ["filter_predicates", "="],
      ["filter_values", job],
      ["limit", "1000"],
    ]);
    const { data } = await this.#read(Actors, "GET", `/api/v0/actors?${query.toString()}`);
    return data.result.result.filter(({ state }) => state !== "DEAD").length;
  }

  /**
   * The job's log from its beginning, and then as it grows.
   * @returns when the log has come to its end or the connection is lost.
   */
  async tail(id: string, onText: (text: string) => void): Promise<void> {
    const url = `${this.address.replace(/^http/, "ws")}/api/jobs/${encodeURIComponent(id)}/logs/tail`;
    // Ray's dashboard hands the offer to compress on, and cannot read what comes back.
    const socket = new WebSocket(url, { handshakeTimeout: answerMs, perMessageDeflate: false });
    const ping = setInterval(() => socket.readyState === socket.OPEN && socket.ping(), 20_000);
    try {
      await new Promise<void>((resolve) => {
        socket.on("message", (data: Buffer) => onText(data.toString("utf8")));
        socket.on("close", () => resolve());
        // `close` follows; what is wrong shows in the next call.
        socket.on("error", () => undefined);
      });
    } finally {
      clearInterval(ping);
    }
  }

  async #read<Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    path: string,
  ): Promise<z.output<Schema>> {
    return this.#parse(schema, await this.#call(method, path), path);
  }

  #parse<Schema extends z.ZodType>(schema: Schema, answer: Answer, path: string): z.output<Schema> {
    if (!isGood(answer)) throw this.#refusal(answer, path);
    const parsed = schema.safeParse(json(answer.text));
    if (parsed.success) return parsed.data;
    throw new RayUnreachable(
      `what answers at ${this.address} is not Ray's Jobs API (${path})`,
      "The address is that of the cluster's dashboard, usually port 8265.",
    );
  }

  async #demand(method: string, path: string, body?: string | Uint8Array) {
    const answer = await this.#call(method, path, body);
    if (!isGood(answer)) throw this.#refusal(answer, path);
  }

  #refusal(answer: Answer, path: string): InputError {
    // The last line of a Python traceback is the one that says what.
    const line = answer.text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
    if (answer.status === 404) {
      return new RayUnreachable(
        `what answers at ${this.address} has no Jobs API: ${path} is not there`,
        "The address is that of the cluster's dashboard, usually port 8265.",
      );
    }
    return new InputError(`Ray refuses ${path} at ${this.address} (${answer.status}): ${line}`);
  }

  async #call(method: string, path: string, body?: string | Uint8Array): Promise<Answer> {
    const began = Date.now();
    try {
      const answer = await send(method, `${this.address}${path}`, body);
      this.#noteClock(answer, began);
      return answer;
    } catch (error) {
      throw new RayUnreachable(
        `Ray does not answer at ${this.address}: ${why(error)}`,
        "Check the address and that the cluster is up; a tunnel to it may have closed.",
      );
    }
  }

  #noteClock({ date }: Answer, began: number): void {
    const told = Date.parse(date ?? "");
    // The header has whole seconds.
    if (!Number.isNaN(told)) this.#skewMs = told + 500 - (began + Date.now()) / 2;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host's name cannot be looked up",
  ECONNRESET: "the connection was cut",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return reasons[code] ?? (error.message === "" ? code : error.message);
}

interface Answer {
  status: number;
  text: string;
  /** The header: when the other machine answered, by its clock. */
  date: string | undefined;
}

const isGood = ({ status }: Answer) => status >= 200 && status < 300;

/** Not with `fetch`: it says that it is a browser's, and those Ray does not let write. */
function send(method: string, address: string, body?: string | Uint8Array): Promise<Answer> {
  const url = new URL(address);
  // An upload takes as long as it takes.
  const limitMs = method === "PUT" ? 30 * answerMs : answerMs;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(
      url,
      {
        method,
        // A connection that is kept may have been closed on the other side in the meantime.
        agent: false,
        headers: body === undefined ? {} : { "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString("utf8"),
            date: response.headers.date,
          }),
        );
      },
    );
    const clock = setTimeout(() => {
      request.destroy(new Error(`no answer within ${limitMs / 1000} seconds`));
    }, limitMs);
    request.on("error", reject);
    request.on("close", () => clearTimeout(clock));
    request.end(body);
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
