import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../policy/errors.ts";
import { endDetached, launchDetached } from "../training/detached.ts";
import { hasCode } from "../training/files.ts";
import { tailOf } from "../training/launch.ts";
import type { ProcessIdentity } from "../training/processes.ts";
import { liveStatus, readSpec, runFiles, runId } from "../training/run-folder.ts";
import type { RunSpec } from "../training/spec.ts";
import {
  callNode,
  callPython,
  type Invocation,
  type Trainers,
  trlFiles,
} from "../training/trainers.ts";
import { type Endpoint, readServing, servingFiles } from "./serving-folder.ts";

export interface ServeOptions extends Trainers {
  /** Of 127.0.0.1; any free one unless told. */
  port?: number;
  /** Seconds without a question after which the embedded server ends; never unless told. */
  idleSeconds?: number;
  /** For the server of a real model, as its command line takes them. */
  serverArguments?: readonly string[];
  signal?: AbortSignal;
  /** Called when the server's process is there. */
  launched?: () => void;
  /** Told what the server says while it starts: its newest line. */
  report?: (line: string) => void;
}

const lookMs = 200;

/**
 * Serves the model of a finished run as an OpenAI-compatible endpoint on this machine alone, by a
 * detached process, and waits until it listens.
 * @returns the endpoint, also when it was served before.
 * @throws InputError when the run has no model, or the server ended before it listened.
 * @throws the signal's reason when ended; the server is then gone.
 */
export async function serveRun(folder: string, options: ServeOptions): Promise<Endpoint> {
  const spec = await readSpec(folder);
  await requireModel(folder);
  const call = await invocation(folder, spec, options);
  const files = servingFiles(folder);
  const before = await readServing(folder);
  if (before.status === "serving") {
    const stays = before.endpoint.idleSeconds === undefined;
    if (stays || options.idleSeconds !== undefined) return before.endpoint;
    // A server that ends by itself gives way to one that stays.
    await stopServing(folder);
  }
  if (before.status !== "starting") {
    await mkdir(files.folder, { recursive: true });
    await rm(files.endpoint, { force: true });
    await rm(files.process, { force: true });
    await rm(files.log, { force: true });
    const place = { what: "the server", cwd: files.folder, log: files.log };
    await launchDetached(call, place, (identity) => claim(files.process, identity));
    options.launched?.();
  }
  return waitForServer(folder, options);
}

/** Whoever writes the file first serves the run: another window may be at it, too. */
async function claim(path: string, identity: ProcessIdentity): Promise<void> {
  await writeFile(path, JSON.stringify(identity), { flag: "wx" }).catch((error: unknown) => {
    if (!hasCode(error, "EEXIST")) throw error;
    throw new InputError("another window is starting the server");
  });
}

async function waitForServer(
  folder: string,
  { signal, report }: Pick<ServeOptions, "signal" | "report">,
): Promise<Endpoint> {
  const { log } = servingFiles(folder);
  for (let told = ""; ;) {
    const serving = await readServing(folder);
    if (serving.status === "serving") return serving.endpoint;
    // A progress bar writes its states over each other.
    const line = tailOf(log, 1)[0]?.split("\r").at(-1) ?? "";
    if (serving.status === "stopped") {
      throw new InputError(
        `the server ended before it listened: ${line || "it said nothing"}`,
        `All it said: ${log}`,
      );
    }
    if (signal?.aborted) {
      await stopServing(folder);
      signal.throwIfAborted();
    }
    if (line !== told) report?.((told = line));
    await sleep(lookMs);
  }
}

/** A request that goes on is cut off; a real model's server takes its time to end. */
const politeMs = 10_000;

/**
 * Ends the server of a run and waits until its process and all that descend from it are gone.
 * @throws InputError when the run is not served.
 */
export async function stopServing(folder: string): Promise<void> {
  const serving = await readServing(folder);
  if (serving.status === "stopped") throw new InputError(`the run is not served: ${runId(folder)}`);
  await endDetached(serving.process, { what: "the server", politeMs });
  const files = servingFiles(folder);
  await Promise.all([files.process, files.endpoint].map((path) => rm(path, { force: true })));
}

/** @throws InputError for a run that has no model to serve. */
export async function requireModel(folder: string): Promise<void> {
  const status = await liveStatus(folder);
  if (status !== "finished") {
    throw new InputError(`only a finished run has a model to serve: ${runId(folder)} is ${status}`);
  }
  const { model } = runFiles(folder);
  await stat(model).catch(() => {
    throw new InputError(`the model of the run is missing: ${model}`);
  });
}

async function invocation(
  folder: string,
  { engine }: RunSpec,
  options: ServeOptions,
): Promise<Invocation> {
  const { trainer, python, port = 0, idleSeconds, serverArguments = [] } = options;
  if (engine === "trl") {
    const script = join(trlFiles(options).folder, "serve.py");
    return callPython(script, [folder, String(port), ...serverArguments], python);
  }
  if (serverArguments.length > 0) {
    throw new InputError("the embedded server takes no arguments of another server");
  }
  const idle = idleSeconds === undefined ? [] : [String(idleSeconds)];
  return callNode(join(dirname(trainer), "server.js"), [folder, String(port), ...idle]);
}
