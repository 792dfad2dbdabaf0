import type { RunStatus, RunSummary } from "../protocol/runs.ts";
import { statusWord } from "../protocol/words.ts";
import { shortAgo } from "./age.ts";

export const groups = [
  "running",
  "queued",
  "finished",
  "failed",
  "interrupted",
  "cancelled",
] as const;
export type GroupName = (typeof groups)[number];

export interface RunGroup {
  name: GroupName;
  runs: RunSummary[];
}

export const groupWord: Readonly<Record<GroupName, string>> = {
  running: "Running",
  queued: "Queued",
  finished: "Finished",
  failed: "Failed",
  interrupted: "Interrupted",
  cancelled: "Cancelled",
};

const groupOf: Readonly<Record<RunStatus, GroupName>> = {
  created: "running",
  running: "running",
  cancelling: "running",
  finished: "finished",
  failed: "failed",
  // What cannot be read has failed, whatever it was.
  broken: "failed",
  interrupted: "interrupted",
  cancelled: "cancelled",
};

/** The runs by their state, each group in the order that the runs came in; empty ones are left out. */
export function groupRuns(runs: readonly RunSummary[]): RunGroup[] {
  return groups.flatMap((name) => {
    const own = runs.filter(
      ({ status, queued }) => (queued === true ? "queued" : groupOf[status]) === name,
    );
    return own.length > 0 ? [{ name, runs: own }] : [];
  });
}

/**
 * What stands beside the title of a run: its state where the group does not say it, the internalized
 * model's share of right answers or how far the run came, where it is served, and its age.
 */
export function describeRun(run: RunSummary, now: number): string {
  const { status, progress, accuracy, serving, createdAt, id } = run;
  const said = groupOf[status] === status || run.queued === true;
  const figure =
    accuracy !== undefined
      ? [accuracy.toFixed(2)]
      : progress !== undefined && run.queued !== true
        ? [`${Math.floor(100 * progress)} %`]
        : [];
  const served =
    serving === undefined
      ? []
      : [serving.status === "starting" ? "server starting" : `serving at ${serving.address ?? ""}`];
  const age = createdAt === undefined ? id : shortAgo(createdAt, now);
  return [...(said ? [] : [statusWord[status]]), ...figure, ...served, age].join(" · ");
}
