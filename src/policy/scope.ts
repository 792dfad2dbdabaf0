import { baseVerbs, determiners, prepositions, pronouns, adverbs, auxiliaries } from "./lexicon.ts";
import { shadow } from "./markers.ts";
import type { NameSet } from "./names.ts";
import { trim, type Prose, type Range } from "./prose.ts";
import { readCondition } from "./quantities.ts";
import type { Condition, Outcome } from "./statement.ts";
import type { Expression } from "./tree.ts";

/** What the reading of one statement collects. */
export class Scope {
  readonly prose: Prose;
  readonly text: string;
  readonly shadow: string;
  /** Capitalised words that are names, and stay so when a sentence becomes a clause. */
  readonly names: NameSet;
  readonly conditions: Condition[] = [];
  /** The words that make it conditional, for a person. */
  readonly cues: string[] = [];
  /** There are alternatives with different outcomes, an exception or a reference to another rule. */
  complex = false;

  constructor(prose: Prose, names: NameSet) {
    this.prose = prose;
    this.text = prose.text;
    this.shadow = shadow(prose);
    this.names = names;
  }

  cue(words: string): void {
    const cue = words.trim().replace(/[,:;]+$/, "");
    if (cue !== "" && !this.cues.includes(cue)) this.cues.push(cue);
  }

  /**
   * @param text a clause that can follow "if"; by default the words at the range.
   * @param ofClass the text was made from a class of cases: "it is a pending order".
   */
  condition(range: Range, text?: string, ofClass = false): Expression | undefined {
    const core = this.core(range);
    const span = this.prose.span(core);
    if (span === undefined) return undefined;
    const words = this.clause(text ?? this.text.slice(core.from, core.to));
    if (words === "") return undefined;
    this.conditions.push({ ...span, text: words, ...readCondition(words, ofClass) });
    return { kind: "atom", condition: this.conditions.length - 1 };
  }

  /** @param text a clause; by default the words at the range. */
  outcome(range: Range, text?: string): Outcome | undefined {
    const core = this.core(range);
    const span = this.prose.span(core);
    if (span === undefined) return undefined;
    const words = this.clause(text ?? this.text.slice(core.from, core.to));
    return words === "" ? undefined : { kind: "outcome", ...span, text: words };
  }

  /** The range without the conjunctions before it and the marks after it. */
  core(range: Range): Range {
    const { from, to } = trim(this.text, range);
    const part = this.text.slice(from, to);
    const before =
      /^(?:(?:then|and|but|so|or|also|however|please|that)\b,?\s+|[-–—,;:•\s]+)*/i.exec(part);
    const after = /[\s,;:.!?–—-]+$/.exec(part);
    const start = Math.min(from + (before?.[0].length ?? 0), to);
    return trim(this.text, { from: start, to: Math.max(start, to - (after?.[0].length ?? 0)) });
  }

  /** The words as a clause within a sentence: no capital at the start unless it is a name's. */
  clause(words: string): string {
    const clean = words.trim().replace(/\s+/g, " ");
    const first = /^[\p{L}'’-]+/u.exec(clean)?.[0] ?? "";
    const lower = first.toLowerCase();
    const common =
      determiners.has(lower) ||
      pronouns.has(lower) ||
      prepositions.has(lower) ||
      adverbs.has(lower) ||
      auxiliaries.has(lower) ||
      baseVerbs.has(lower);
    if (first === "I" || !/^\p{Lu}\p{Ll}*$/u.test(first)) return clean;
    return common || !this.names.has(first) ? lower + clean.slice(first.length) : clean;
  }
}
