import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Report } from "../evaluation/report.ts";
import { readEvents } from "./events-file.ts";
import { isMissing, readJson, readJsonIfThere } from "./files.ts";
import { canBeTrainer, isAlive, onThisHost, ProcessIdentity } from "./processes.ts";
import { OnnxResumed, RunSpec } from "./spec.ts";
import { foldRun, type RunState } from "./state.ts";

/** What the events say, and whether the process behind them is gone without a last word. */
export type LiveStatus = RunState["status"] | "interrupted";

/** The files of a run folder: whoever can read them can show the run. */
export function runFiles(folder: string) {
  return {
    spec: join(folder, "run.json"),
    events: join(folder, "events.jsonl"),
    checkpoints: join(folder, "checkpoints"),
    model: join(folder, "model"),
    report: join(folder, "report.json"),
    /** What the internalized model said to each question of the exam. */
    answers: join(folder, "answers.jsonl"),
    log: join(folder, "trainer.log"),
    /** TensorBoard's event files, where they were asked for. */
    tensorboard: join(folder, "tensorboard"),
    /** A copy, so that the folder is complete in itself. */
    dataset: join(folder, "dataset"),
    /** What the trl engine reads beside the dataset: neutral text, and general text to replay. */
    retention: join(folder, "retention.txt"),
    replay: join(folder, "replay.txt"),
    /** What was changed when the run was taken up again. */
    resume: join(folder, "resume.json"),
    /** Which process makes the folder ready, until there is one that trains. */
    launcher: join(folder, "launcher.json"),
    /** Which process trains, or did so last. */
    process: join(folder, "process.json"),
    /** Its presence asks the trainer to stop, where there are no signals. */
    cancel: join(folder, "cancel"),
  };
}

/** @throws InputError when the folder has no valid `run.json`. */
export async function readSpec(folder: string): Promise<RunSpec> {
  return readJson(RunSpec, runFiles(folder).spec, "the spec of the run");
}

/** @throws InputError when the file is broken; nothing is changed where there is none. */
export async function readResumed(folder: string): Promise<OnnxResumed> {
  const { resume } = runFiles(folder);
  return existsSync(resume) ? readJson(OnnxResumed, resume, "the changes of the run") : {};
}

/** @throws InputError that names file and line of a broken event. */
export function readState(folder: string): RunState {
  return foldRun(readEvents(runFiles(folder).events));
}

/** The report of a finished run; undefined before. @throws InputError when it is broken. */
export async function readReport(folder: string, state: RunState): Promise<Report | undefined> {
  if (state.status !== "finished") return undefined;
  return readJson(Report, runFiles(folder).report, "the report of the run");
}

/** @throws InputError when the file is broken; undefined when no process was ever started. */
export async function readProcess(folder: string): Promise<ProcessIdentity | undefined> {
  return readJsonIfThere(ProcessIdentity, runFiles(folder).process, "the process of the run");
}

/** How long the trainer on another machine may be silent before it counts as gone. */
const silenceMs = 5 * 60_000;

/**
 * The status of a run: what its events say, or *interrupted* when they say that it goes on and its
 * process is gone. A process on another machine cannot be asked; it lives as long as it writes.
 */
export async function liveStatus(folder: string, state = readState(folder)): Promise<LiveStatus> {
  if (state.status !== "created" && state.status !== "running") return state.status;
  const lives = (await readProcess(folder)) ? hasLiveProcess(folder) : isBeingLaunched(folder);
  return (await lives) ? state.status : "interrupted";
}

/** Whether the trainer of the run lives. */
export async function hasLiveProcess(folder: string): Promise<boolean> {
  const identity = await readProcess(folder);
  if (!identity) return false;
  if (onThisHost(identity)) return canBeTrainer(identity) && (await isAlive(identity));
  const { process, events } = runFiles(folder);
  const written = await Promise.all([process, events].map(writtenAt));
  return Date.now() - Math.max(...written) < silenceMs;
}

/** Whether a process that has yet to start the trainer is at it. */
async function isBeingLaunched(folder: string): Promise<boolean> {
  const path = runFiles(folder).launcher;
  const launcher = await readJsonIfThere(ProcessIdentity, path, "the launcher of the run");
  if (!launcher) return false;
  if (onThisHost(launcher)) return isAlive(launcher);
  return Date.now() - (await writtenAt(path)) < silenceMs;
}

/** When a file was last written, in milliseconds; 0 when it is not there. */
async function writtenAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

export function runId(folder: string): string {
  return basename(folder);
}
