import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { access, rm, writeFile } from "node:fs/promises";
import { InputError } from "../policy/errors.ts";
import { createRun, type NewRun } from "./create-run.ts";
import { EventWriter, readEvents, repairEvents } from "./events-file.ts";
import { describeFileError } from "./file-errors.ts";
import { writeWhole } from "./files.ts";
import { RunLock } from "./lock.ts";
import {
  groupIsAlive,
  identify,
  isAlive,
  onThisHost,
  type ProcessIdentity,
  signalGroup,
  until,
} from "./processes.ts";
import {
  hasLiveProcess,
  liveStatus,
  readProcess,
  readSpec,
  readState,
  runFiles,
  runId,
} from "./run-folder.ts";
import type { RunState } from "./state.ts";

/** The bundled `trainer.js`: the extension and the command line know where it lies. */
export interface Trainer {
  trainer: string;
}

/**
 * Makes a run folder and starts the trainer on it, detached: it outlives this process.
 * @returns the run folder.
 * @throws InputError when the dataset is broken, an option is wrong, or a run on the same dataset
 * goes on already.
 */
export async function startRun(options: NewRun & Trainer): Promise<string> {
  await requireTrainer(options.trainer);
  const { folder, spec } = await createRun(options);
  const lock = new RunLock(folder, spec.dataset.sha256);
  try {
    await lock.acquire();
    await launch(folder, options.trainer, lock);
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
 * @throws InputError when the run goes on already, is finished or cannot be read.
 */
export async function resumeRun(folder: string, { trainer }: Trainer): Promise<void> {
  await requireTrainer(trainer);
  const spec = await readSpec(folder);
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
    const before = startsOf(folder);
    const identity = await launch(folder, trainer, lock);
    await until(async () => startsOf(folder) > before || !(await isAlive(identity)), 30_000);
    if (startsOf(folder) === before) {
      signalGroup(identity, "SIGKILL");
      throw new Error(`the trainer did not start: ${lastLogLine(folder) ?? "its log is empty"}`);
    }
  } catch (error) {
    await giveUp(() => lock.release());
    throw error;
  }
}

export interface Cancelled {
  /** It did not stop when asked and was ended by force. */
  killed: boolean;
  /** What the run came to: a run may finish before it hears that it should stop. */
  status: RunState["status"];
}

const politeMs = 1200;
const forceMs = 700;

/**
 * Stops a run and waits until its process and all children are gone, under two seconds: it is
 * asked first and ended by force when it does not listen.
 * @throws InputError when the run does not go on, or goes on on another machine.
 */
export async function cancelRun(folder: string): Promise<Cancelled> {
  const identity = await readProcess(folder);
  if (!identity || !(await hasLiveProcess(folder))) {
    const status = await liveStatus(folder);
    throw new InputError(`the run does not go on: ${runId(folder)} is ${status}`);
  }
  if (!onThisHost(identity)) {
    throw new InputError(`the run goes on on another machine: cancel it on ${identity.host}`);
  }
  const { pid } = identity;
  const gone = async () => !(await isAlive(identity)) && !(await groupIsAlive(pid));
  if (process.platform === "win32") await writeFile(runFiles(folder).cancel, "");
  else signalGroup(identity, "SIGTERM");
  let killed = false;
  if (!(await until(gone, politeMs))) {
    killed = true;
    signalGroup(identity, "SIGKILL");
    if (!(await until(gone, forceMs))) {
      throw new Error(`the trainer cannot be ended: process ${pid} is still there`);
    }
  }
  await sealCancelled(folder, killed);
  return { killed, status: readState(folder).status };
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
async function launch(folder: string, trainer: string, lock: RunLock): Promise<ProcessIdentity> {
  const files = runFiles(folder);
  const log = openSync(files.log, "a");
  try {
    const child = spawn(process.execPath, [trainer, folder], {
      cwd: folder,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log, log],
      // Inside the desktop VS Code the executable is Electron.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    });
    await once(child, "spawn").catch((error: unknown) => {
      const why = describeFileError(error) ?? (error instanceof Error ? error.message : "");
      throw new Error(`the trainer could not be started: ${why}`, { cause: error });
    });
    try {
      const identity = await identify(child.pid!);
      await writeWhole(files.process, JSON.stringify(identity));
      await rm(files.launcher, { force: true });
      await lock.handOver();
      child.unref();
      return identity;
    } catch (error) {
      await end(child);
      throw error;
    }
  } finally {
    closeSync(log);
  }
}

/** Ends a child that has no children yet, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function requireTrainer(trainer: string): Promise<void> {
  await access(trainer).catch(() => {
    throw new Error(`the trainer is not built: ${trainer} is missing`);
  });
}

function startsOf(folder: string): number {
  return readEvents(runFiles(folder).events).filter(({ type }) => type === "started").length;
}

/** The last line of `trainer.log` that says something. */
export function lastLogLine(folder: string): string | undefined {
  return logTail(folder, 1)[0];
}

/** The last lines of `trainer.log`; none when there is no log. */
export function logTail(folder: string, lines: number): string[] {
  let text: string;
  try {
    text = readFileSync(runFiles(folder).log, "utf8");
  } catch {
    return [];
  }
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-lines);
}
