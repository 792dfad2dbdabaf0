import { statSync, watch } from "node:fs";
import { join } from "node:path";
import type { Report } from "../evaluation/report.ts";
import { messageOf } from "../policy/errors.ts";
import { readServing, type Serving } from "../serving/serving-folder.ts";
import { logTail } from "../training/launch.ts";
import {
  hasLiveProcess,
  type LiveStatus,
  liveStatus,
  readReport,
  readSpec,
  readState,
  runFiles,
} from "../training/run-folder.ts";
import type { RunSpec } from "../training/spec.ts";
import type { RunState } from "../training/state.ts";
import { foldersIn } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";

export interface RunSummary {
  folder: string;
  id: string;
  /** `broken` when the folder cannot be read as a run. */
  status: LiveStatus | "broken";
  spec?: RunSpec;
  state?: RunState;
  /** Whether its model is served; absent of a run that has none. */
  serving?: Serving;
  /** Why it cannot be read: one line. */
  problem?: string;
}

/** A whole run, as its folder tells it. */
export interface RunRecord {
  folder: string;
  spec: RunSpec;
  state: RunState;
  status: LiveStatus;
  /** Absent of a run that has no model to serve. */
  serving?: Serving;
  report: Report | undefined;
  /** The last lines of `trainer.log`. */
  log: string[];
}

/** All runs, newest first. Never throws for a half-written folder: it is listed as broken. */
export async function listRuns({ runs }: IngrainFolder): Promise<RunSummary[]> {
  const ids = await foldersIn(runs);
  // Ids begin with the time.
  ids.sort((a, b) => b.localeCompare(a));
  return Promise.all(ids.map((id) => summarizeRun(join(runs, id), id)));
}

async function summarizeRun(folder: string, id: string): Promise<RunSummary> {
  try {
    const spec = await readSpec(folder);
    const state = readState(folder);
    const status = await liveStatus(folder, state);
    const serving = await servingOf(folder, status);
    return { folder, id, spec, state, status, ...(serving && { serving }) };
  } catch (error) {
    return { folder, id, status: "broken", problem: messageOf(error) };
  }
}

/** A broken file of a server is no reason not to show the run. */
async function servingOf(folder: string, status: LiveStatus): Promise<Serving | undefined> {
  if (status !== "finished") return undefined;
  return readServing(folder).catch((): Serving => ({ status: "stopped" }));
}

const logLines = 200;

/** @throws InputError when the folder cannot be read as a run: one line that says what is wrong. */
export async function readRun(folder: string): Promise<RunRecord> {
  const spec = await readSpec(folder);
  const state = readState(folder);
  const [status, report] = await Promise.all([
    liveStatus(folder, state),
    readReport(folder, state),
  ]);
  const serving = await servingOf(folder, status);
  const log = logTail(folder, logLines);
  return { folder, spec, state, status, ...(serving && { serving }), report, log };
}

/** How often a watched folder is looked at when the system tells nothing. */
const pollMs = 500;
/** The shortest time between two calls. */
const paceMs = 150;

/**
 * Calls back soon after the events, the report, the process or the server of a run change, and at most a few
 * times a second. File notices are a courtesy of the system and missing on some network disks, so
 * the folder is looked at twice a second too.
 */
export function watchRun(folder: string, changed: () => void): { dispose(): void } {
  const { events, process, report } = runFiles(folder);
  let last: string | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let disposed = false;
  const look = async () => {
    const lives = await hasLiveProcess(folder).catch(() => false);
    const { status: serving } = await readServing(folder).catch(() => ({ status: "stopped" }));
    const now = `${fingerprint([events, process, report])} ${String(lives)} ${serving}`;
    waiting = undefined;
    if (disposed || now === last) return;
    const first = last === undefined;
    last = now;
    if (!first) changed();
  };
  const soon = () => {
    if (!disposed) waiting ??= setTimeout(() => void look(), paceMs).unref();
  };
  const timer = setInterval(soon, pollMs).unref();
  const watcher = watchFolder(folder, soon);
  void look();
  return {
    dispose: () => {
      disposed = true;
      clearInterval(timer);
      clearTimeout(waiting);
      watcher?.close();
    },
  };
}

function watchFolder(folder: string, changed: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

function fingerprint(paths: readonly string[]): string {
  return paths
    .map((path) => {
      try {
        const { size, mtimeMs } = statSync(path);
        return `${size}:${mtimeMs}`;
      } catch {
        return "-";
      }
    })
    .join(" ");
}
