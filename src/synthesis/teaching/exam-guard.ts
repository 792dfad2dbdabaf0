import type { ExamItem } from "../dataset.ts";

const size = 3;
/** The share of an exam item's own wording that a training row may not reach. */
const tooNear = 0.34;
const fewest = 2;

/**
 * Tells rows that come too near to an exam item of the tiers *reworded* and *scenario*. What both
 * take from the policy is no sign: the exam asks about it, and training is about it. What counts are
 * the exam's own words, in threes.
 */
export class ExamGuard {
  readonly #own: readonly { id: string; own: ReadonlySet<string> }[];

  /** @param known the policy's text. */
  constructor(exam: readonly ExamItem[], known: string) {
    const policy = shingles(known);
    this.#own = exam
      .filter(({ tier }) => tier === "reworded" || tier === "scenario")
      .map(({ id, prompt }) => {
        const asked = prompt.filter(({ role }) => role === "user").map(({ content }) => content);
        const own = [...shingles(asked.join("\n"))].filter((three) => !policy.has(three));
        return { id, own: new Set(own) };
      });
  }

  /** The exam item that a text comes too near to. */
  near(text: string): string | undefined {
    const said = shingles(text);
    const found = this.#own.find(({ own }) => {
      const shared = [...said].filter((three) => own.has(three)).length;
      return shared >= fewest && shared >= tooNear * own.size;
    });
    return found?.id;
  }
}

function shingles(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
  return new Set(
    Array.from({ length: Math.max(0, words.length - size + 1) }, (_, index) =>
      words.slice(index, index + size).join(" "),
    ),
  );
}
