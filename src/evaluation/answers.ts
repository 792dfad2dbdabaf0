import { z } from "zod";

/** A line of `answers.jsonl`: what the internalized model said to a question of its exam. */
export const ExamAnswer = z.object({
  /** The exam item's id. */
  item: z.string(),
  right: z.boolean(),
  /** The choice that it took, or what it wrote. */
  given: z.string(),
});
export type ExamAnswer = z.infer<typeof ExamAnswer>;
