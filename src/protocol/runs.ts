import { z } from "zod";
import { Report } from "../evaluation/report.ts";

/**
 * The messages between the run panel and its webview. The panel sends whole snapshots, never
 * deltas: whatever arrives last is the truth.
 */

/**
 * `cancelling` until the process is gone; `interrupted` when it went without a last word; `broken`
 * when the folder cannot be read as a run.
 */
export const RunStatus = z.enum([
  "created",
  "running",
  "cancelling",
  "finished",
  "failed",
  "cancelled",
  "interrupted",
  "broken",
]);
export type RunStatus = z.infer<typeof RunStatus>;

/** One mark of the progress line. */
export const StageView = z.object({
  name: z.enum(["parse", "data", "cpt", "sft", "rl", "exam", "compare"]),
  status: z.enum(["done", "running", "waiting", "stopped"]),
});
export type StageView = z.infer<typeof StageView>;

/** What one arm did in one stage. The arrays are of one length; `null` is not measured. */
export const Curve = z.object({
  arm: z.string(),
  stage: z.string(),
  /** Tokens the arm has trained on, over all its stages. */
  tokens: z.array(z.number()),
  train: z.array(z.number()),
  heldOut: z.array(z.number().nullable()),
  rate: z.array(z.number()),
  tokensPerSecond: z.array(z.number()),
  memoryBytes: z.array(z.number().nullable()),
});
export type Curve = z.infer<typeof Curve>;

/** One bar of the exam; shares from 0 to 1. */
export const ScoreView = z.object({
  accuracy: z.number(),
  n: z.int().optional(),
  interval: z.tuple([z.number(), z.number()]).optional(),
});
export type ScoreView = z.infer<typeof ScoreView>;

export const ExamView = z.object({
  arm: z.string(),
  overall: ScoreView,
  byCategory: z.record(z.string(), ScoreView),
});
export type ExamView = z.infer<typeof ExamView>;

/**
 * Seconds that are left, by the fastest and by the slowest pace that was seen of late; of a stage
 * where nobody knows yet how long the later ones are.
 */
export const TimeLeft = z.object({
  low: z.number(),
  high: z.number(),
  of: z.enum(["run", "stage"]),
});
export type TimeLeft = z.infer<typeof TimeLeft>;

/** The most runs that are compared at a time, the shown one among them. */
export const mostCompared = 5;

/** The model of the run is served on this machine, or its server is starting. */
export const ServingView = z.object({
  status: z.enum(["starting", "serving"]),
  /** As OpenAI's clients take it; known once it listens. */
  address: z.string().optional(),
});
export type ServingView = z.infer<typeof ServingView>;

