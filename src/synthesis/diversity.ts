import { wordsOf } from "../policy/similarity.ts";
import { NearDuplicates } from "./near-duplicates.ts";
import type { Random } from "./random.ts";

/** How much a set of texts varies. */
export interface Diversity {
  texts: number;
  /** Words of a text, in the mean. */
  words: number;
  /** Share of different runs of one, two and three words among all runs, 0 to 1 (distinct-n). */
  distinct: [number, number, number];
  /**
   * How much a text is like the others, 0 to 1: the mean BLEU-4 of texts of a sample against the
   * rest of it (self-BLEU, Zhu et al. 2018). Lower is more diverse.
   */
  selfBleu: number;
  /** Share of texts that are nearly one before them. */
  nearDuplicates: number;
}

/** Texts of a sample that self-BLEU is taken of: all against all would take minutes. */
const sampled = 200;

/** Measures texts; `random` draws the sample for self-BLEU. */
export function diversityOf(texts: readonly string[], random: Random): Diversity {
  const tokens = texts.map(wordsOf);
  const known = new NearDuplicates();
  const repeated = texts.filter((text) => !known.add(text)).length;
  return {
    texts: texts.length,
    words: ratio(
      tokens.reduce((sum, words) => sum + words.length, 0),
      texts.length,
    ),
    distinct: [distinctN(tokens, 1), distinctN(tokens, 2), distinctN(tokens, 3)],
    selfBleu: selfBleu(random.shuffle(tokens).slice(0, sampled)),
    nearDuplicates: ratio(repeated, texts.length),
  };
}

/** The share of different runs of `n` words among all of them; 0 where there are none. */
export function distinctN(texts: readonly (readonly string[])[], n: number): number {
  const runs = texts.flatMap((words) => runsOf(words, n));
  return ratio(new Set(runs).size, runs.length);
}

function runsOf(words: readonly string[], n: number): string[] {
  return Array.from({ length: Math.max(0, words.length - n + 1) }, (_, at) =>
    words.slice(at, at + n).join(" "),
  );
}

const longestRun = 4;

/** The mean BLEU-4 of each text against all others; 0 for fewer than two texts. */
export function selfBleu(texts: readonly (readonly string[])[]): number {
  if (texts.length < 2) return 0;
  // Of each run of words: how often it is in the text that has it most, and in the one after that.
  const most = Array.from({ length: longestRun }, (_, at) => {
    const counts = new Map<string, { first: number; holder: number; second: number }>();
    texts.forEach((words, holder) => {
      for (const [run, count] of tally(runsOf(words, at + 1))) {
        const known = counts.get(run) ?? { first: 0, holder: -1, second: 0 };
        if (count > known.first) counts.set(run, { first: count, holder, second: known.first });
        else counts.set(run, { ...known, second: Math.max(known.second, count) });
      }
    });
    return counts;
  });
  const scores = texts.map((words, index) => {
    const precisions = most.map((counts, at) => {
      const own = [...tally(runsOf(words, at + 1))];
      const matched = own.reduce((sum, [run, count]) => {
        const { first, holder, second } = counts.get(run)!;
        return sum + Math.min(count, holder === index ? second : first);
      }, 0);
      // One more of each, so that a short text without a long run in common is not 0 as a whole.
      return (matched + 1) / (Math.max(0, words.length - at) + 1);
    });
    return Math.exp(precisions.reduce((sum, each) => sum + Math.log(each), 0) / longestRun);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function tally(runs: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run, (counts.get(run) ?? 0) + 1);
  return counts;
}

function ratio(part: number, all: number): number {
  return all === 0 ? 0 : part / all;
}
