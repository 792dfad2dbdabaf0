import { z } from "zod";

/** What passes between the extension and the worker thread that makes a dataset. */

export const SynthesisJob = z.object({
  /** The folder that holds `.ingrain`. */
  root: z.string(),
  /** The policy file. */
  policy: z.string(),
  seed: z.int().min(0),
});
export type SynthesisJob = z.infer<typeof SynthesisJob>;

export const SynthesisAnswer = z.discriminatedUnion("type", [
  /** What will be made anew, in words; comes before anything is written. */
  z.object({ type: z.literal("plan"), words: z.string() }),
  z.object({ type: z.literal("done"), folder: z.string(), rows: z.int(), gaps: z.int() }),
  z.object({ type: z.literal("wrong"), message: z.string(), hint: z.string().optional() }),
]);
export type SynthesisAnswer = z.infer<typeof SynthesisAnswer>;
