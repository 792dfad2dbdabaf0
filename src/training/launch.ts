import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { InputError } from "../policy/errors.ts";
import { createRun } from "./create-run.ts";
import { endDetached, launchDetached } from "./detached.ts";
import { EventWriter, readEvents, repairEvents } from "./events-file.ts";
import { writeWhole } from "./files.ts";
import { RunLock } from "./lock.ts";
import { isAlive, onThisHost, type ProcessIdentity, signalGroup, until } from "./processes.ts";
import {
  hasLiveProcess,
  liveStatus,
  readProcess,
  readSpec,
  readState,
  runFiles,
  runId,
} from "./run-folder.ts";
import { type NewRun, targetOf } from "./run-options.ts";
import { clusterOf, type DeviceChoice, type Engine, type RunSpec } from "./spec.ts";
import type { RunState } from "./state.ts";
import { stopJob } from "./targets/ray/cancel.ts";
import { type Cluster, jobName, rayAddress } from "./targets/ray/cluster.ts";
import { JobsApi, RayUnreachable } from "./targets/ray/jobs-api.ts";
import { invocation, type Trainers, trlFiles, type Work } from "./trainers.ts";

/**
 * Makes a run folder and starts the trainer on it, detached: it outlives this process.
 * @returns the run folder.
 * @throws InputError when the dataset is broken, an option is wrong, or a run on the same dataset
 * goes on already.
 */
export async function startRun(options: NewRun & Trainers): Promise<string> {
  // Before anything is written: a trainer that is not there leaves no folder behind.
  const work = { engine: options.engine ?? "onnx", target: targetOf(options) };
  await invocation(work, options.runs, options);
  const { folder, spec } = await createRun(options, trlFiles(options).neutralText);
  const lock = new RunLock(folder, spec.dataset.sha256);
  try {
    await lock.acquire();
    await launch(folder, spec, options, lock);
  } catch (error) {
    await giveUp(
      () => rm(folder, { recursive: true, force: true }),
      () => lock.release(),
    );
    throw error;
  }
  return folder;
}

/** Undoes what can be undone, in this order: the error that led here is the one to tell. */
async function giveUp(...steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps) await step().catch(() => undefined);
}

/**
 * Goes on with a run that was interrupted, cancelled or failed, from its newest whole checkpoint;
 * without one it begins again. Comes back when the trainer has said that it works.
 * @param changes what is different from now on.
 * @throws InputError when the run goes on already, is finished or cannot be read.
 */
export async function resumeRun(
  folder: string,
  trainers: Trainers,
  changes: ResumeChanges = {},
): Promise<void> {
  const spec = await readSpec(folder);
  await invocation(spec, folder, trainers);
  const status = await liveStatus(folder);
  if (status === "finished") throw new InputError(`the run is finished already: ${runId(folder)}`);
  if (await hasLiveProcess(folder)) {
    throw new InputError(`the run goes on already: ${runId(folder)}`);
  }
  const lock = new RunLock(folder, spec.dataset.sha256);
  await lock.acquire();
  try {
    await rm(runFiles(folder).cancel, { force: true });
    repairEvents(runFiles(folder).events);
    await change(folder, spec, changes);
    const before = startsOf(folder);
    const identity = await launch(folder, spec, trainers, lock);
    const limitMs = startLimitMs[placeOf(spec)];
    await until(async () => startsOf(folder) > before || !(await isAlive(identity)), limitMs);
    // A job on a cluster may have finished while nobody followed it.
    if (startsOf(folder) === before && readState(folder).status !== "finished") {
      signalGroup(identity, "SIGKILL");
      throw new Error(`the trainer did not start: ${lastLogLine(folder) ?? "its log is empty"}`);
    }
  } catch (error) {
    await giveUp(() => lock.release());
    throw error;
  }
}

/** What starts a run: the trainer of an engine, or the follower of a job on a cluster. */
type Place = Engine | "ray";
const placeOf = ({ engine, target }: Work): Place => (target === "ray" ? "ray" : engine);

/** How long it may take to say that it works: Python reads large packages first. */
const startLimitMs: Readonly<Record<Place, number>> = {
  onnx: 30_000,
  trl: 300_000,
  ray: 120_000,
};

/**
 * Follows the job of a run on a cluster again, whose follower is gone: the computer was off, say.
 * Submits nothing. Comes back at once; what the job does shows in the run folder.
 */
export async function reconnectRun(folder: string, trainers: Trainers): Promise<void> {
  const spec = await readSpec(folder);
  if (await hasLiveProcess(folder)) return;
  const lock = new RunLock(folder, spec.dataset.sha256);
  await lock.acquire();
  try {
    await launch(folder, spec, trainers, lock, ["--connect"]);
  } catch (error) {
    await giveUp(() => lock.release());
    throw error;
  }
}

/** What a run can be resumed with. */
export interface ResumeChanges {
  /** How many sequences the trl engine computes at once, where memory was too small. */
  batchSize?: number;
  /** Where the embedded engine computes. */
  device?: DeviceChoice;
}

/** @throws InputError when the engine knows no such change, or a step cannot be made of the batches. */
async function change(
  folder: string,
  spec: RunSpec,
  { batchSize, device }: ResumeChanges,
): Promise<void> {
  if (batchSize !== undefined) requireBatch(spec, batchSize);
  if (device !== undefined && spec.engine !== "onnx") {
    throw new InputError("only a run of the engine onnx has a device to choose");
  }
  if (batchSize === undefined && device === undefined) return;
  await writeWhole(runFiles(folder).resume, JSON.stringify({ batchSize, device }));
}

