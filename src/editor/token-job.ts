import { z } from "zod";

/** What passes between the editor and the worker thread that counts tokens. */

export const TokenJob = z.object({
  id: z.int(),
  /** The `tokenizer.json`. */
  path: z.string(),
  texts: z.array(z.string()),
});
export type TokenJob = z.infer<typeof TokenJob>;

export const TokenAnswer = z.discriminatedUnion("type", [
  /** The tokens of each text, in their order. */
  z.object({ type: z.literal("counted"), id: z.int(), counts: z.array(z.int().min(0)) }),
  z.object({ type: z.literal("wrong"), id: z.int(), message: z.string() }),
]);
export type TokenAnswer = z.infer<typeof TokenAnswer>;
