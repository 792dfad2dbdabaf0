import { z } from "zod";

/** The line format of `events.jsonl`: append-only, one JSON object a line. */
export const StageName = z.enum(["cpt", "sft", "rl", "exam"]);
export type StageName = z.infer<typeof StageName>;

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ v: z.literal(1), at: z.iso.datetime(), type: z.literal(type), ...shape });

/** Which arm the stage belongs to; absent means the internalized model. */
const arm = z.string().optional();

export const RunEvent = z.discriminatedUnion("type", [
  event("started", {
    pid: z.int(),
    host: z.string(),
    engine: z.string(),
    device: z.string(),
    /** A resumed run goes on from this stage and step. */
    resumed: z.object({ stage: StageName, step: z.int() }).optional(),
  }),
  /** Where the run computes from now on, and why there. */
  event("device", {
    device: z.enum(["cpu", "gpu"]),
    reason: z.string(),
    /** What a trial of a few steps measured; a device that was not tried is absent. */
    tokensPerSecond: z.object({ cpu: z.number().optional(), gpu: z.number().optional() }),
  }),
  /** The machine is taken by another run, and this one waits for it. */
  event("queued", { behind: z.string() }),
  /** The run was given to a cluster, as this job; it waits there until it has `started`. */
  event("submitted", { job: z.string(), address: z.string() }),
  /** A job that was submitted before is followed again. */
  event("connected", { job: z.string(), address: z.string() }),
  event("stage", { name: StageName, steps: z.int(), arm }),
  event("step", {
    stage: StageName,
    arm,
    /** 1-based, of the stage's `steps`. */
    step: z.int(),
    loss: z.number(),
    /** Loss on held-out rows, when it was measured at this step. */
    heldOutLoss: z.number().optional(),
    lr: z.number(),
    /** Trained in this stage so far. */
    tokens: z.int(),
    tokensPerSecond: z.number(),
    memoryBytes: z.int().optional(),
    /** Mean reward of the step's rollouts, in the stage `rl`. */
    reward: z.number().optional(),
  }),
  /** How far an exam is: it has no loss to tell. */
  event("progress", { stage: StageName, arm, step: z.int() }),
  event("exam", {
    stage: StageName,
    /** The arm that was examined. */
    name: z.string(),
    accuracy: z.number(),
    byCategory: z.record(z.string(), z.number()),
    /** How many items each share in `byCategory` is of. */
    askedByCategory: z.record(z.string(), z.int()).optional(),
    byStatement: z.record(z.string(), z.object({ right: z.int(), n: z.int() })).optional(),
  }),
  event("checkpoint", { stage: StageName, arm, step: z.int(), path: z.string() }),
  event("warning", { message: z.string() }),
  event("finished", { report: z.string() }),
  event("failed", {
    error: z.string(),
    hint: z.string(),
    /** Memory was too small: the batch size to go on with. */
    batchSize: z.int().optional(),
  }),
  event("cancelled", {}),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** An event before the writer adds version and time. */
export type NewRunEvent = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, "v" | "at">
    : never
  : never;
