import { z } from "zod";
import { Message, Teacher, Weights } from "../synthesis/dataset.ts";

/** What passes between the extension and the worker thread that makes a dataset. */

/** A teacher as the worker knows it: the extension asks it, for the worker knows neither VS Code nor a key. */
export const JobTeacher = z.object({
  kind: Teacher.exclude(["none"]),
  name: z.string(),
  model: z.string(),
  /** Questions under way at a time. */
  concurrency: z.int().min(1),
  /** How the command line would name it; VS Code's models have no name there. */
  arguments: z.array(z.string()),
});
export type JobTeacher = z.infer<typeof JobTeacher>;

export const SynthesisJob = z.object({
  /** The folder that holds `.ingrain`. */
  root: z.string(),
  /** The policy file. */
  policy: z.string(),
  seed: z.int().min(0),
  /** The folder with the network that tells categories; by rules alone without. */
  categories: z.string().optional(),
  teacher: JobTeacher.optional(),
  /** Times the usual rows for some statements, by id; 1 for the usual ones again. */
  weights: Weights.optional(),
  /** Make other rows in a dataset that is there: in the place of one, or of all of a statement. */
  regenerate: z
    .object({
      /** The dataset's. */
      folder: z.string(),
      target: z.union([z.object({ row: z.string() }), z.object({ statement: z.string() })]),
    })
    .optional(),
  /** Tell what the teacher would use, and make nothing. */
  estimate: z.literal(true).optional(),
});
export type SynthesisJob = z.infer<typeof SynthesisJob>;

const Usage = z.object({ prompt: z.int(), completion: z.int() });
const ErrorKind = z.enum([
  "cancelled",
  "quota",
  "interrupted",
  "forbidden",
  "unavailable",
  "failed",
]);

/** From the worker. `ask` and `progress` come before the last word. */
export const SynthesisAnswer = z.discriminatedUnion("type", [
  /** What will be made anew, in words; comes before anything is written. */
  z.object({ type: z.literal("plan"), words: z.string() }),
  z.object({
    type: z.literal("done"),
    folder: z.string(),
    rows: z.int(),
    /** Requirements of coverage that are not met. */
    gaps: z.int(),
    refused: z.int(),
    /** What was made anew, in one line. */
    words: z.string().optional(),
  }),
  z.object({ type: z.literal("wrong"), message: z.string(), hint: z.string().optional() }),
  z.object({ type: z.literal("stopped"), kind: ErrorKind, message: z.string() }),
  z.object({
    type: z.literal("estimate"),
    open: z.int(),
    all: z.int(),
    questions: z.int(),
    usage: Usage,
  }),
  z.object({ type: z.literal("progress"), answered: z.int(), all: z.int() }),
  z.object({ type: z.literal("ask"), id: z.int(), messages: z.array(Message) }),
]);
export type SynthesisAnswer = z.infer<typeof SynthesisAnswer>;

/** To the worker. */
export const SynthesisReply = z.discriminatedUnion("type", [
  z.object({ type: z.literal("reply"), id: z.int(), text: z.string(), usage: Usage }),
  z.object({
    type: z.literal("error"),
    id: z.int(),
    kind: ErrorKind,
    message: z.string(),
    retryAfterMs: z.number().optional(),
  }),
  z.object({ type: z.literal("stop") }),
]);
export type SynthesisReply = z.infer<typeof SynthesisReply>;
