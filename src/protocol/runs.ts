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

/** The loss of one arm in one stage. The arrays are of one length; `null` is not measured. */
export const Curve = z.object({
  arm: z.string(),
  stage: z.string(),
  /** Tokens the arm has trained on, over all its stages. */
  tokens: z.array(z.number()),
  train: z.array(z.number()),
  heldOut: z.array(z.number().nullable()),
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
  serving: ServingView.optional(),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const RunView = RunSummary.extend({
  engine: z.string(),
  device: z.string().optional(),
  stages: z.array(StageView),
  /** What happens now, in words. */
  activity: z.string(),
  /** Share of the whole run that is done, 0 to 1. */
  progress: z.number(),
  secondsLeft: z.number().optional(),
  tokensPerSecond: z.number().optional(),
  learningRate: z.number().optional(),
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

export const RunsSnapshot = z.object({
  /** Newest first. */
  runs: z.array(RunSummary),
  run: RunView.optional(),
  /** The shown run cannot be read: one line. */
  problem: z.string().optional(),
  trusted: z.boolean(),
});
export type RunsSnapshot = z.infer<typeof RunsSnapshot>;

/** Panel → webview. */
export const ToRunsView = z.object({ type: z.literal("snapshot"), snapshot: RunsSnapshot });
export type ToRunsView = z.infer<typeof ToRunsView>;

/** Webview → panel. */
export const FromRunsView = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("select"), folder: z.string() }),
  z.object({ type: z.enum(["cancel", "resume", "reveal", "openLog", "openDataset"]) }),
  z.object({ type: z.enum(["openPolicy", "internalize", "manageTrust"]) }),
  z.object({ type: z.enum(["serve", "stopServing", "askModel"]) }),
]);
export type FromRunsView = z.infer<typeof FromRunsView>;

/** What the webview keeps across reloads, and the panel's serializer reads. */
export const RunsViewState = z.object({ folder: z.string().optional() });
export type RunsViewState = z.infer<typeof RunsViewState>;
