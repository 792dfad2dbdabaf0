import type { Span, Statement } from "../statement.ts";
import type { Exclusive } from "./cases.ts";
import type { Outline } from "./outline.ts";

/** How loud a finding is; `off` keeps a rule from running. */
export const severities = ["off", "hint", "information", "warning", "error"] as const;
export type Severity = (typeof severities)[number];

/** What a rule looks at: a policy's text, its statements in document order, and its headings. */
export interface Subject {
  /** The file's text, as it was parsed. */
  text: string;
  /**
   * The text with what is no prose (code, link targets, comments, template tags) blanked: words
   * are searched here, and every offset is one into `text`.
   */
  prose: string;
  statements: readonly Statement[];
  outline: Outline;
  /** Which values the policy lists as alternatives. */
  exclusive: Exclusive;
}

export interface Related extends Span {
  message: string;
}

/** A change that keeps what the author means, so that it can be applied without a second look. */
export interface Fix {
  title: string;
  edits: readonly (Span & { text: string })[];
}

/** What a rule finds, at the words that it is about. */
export interface Problem extends Span {
  message: string;
  /** The other place, where two do not go together. */
  related?: Related[];
  fix?: Fix;
}

export interface Rule {
  /** Unless the user says otherwise. A rule that is wrong too often on real policies is off. */
  severity: Severity;
  /** Where it takes long, it rests now and then, and gives undefined. */
  check(subject: Subject): Iterable<Problem | undefined>;
}

/** How many statements such a rule looks at before it rests. */
export const restEvery = 250;
