import type { Passage } from "./cut.ts";
import type { Reading } from "./reading.ts";
import type { Category, Statement } from "./statement.ts";

/** What a classifier may look at. */
export interface ClassifierInput {
  /** The statement's plain text. */
  text: string;
  /** The headings above it, outermost first. */
  section: readonly string[];
  /** How it was cut out of the document. */
  layout: Passage["layout"]["kind"];
  /** The statement before it in the same section. */
  previous: string | undefined;
  /** What was read as conditions and outcomes; undefined when nothing was. */
  reading: Reading | undefined;
}

export interface Verdict {
  category: Category;
  /** 0 to 1. */
  confidence: number;
  decidedBy: Statement["decidedBy"];
  /** The words or the rule that decided, for a person. */
  why: string;
}

/**
 * Decides what a statement is. Synchronous: hints are drawn while someone types. What it says of an
 * input may get better with time; `PolicyDocument.review` takes that in.
 */
export interface Classifier {
  classify(input: ClassifierInput): Verdict;
}
