import { z } from "zod";

/** What passes between whoever reads policies and the worker thread with the network. */

export const CategoryJob = z.object({
  id: z.int(),
  questions: z.array(z.object({ text: z.string(), features: z.array(z.number()) })),
});
export type CategoryJob = z.infer<typeof CategoryJob>;

/** The odds of the four categories for each question, in their order. */
export const CategoryAnswer = z.object({ id: z.int(), odds: z.array(z.array(z.number())) });
export type CategoryAnswer = z.infer<typeof CategoryAnswer>;
