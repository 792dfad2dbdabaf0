import { countTokens } from "../policy/tokens.ts";
import { counted } from "../protocol/words.ts";
import type { Outline, Section } from "./sections.ts";

/** What counted the tokens. */
export type Counter =
  | { kind: "exact"; name: string; path: string }
  /** `problem` says why the tokenizer that the setting names did not count. */
  | { kind: "estimate"; problem?: string };

/** The tokens of a policy, as they stand in a prompt. */
export interface TokenCounts {
  counter: Counter;
  /** Of the whole document. */
  total: number;
  /** By the section's id: from its heading to its end, with the sections below it. */
  sections: ReadonlyMap<string, number>;
}

/** Counts without a vocabulary (see `countTokens`), and only what has changed since the last time. */
export class TokenEstimator {
  /** The tokens of each piece between two headings. */
  #known = new Map<string, number>();

  estimate(source: string, { sections }: Outline): TokenCounts {
    const pieces = new Map<string, number>();
    const counts = new Map<string, number>();
    const countFrom = (start: number, end: number, below: readonly Section[]): number => {
      const piece = source.slice(start, below[0]?.heading.start ?? end);
      const own = this.#known.get(piece) ?? countTokens(piece);
      pieces.set(piece, own);
      return below.reduce((sum, section) => {
        const tokens = countFrom(section.heading.start, section.end, section.sections);
        counts.set(section.id, tokens);
        return sum + tokens;
      }, own);
    };
    const total = countFrom(0, source.length, sections);
    this.#known = pieces;
    return { counter: { kind: "estimate" }, total, sections: counts };
  }
}

/** `1,390 tokens`, or `~1,390 tokens` for an estimate. */
export function tokenCount(tokens: number, { kind }: Counter): string {
  return `${kind === "estimate" ? "~" : ""}${counted(tokens, "token")}`;
}

/** What the status bar says, shows and reads aloud. */
export function tokenStatus({ counter, total }: TokenCounts): {
  text: string;
  tooltip: string;
  label: string;
} {
  const what = "This policy as it stands in a prompt";
  const choose = "Select to choose a tokenizer.";
  if (counter.kind === "exact") {
    const count = tokenCount(total, counter);
    // VS Code draws `$(…)` in a status bar as an icon; a folder's name may hold anything.
    const name = counter.name.replaceAll("$(", "(");
    return {
      text: `${count} (${name})`,
      tooltip: `${what}: ${count}, counted exactly with ${counter.path}.\n${choose}`,
      label: `${count}, counted exactly with the tokenizer of ${counter.name}`,
    };
  }
  const about = `about ${counted(total, "token")}`;
  const how = "estimated from words and marks, without a vocabulary";
  const problem =
    counter.problem === undefined ? "" : `\nThe tokenizer was not used: ${counter.problem}.`;
  return {
    text: `${problem === "" ? "" : "$(warning) "}${tokenCount(total, counter)}`,
    tooltip: `${what}: ${about}, ${how}.${problem}\n${choose}`,
    label: `${about}, ${how}${problem.replace("\n", ". ")}`,
  };
}