export const RunSummary = z.object({
  /** The run folder: what tells runs apart, also over several workspace folders. */
  folder: z.string(),
  id: z.string(),
  title: z.string(),
  /** Unknown of a broken run. */
  createdAt: z.iso.datetime().optional(),
  status: RunStatus,
  /** It waits for its turn on this machine. */
  queued: z.boolean().optional(),
  /** Share of the run that is done, 0 to 1; unknown of a broken run. */
  progress: z.number().optional(),
  /** The internalized model's share of right answers, once it is examined. */
  accuracy: z.number().optional(),
  serving: ServingView.optional(),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const RunView = RunSummary.extend({
  engine: z.string(),
  device: z.string().optional(),
  /** Why this device. */
  deviceReason: z.string().optional(),
  stages: z.array(StageView),
  /** What happens now, in words. */
  activity: z.string(),
  /** Share of the whole run that is done, 0 to 1. */
  progress: z.number(),
  timeLeft: TimeLeft.optional(),
  tokensPerSecond: z.number().optional(),
  learningRate: z.number().optional(),
  /** On the device, or of the process where it trains on the processor. */
  memoryBytes: z.number().optional(),
  curves: z.array(Curve),
  exams: z.array(ExamView),
  report: Report.optional(),
  warnings: z.array(z.string()),
  /** What happened, what was kept, and what to do. */
  error: z.object({ message: z.string(), kept: z.string(), hint: z.string() }).optional(),
  /** The last lines of the trainer's log. */
  log: z.array(z.string()),
  canCancel: z.boolean(),
  canResume: z.boolean(),
  /** There is a model to serve and to ask. */
  canServe: z.boolean(),
});
export type RunView = z.infer<typeof RunView>;

/** One of the runs that are compared, as far as it has come. */
export const ComparedRun = RunSummary.extend({
  curves: z.array(Curve),
  /** Of the internalized model. */
  exam: ExamView.optional(),
  /** By tier, from the report. */
  byTier: z.record(z.string(), ScoreView).optional(),
  promptTokens: Report.shape.promptTokens.optional(),
});
export type ComparedRun = z.infer<typeof ComparedRun>;

/** A field of the specification in which the runs differ; `null` where a run has none. */
export const Difference = z.object({ name: z.string(), values: z.array(z.string().nullable()) });
export type Difference = z.infer<typeof Difference>;

/** Several runs side by side: the shown one first. */
export const ComparisonView = z.object({
  runs: z.array(ComparedRun).min(1).max(mostCompared),
  /** The values are in the order of the runs. */
  differences: z.array(Difference),
  /** They have one and the same dataset, and so exam. */
  sameDataset: z.boolean(),
  /** Runs that could not be read, one line each. */
  problems: z.array(z.string()),
});
export type ComparisonView = z.infer<typeof ComparisonView>;

export const RunsSnapshot = z.object({
  /** Newest first. */
  runs: z.array(RunSummary),
  run: RunView.optional(),
  comparison: ComparisonView.optional(),
  /** The shown run cannot be read: one line. */
  problem: z.string().optional(),
  trusted: z.boolean(),
});
export type RunsSnapshot = z.infer<typeof RunsSnapshot>;

/** Panel → webview. */
export const ToRunsView = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), snapshot: RunsSnapshot }),
  /** Asks for a picture of what is shown. */
  z.object({ type: z.literal("draw") }),
]);
export type ToRunsView = z.infer<typeof ToRunsView>;

/** Webview → panel. */
export const FromRunsView = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("select"), folder: z.string() }),
  /** Compares the shown run with no other than these. */
  z.object({ type: z.literal("compare"), folders: z.array(z.string()).max(mostCompared - 1) }),
  z.object({ type: z.enum(["chooseCompared", "export"]) }),
  /** A PNG, in base64; without one nothing is there to draw. */
  z.object({ type: z.literal("picture"), png: z.base64().optional() }),
  z.object({ type: z.enum(["cancel", "resume", "reveal", "openLog", "openDataset"]) }),
  z.object({ type: z.literal("whatToDoNext") }),
  z.object({ type: z.enum(["openPolicy", "internalize", "manageTrust"]) }),
  z.object({ type: z.enum(["serve", "stopServing", "askModel"]) }),
]);
export type FromRunsView = z.infer<typeof FromRunsView>;

export const Metric = z.enum(["loss", "heldOut", "rate", "tokensPerSecond", "memoryBytes"]);
export type Metric = z.infer<typeof Metric>;

export const ChartLook = z.object({
  metric: Metric,
  /** Weight of what came before, 0 to under 1; 0 does not smooth. */
  smoothing: z.number().min(0).max(0.99),
});
export type ChartLook = z.infer<typeof ChartLook>;

/** What the webview keeps across reloads, and the panel's serializer reads. */
export const RunsViewState = z.object({
  folder: z.string().optional(),
  /** The folders of the runs that it is compared with. */
  compared: z
    .array(z.string())
    .max(mostCompared - 1)
    .optional(),
  /** How the reader wants to see the curves. */
  look: ChartLook.optional(),
});
export type RunsViewState = z.infer<typeof RunsViewState>;