function requireBatch(spec: RunSpec, batchSize: number): void {
  if (spec.engine !== "trl") throw new InputError("only a run of the engine trl has a batch size");
  const { batchSize: before, accumulation } = spec.hyperparameters;
  if (batchSize < 1 || (before * accumulation) % batchSize !== 0) {
    throw new InputError(
      `a batch size of ${batchSize} does not divide the ${before * accumulation} sequences of a step`,
    );
  }
}

export interface Cancelled {
  /** It did not stop when asked and was ended by force. */
  killed: boolean;
  /** What the run came to: a run may finish before it hears that it should stop. */
  status: RunState["status"];
}

/**
 * A step of a real model and its checkpoint take their time; what the trl engine allows itself is a
 * little less (GRACE_SECONDS in process.py).
 */
const politeMs: Readonly<Record<Engine, number>> = { onnx: 1200, trl: 25_000 };

/**
 * Stops a run and waits until its process and all that descend from it are gone: under two seconds
 * for the embedded engine, as soon as the step is over and kept for the trl engine. It is asked
 * first and ended by force when it does not listen.
 * @throws InputError when the run does not go on, or goes on on another machine.
 */
export async function cancelRun(folder: string): Promise<Cancelled> {
  const spec = await readSpec(folder);
  if (spec.target === "ray") return cancelOnCluster(folder, clusterOf(spec));
  const identity = await readProcess(folder);
  if (!identity || !(await hasLiveProcess(folder))) {
    const status = await liveStatus(folder);
    throw new InputError(`the run does not go on: ${runId(folder)} is ${status}`);
  }
  if (!onThisHost(identity)) {
    throw new InputError(`the run goes on on another machine: cancel it on ${identity.host}`);
  }
  const killed = await endDetached(identity, {
    what: "the trainer",
    politeMs: politeMs[spec.engine],
    // There are no signals: the trainer looks for the file.
    ...(process.platform === "win32" && { ask: () => writeFile(runFiles(folder).cancel, "") }),
  });
  await sealCancelled(folder, killed);
  return { killed, status: readState(folder).status };
}

/** How long a follower may take to hear of the end of its job. */
const followerMs = 15_000;

/**
 * Stops the job of a run and waits until the cluster says that it is over and its workers are gone;
 * the follower, should there be one, then writes the last word.
 * @throws InputError when there is no job, or when the cluster does not answer: it may go on there.
 */
async function cancelOnCluster(folder: string, cluster: Cluster): Promise<Cancelled> {
  const { status, job } = readState(folder);
  if (status !== "created" && status !== "running") {
    throw new InputError(`the run does not go on: ${runId(folder)} is ${status}`);
  }
  const identity = await readProcess(folder);
  const follows = async () => identity !== undefined && (await hasLiveProcess(folder));
  // A follower that has yet to submit must not do so any more; it may just have done it.
  if (!job && identity && (await follows())) signalGroup(identity, "SIGKILL");
  const name = job?.name ?? jobName(runId(folder), cluster, 1);
  await stopJob(new JobsApi(rayAddress(cluster.address)), name).catch((error: unknown) => {
    if (!(error instanceof RayUnreachable)) throw error;
    throw new InputError(
      `${error.message}; whether the job ${name} goes on there is not known`,
      error.hint,
    );
  });
  if (!(await until(async () => !(await follows()), followerMs)) && identity) {
    signalGroup(identity, "SIGKILL");
  }
  await sealCancelled(folder, false);
  return { killed: false, status: readState(folder).status };
}

/** Writes the last word for a trainer that could not, and gives its lock back. */
async function sealCancelled(folder: string, killed: boolean): Promise<void> {
  const { status } = readState(folder);
  const writer = new EventWriter(runFiles(folder).events);
  if (status === "running" || status === "created") {
    if (killed) {
      writer.append({
        type: "warning",
        message: "The trainer did not stop when asked and was ended by force.",
      });
    }
    writer.append({ type: "cancelled" });
  }
  await rm(runFiles(folder).cancel, { force: true });
  const spec = await readSpec(folder);
  await new RunLock(folder, spec.dataset.sha256).release();
}

/**
 * Starts the trainer and hands the lock over to it. When that fails, no process is left.
 * @throws Error in one line.
 */
async function launch(
  folder: string,
  work: Work,
  trainers: Trainers,
  lock: RunLock,
  more: readonly string[] = [],
): Promise<ProcessIdentity> {
  const files = runFiles(folder);
  const call = await invocation(work, folder, trainers);
  return launchDetached(
    { ...call, args: [...call.args, ...more] },
    { what: "the trainer", cwd: folder, log: files.log },
    async (identity) => {
      await writeWhole(files.process, JSON.stringify(identity));
      await rm(files.launcher, { force: true });
      await lock.handOver();
    },
  );
}

/** What a trainer says first, or the follower of a job: it may have to wait for its turn. */
const starts: ReadonlySet<string> = new Set(["started", "queued", "submitted", "connected"]);

/** How often a trainer has said that it is there. */
function startsOf(folder: string): number {
  return readEvents(runFiles(folder).events).filter(({ type }) => starts.has(type)).length;
}

/** The last line of `trainer.log` that says something. */
export function lastLogLine(folder: string): string | undefined {
  return logTail(folder, 1)[0];
}

/** The last lines of `trainer.log`; none when there is no log. */
export function logTail(folder: string, lines: number): string[] {
  return tailOf(runFiles(folder).log, lines);
}

/** The last lines of a file that say something; none when there is no file. */
export function tailOf(path: string, lines: number): string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-lines);
}
