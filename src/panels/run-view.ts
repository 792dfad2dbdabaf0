import type { Report } from "../evaluation/report.ts";
import type {
  ExamView,
  RunStatus,
  RunSummary,
  RunView,
  ServingView,
  StageView,
} from "../protocol/runs.ts";
import { isActive, isResumable, isServable } from "../protocol/status.ts";
import { armWord, stageWord, wordFor } from "../protocol/words.ts";
import { baseUrl, type Serving } from "../serving/serving-folder.ts";
import type { RunSpec } from "../training/spec.ts";
import { type RunState, type StageState, trainedArm } from "../training/state.ts";
import { viewCurves } from "./curves.ts";
import { estimateRun } from "./estimate.ts";

/** Everything that a run folder says, and whether its process lives. */
export interface RunRecord {
  folder: string;
  spec: RunSpec;
  state: RunState;
  status: RunStatus;
  serving?: Serving;
  report: Report | undefined;
  /** The last lines of `trainer.log`. */
  log: readonly string[];
}

/** What the run panel shows of a run. Nothing in an untrusted workspace can be started or ended. */
export function viewRun(record: RunRecord, trusted: boolean): RunView {
  const { spec, state, status, report } = record;
  const { timeLeft } = estimateRun(state, spec);
  const last = state.stages.findLast(({ curve }) => curve.length > 0)?.curve.at(-1);
  const running = status === "running";
  const error = describeEnd(record);
  return {
    ...summaryOf(record),
    engine: spec.engine,
    ...viewDevice(state),
    stages: viewStages(spec, state, status),
    activity: activity(record),
    ...(running && timeLeft && { timeLeft }),
    ...(last && { tokensPerSecond: last.tokensPerSecond, learningRate: last.lr }),
    ...(last?.memoryBytes !== undefined && { memoryBytes: last.memoryBytes }),
    curves: viewCurves(state),
    exams: viewExams(state, report),
    ...(report && { report }),
    warnings: [...state.warnings],
    ...(error && { error }),
    log: [...record.log],
    canCancel: trusted && isActive(status) && status !== "cancelling",
    canResume: trusted && isResumable(status),
    canServe: trusted && isServable(status),
  };
}

/** What a list shows of a run. */
export function summaryOf({
  folder,
  spec,
  state,
  status,
  serving,
}: Pick<RunRecord, "folder" | "spec" | "state" | "status" | "serving">): RunSummary & {
  progress: number;
} {
  const served = viewServing(serving);
  const accuracy = state.exams[trainedArm]?.accuracy;
  return {
    folder,
    id: spec.id,
    title: spec.policy.title,
    createdAt: spec.createdAt,
    status,
    ...(status === "created" && state.waitsFor !== undefined && { queued: true }),
    progress: estimateRun(state, spec).progress,
    ...(accuracy !== undefined && { accuracy }),
    ...(served && { serving: served }),
  };
}

/** Nothing until the run has chosen. */
function viewDevice({ process }: RunState): Pick<RunView, "device" | "deviceReason"> {
  if (!process || process.device === "auto") return {};
  const { device, reason } = process;
  return { device, ...(reason !== undefined && { deviceReason: reason }) };
}

/** Undefined when nothing serves. */
export function viewServing(serving: Serving | undefined): ServingView | undefined {
  switch (serving?.status) {
    case "serving":
      return { status: "serving", address: baseUrl(serving.endpoint) };
    case "starting":
      return { status: "starting" };
    case "stopped":
    case undefined:
      return undefined;
  }
}

/**
 * Policy and dataset are complete before a run begins: their marks are set in every run. What the
 * internalized model is compared with is trained and examined last.
 */
function viewStages({ stages }: RunSpec, state: RunState, status: RunStatus): StageView[] {
  const own = state.stages.filter(({ arm }) => arm === trainedArm);
  const others = state.stages.filter(({ arm }) => arm !== trainedArm);
  const marks: StageView[] = stages.map((name) => ({
    name,
    status: markOf(
      own.filter((stage) => stage.name === name),
      status,
    ),
  }));
  if (stages.includes("exam")) {
    const compared = markOf(others, status);
    // The comparison has several stages: it is done when the run is.
    marks.push({
      name: "compare",
      status: compared === "done" && status !== "finished" ? "running" : compared,
    });
  }
  return [{ name: "parse", status: "done" }, { name: "data", status: "done" }, ...marks];
}

function markOf(stages: readonly StageState[], status: RunStatus): StageView["status"] {
  if (status === "finished") return "done";
  const last = stages.at(-1);
  if (!last) return "waiting";
  if (last.status !== "running") return last.status;
  return isActive(status) ? "running" : "stopped";
}

const ended: Readonly<Record<Exclude<RunStatus, "running">, string>> = {
  created: "Starting",
  cancelling: "Waiting until the process is gone",
  finished: "Finished",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
  broken: "Unreadable",
};

function activity({ state, status }: RunRecord): string {
  if (status === "created" && state.waitsFor !== undefined) {
    return `Waiting for the run ${state.waitsFor}`;
  }
  if (status === "created" && state.job) {
    return `Waiting for the cluster at ${state.job.address} to start the job`;
  }
  if (status !== "running") return ended[status];
  const stage = state.stages.findLast((known) => known.status === "running");
  if (!stage) return "Between stages";
  const what = `${stageWord[stage.name]} (${wordFor(armWord, stage.arm)})`;
  return stage.steps > 0 ? `${what}: step ${stage.step} of ${stage.steps}` : what;
}

export function viewExams(state: RunState, report: Report | undefined): ExamView[] {
  if (report) {
    return Object.entries(report.arms).map(([arm, { accuracy, n, interval, byCategory }]) => ({
      arm,
      overall: { accuracy, n, interval },
      byCategory,
    }));
  }
  return Object.entries(state.exams).map(([arm, { accuracy, byCategory, askedByCategory }]) => ({
    arm,
    overall: { accuracy },
    byCategory: Object.fromEntries(
      Object.entries(byCategory).map(([category, share]) => {
        const n = askedByCategory?.[category];
        return [category, { accuracy: share, ...(n !== undefined && { n }) }];
      }),
    ),
  }));
}

/** What happened, what was kept, and the next step; nothing to say of a run that goes well. */
function describeEnd({ state, status, spec }: RunRecord): RunView["error"] {
  const checkpoint = state.checkpoints.at(-1);
  const kept = checkpoint
    ? `Kept: the checkpoint at step ${checkpoint.step} of ${stageWord[checkpoint.stage]} (${wordFor(armWord, checkpoint.arm)}), the dataset and the log.`
    : "Kept: the dataset and the log.";
  const again = checkpoint
    ? "Resume goes on from there."
    : "Resume starts again from the beginning.";
  switch (status) {
    case "failed":
      return {
        message: state.error?.error ?? "The run failed.",
        kept,
        hint: state.error?.hint ?? again,
      };
    case "interrupted":
      if (spec.target === "ray" && state.job) return notFollowed(state.job);
      return { message: "The training process is gone without a last word.", kept, hint: again };
    case "cancelled":
    case "created":
    case "running":
    case "cancelling":
    case "finished":
    case "broken":
      return undefined;
  }
}

function notFollowed({ name, address }: NonNullable<RunState["job"]>): RunView["error"] {
  return {
    message: `Nobody follows the job ${name} any more; it may go on at ${address}.`,
    kept: "Kept: what the job told until then, and its checkpoints in the storage.",
    hint: "Resume takes the job up, or goes on from its newest checkpoint where it is over.",
  };
}
