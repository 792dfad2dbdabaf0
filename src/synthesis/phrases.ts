import {
  adverbs,
  auxiliaries,
  baseVerbs,
  determiners,
  inflectedVerbs,
  nounsToo,
  prepositions,
  pronouns,
} from "../policy/lexicon.ts";
import type { Random } from "./random.ts";
import { inner, isStopWord } from "./wording.ts";

/**
 * The phrases that carry a text's meaning, in order, without repeats: runs of words with no small
 * word and no mark between them, as keyword extraction takes them (RAKE, Rose et al. 2010). Verbs
 * at their edges are left out, since a phrase stands where a noun does.
 */
export function phrasesOf(text: string): string[] {
  const runs: string[][] = [];
  let run: string[] = [];
  for (const [token] of inner(text).matchAll(
    /[\p{L}\p{N}_][\p{L}\p{N}_.'’-]*|[^\s\p{L}\p{N}_]/gu,
  )) {
    const word = token.replace(/['’.-]+$/u, "");
    const carries = /^[\p{L}\p{N}_]/u.test(word) && !isSmall(word);
    if (carries) run.push(word);
    if (word !== token || !carries) {
      runs.push(run);
      run = [];
    }
  }
  const phrases = [...runs, run].map((words) => withoutVerbs(words).join(" "));
  return [...new Set(phrases.filter((phrase) => /\p{L}{2}/u.test(phrase)))];
}

const smallClasses = [adverbs, auxiliaries, determiners, prepositions, pronouns];
const small = new Set(
  "but or what which who whom whose how why when where unless because while whenever once either neither generally particular sure ahead however even though e.g i.e etc via per example".split(
    " ",
  ),
);

function isSmall(word: string): boolean {
  const lower = word.toLowerCase();
  return isStopWord(lower) || small.has(lower) || smallClasses.some((words) => words.has(lower));
}

function withoutVerbs(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !isVerb(word));
  const last = words.findLastIndex((word) => !isVerb(word));
  return first < 0 ? [] : words.slice(first, last + 1);
}

function isVerb(word: string): boolean {
  const lower = word.toLowerCase();
  if (nounsToo.has(lower)) return false;
  return (
    baseVerbs.has(lower) || inflectedVerbs.has(lower) || /(?:ting|king|ving|ging)$/.test(lower)
  );
}

/** Some of the phrases, in their order: as many as it takes for `words` words. */
export function somePhrases(phrases: readonly string[], words: number, random: Random): string[] {
  const chosen = new Set<string>();
  let count = 0;
  for (const phrase of random.shuffle(phrases)) {
    if (count >= words) break;
    chosen.add(phrase);
    count += phrase.split(" ").length;
  }
  return phrases.filter((phrase) => chosen.has(phrase));
}

/** "a, b and c" */
export function enumerate(items: readonly string[]): string {
  return [items.slice(0, -1).join(", "), items.at(-1) ?? ""].filter(Boolean).join(" and ");
}
