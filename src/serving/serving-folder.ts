import { connect } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { readJsonIfThere } from "../training/files.ts";
import { canBeTrainer, isAlive, onThisHost, ProcessIdentity } from "../training/processes.ts";

/** What answers for a model: our own server for the embedded one, else vLLM's or transformers'. */
export const ServerName = z.enum(["embedded", "vllm", "transformers"]);
export type ServerName = z.infer<typeof ServerName>;

/** `serving/endpoint.json`: the server writes it before it listens. */
export const Endpoint = z.object({
  version: z.literal(1),
  /** On 127.0.0.1, always: a run folder may come from anyone, and names no other host. */
  port: z.int().min(1).max(65535),
  server: ServerName,
  /** The name that a request gives the model. */
  model: z.string(),
  /** What a prompt's system message holds: the policy's identifier, in the policy's place. */
  identifier: z.string(),
  /** It ends by itself after as many seconds without a question. */
  idleSeconds: z.number().optional(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** The files of a served model, in the run folder. */
export function servingFiles(folder: string) {
  const serving = join(folder, "serving");
  return {
    folder: serving,
    log: join(serving, "serve.log"),
    endpoint: join(serving, "endpoint.json"),
    /** Which process serves, or did so last. */
    process: join(serving, "process.json"),
  };
}

/** `starting` until the server listens: a real model has to be read first. */
export type Serving =
  | { status: "stopped" }
  | { status: "starting"; process: ProcessIdentity }
  | { status: "serving"; process: ProcessIdentity; endpoint: Endpoint };

/**
 * Whether the model of a run is served by a process of this machine. Elsewhere nobody could ask it.
 * @throws InputError when a file of it is broken.
 */
export async function readServing(folder: string): Promise<Serving> {
  const files = servingFiles(folder);
  const process = await readJsonIfThere(ProcessIdentity, files.process, "the serving process");
  if (!process || !onThisHost(process)) return { status: "stopped" };
  if (!canBeTrainer(process) || !(await isAlive(process))) return { status: "stopped" };
  const endpoint = await readJsonIfThere(Endpoint, files.endpoint, "the endpoint of the run");
  return endpoint && (await listens(endpoint.port))
    ? { status: "serving", process, endpoint }
    : { status: "starting", process };
}

/** As OpenAI's clients take it. */
export const baseUrl = ({ port }: Pick<Endpoint, "port">): string => `http://127.0.0.1:${port}/v1`;

const connectMs = 1000;

/** Whether someone listens: a connection leaves no line in a server's log, and a request would. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: connectMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
