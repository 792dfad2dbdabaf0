import type { ClassifierInput } from "../../../../src/policy/classifier.ts";

/** Statements are cut after this many pieces; nearly all are shorter. */
export const maxTokens = 80;

/** The words that the model reads. */
export function contextOf({ text }: ClassifierInput): string {
  return text;
}
