import { numeralsIn } from "../../policy/number-words.ts";
import { stem } from "../../policy/lint/words.ts";
import { lexicon } from "../lexicon.ts";
import { contentWords } from "../wording.ts";

/** What a text says that its sources do not: plain tests of words, so that each can be explained. */

const others = new Map([
  ["half", "0.5"],
  ["twice", "2"],
  ["double", "2"],
  ["triple", "3"],
  ["dozen", "12"],
]);

/** The numbers of a text, as digits without separators; "one" is rather a pronoun. */
export function numbersIn(text: string): Set<string> {
  const numerals = numeralsIn(text).filter(({ from, to }) => !/^one$/i.test(text.slice(from, to)));
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set([
    ...numerals.map(({ value }) => String(value)),
    ...words.flatMap((word) => others.get(word) ?? []),
  ]);
}

/** The first number that no source has. */
export function strangeNumber(text: string, sources: string): string | undefined {
  const known = numbersIn(sources);
  return [...numbersIn(text)].find((number) => number !== "1" && !known.has(number));
}

const capitalized = /(?<before>^|[^\p{L}\p{N}]+)(?<word>\p{Lu}[\p{L}'’-]*)/gu;
/** What a sentence begins after: nothing, a full stop, a line break, an opening quote. */
const opening = /^[\s"'“‘«([]*$|[.!?:;…\n]["'”’»)\]]*\s*["'“‘«([]*$|["“‘«(]$/u;
const common = new Set("i i'm i've i'll i'd ok mr ms mrs sir madam hi hello".split(" "));
const address = /\bhttps?:|\bwww\.|[\p{L}\d]@[\p{L}\d]|(?<!\S)@\p{L}/iu;

/**
 * The first name that no source has: a capitalized word within a sentence, an acronym anywhere, a
 * link or an address. The first word of a sentence says nothing by its capital.
 */
export function strangeName(text: string, sources: string): string | undefined {
  const link = address.exec(text);
  if (link && !sources.includes(link[0])) return link[0];
  const words =
    sources
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/\p{L}[\p{L}'-]*/gu) ?? [];
  const known = new Set(words.flatMap((word) => [word, word.replace(/'s?$/, "")]));
  for (const { index, groups } of text.matchAll(capitalized)) {
    const { before = "", word = "" } = groups ?? {};
    const lower = word.toLowerCase().replaceAll("’", "'");
    const bare = lower.replace(/'s?$/, "");
    const begins = opening.test(text.slice(0, index) + before);
    const acronym = /^\p{Lu}{2,}$/u.test(word);
    if ((begins && !acronym) || common.has(lower) || known.has(lower) || known.has(bare)) continue;
    return word;
  }
  return undefined;
}

/** Words that bind what is said to a case, a time or an exception, by what they do. */
const limits: readonly (readonly [string, RegExp])[] = [
  ["an exception", /\b(?:unless|except(?:ing|ion|ions)?|excluding|other than|apart from)\b/i],
  ["another case", /\b(?:otherwise|or else|if not)\b/i],
  ["a deadline", /\b(?:within|until|no later than|deadline)\b/i],
];
const conditions: readonly [string, RegExp] = [
  "a condition",
  /\b(?:if|in case|provided that|as long as|assuming|on condition)\b/i,
];

/**
 * The first kind of limit that a text sets and its sources do not.
 * @param whether also to look for conditions: small talk is full of them.
 */
export function strangeLimit(text: string, sources: string, all: boolean): string | undefined {
  const [found] =
    [...limits, ...(all ? [conditions] : [])].find(
      ([, words]) => words.test(text) && !words.test(sources),
    ) ?? [];
  return found;
}

const harmless =
  /\b(?:no|not|n't) (?:more|less|fewer|later|longer|earlier|higher|lower|exceed\w*|over|above|below|under) (?:than )?|\bnot only\b|\bno problem\b|\bcannot exceed\b|\bno later\b/gi;
const negative =
  /\b(?:not|never|no|none|nobody|nothing|cannot|nor|neither|without|unable|only|unless|except|forbidden|forbids?|prohibit\w*|refus\w+|declin\w+|den(?:y|ies|ied)|reject\w*|avoid\w*|exclusively|solely|must ?n['’]t)\b|n['’]t\b/i;

/** Whether a text negates or restricts: a rewording that gains or loses this says another thing. */
export function negates(text: string): boolean {
  return negative.test(text.replace(harmless, " "));
}

/** Stems and those of the training words that say the same. */
function meanings(text: string): Set<string> {
  const words = contentWords(text);
  const found = new Set(words.map(stem));
  for (const word of words) {
    for (const other of lexicon.get(word)?.train ?? []) {
      for (const said of contentWords(other)) found.add(stem(said));
    }
  }
  return found;
}

/** The share of a text's content words that another text says too, also in other words. 0 to 1. */
export function shareSaid(of: string, by: string): number {
  const words = contentWords(of);
  if (words.length === 0) return 1;
  const said = meanings(by);
  const there = words.filter((word) => [...meanings(word)].some((meaning) => said.has(meaning)));
  return there.length / words.length;
}
