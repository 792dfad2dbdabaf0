import {
  adverbs,
  auxiliaries,
  baseVerbs,
  determiners,
  prepositions,
  pronouns,
} from "../policy/lexicon.ts";
import { hasVerb } from "../policy/grammar.ts";
import { lexicon, type Place, type Voice } from "./lexicon.ts";
import type { Random } from "./random.ts";

/** A text in a voice's words, and the lexicon entries that made it so (`word>other`). */
export interface Wording {
  text: string;
  lexicon: string[];
}

const token = /[\p{L}_][\p{L}\p{N}_'’-]*|\s+|[^\p{L}\s_]+/gu;
/** What a policy says word for word: a status, a title, a name. */
const quotation =
  /(?<![\p{L}\p{N}])'[^']{1,80}'(?![\p{L}\p{N}])|"[^"]{1,160}"|“[^”]{1,160}”|‘[^’]{1,80}’|«[^»]{1,160}»/gu;

/**
 * Says a text in other words: each word of the lexicon that stands in the right place, in no
 * quotation and in no name, and is not the policy's own (`kept`), is replaced with the chance `rate`.
 */
export function reword(
  text: string,
  voice: Voice,
  random: Random,
  { rate, kept }: { rate: number; kept: ReadonlySet<string> },
): Wording {
  const used: string[] = [];
  const quoted = [...text.matchAll(quotation)].map(({ index, 0: { length } }) => [
    index,
    index + length,
  ]);
  const tokens = [...text.matchAll(token)];
  const before = tokens.map(([word]) => word);
  const words = tokens.map(({ 0: word, index: at }, index) => {
    const lower = word.toLowerCase();
    const entry = kept.has(lower) ? undefined : lexicon.get(lower);
    const others = entry?.[voice] ?? [];
    const isName = at > 0 && word !== lower;
    if (
      others.length === 0 ||
      isName ||
      quoted.some(([from = 0, to = 0]) => at >= from && at < to) ||
      !stands(entry!.place, before, index) ||
      !random.chance(rate)
    ) {
      return word;
    }
    const other = random.pick(others);
    used.push(`${lower}>${other}`);
    return word === lower ? other : capitalized(other);
  });
  // "an email" becomes "a mail".
  words.forEach((word, index) => {
    const article = words[index - 2] ?? "";
    if (word === before[index] || !/^an?$/i.test(article)) return;
    words[index - 2] = article.charAt(0) + (/^[aeiou]/i.test(word) ? "n" : "");
  });
  return {
    text: words.join("").replace(/\s+/g, " ").trim(),
    lexicon: used,
  };
}

/** After these a verb stands in its base form. */
const beforeVerbs = new Set(
  "to can may must should shall will would could might cannot not never please always you we they do does did".split(
    " ",
  ),
);
/** Verbs that mean something else together with the word after them: "take part", "make up". */
const particles = new Set(
  "up out sure off over part care place effect account leave back away down in on for".split(" "),
);

/** Whether a word stands where the words that may replace it can stand. */
function stands(place: Place, tokens: readonly string[], index: number): boolean {
  const before = wordBefore(tokens, index);
  const after = /^\s+$/.test(tokens[index + 1] ?? "")
    ? (tokens[index + 2] ?? "").toLowerCase()
    : "";
  if ((place === "verb" || place === "any") && particles.has(after)) return false;
  // A "user id" is no "client id", and nobody says "every of them".
  if (after === "id" || after === "ids" || after === "of") return place === "noun";
  switch (place) {
    case "any":
      return true;
    case "before to":
      return after === "to";
    case "before noun": {
      const [rest = ""] = tokens
        .slice(index + 1)
        .join("")
        .split(/[,;:.]/);
      // "What about the fee?" asks in its own way.
      if (before === "what") return false;
      return after.endsWith("ing") || (/^\s\p{L}/u.test(rest) && !hasVerb(rest));
    }
    case "verb":
      // Neither "ought to not" nor "ought to you".
      if (auxiliaries.has(tokens[index]!.toLowerCase())) {
        return after !== "not" && after !== "only" && before !== "";
      }
      return (
        beforeVerbs.has(before) || (["", "and", "or"].includes(before) && determiners.has(after))
      );
    case "noun": {
      const earlier = wordBefore(tokens, index, 2);
      return (
        (determiners.has(before) && !pronouns.has(before)) ||
        (prepositions.has(before) && before !== "to") ||
        (determiners.has(earlier) && !beforeVerbs.has(before) && !adverbs.has(before))
      );
    }
  }
}

/** The word so many places before another in the same clause, in lower case; empty if none. */
function wordBefore(tokens: readonly string[], index: number, places = 1): string {
  for (let at = index - 1; at >= 0; at--) {
    const word = tokens[at]!;
    if (/^\s+$/.test(word)) continue;
    if (!/^[\p{L}_]/u.test(word)) return "";
    if (--places === 0) return word.toLowerCase();
  }
  return "";
}

const articles = new Set("the a an".split(" "));

/** Without articles, as terse people write. */
export function telegraphic(text: string): string {
  return text
    .split(" ")
    .filter((word) => !articles.has(word.toLowerCase()))
    .join(" ");
}

const stopWords = new Set(
  (
    "the a an of to and or that this these those it its be is are was were will been then so in on " +
    "at by for with from as if not no can may must should you your they their he she his her we our " +
    "has have had do does did there any all each every only also e g i when than into per via"
  ).split(" "),
);

export function isStopWord(word: string): boolean {
  return stopWords.has(word.toLowerCase());
}

/** The words that carry a text's meaning, in order, without repeats. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_][\p{L}\p{N}_'’-]*/gu) ?? [];
  return [...new Set(words.filter((word) => !stopWords.has(word)))];
}

/** Without the full stop, white space folded: how a clause or an answer is written. */
export function clause(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.!;:,]+$/, "");
}

export function sentence(text: string): string {
  return `${capitalized(clause(text))}.`;
}

export function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Lower-cases a sentence's first letter unless its first word looks like a name. */
export function inner(text: string): string {
  const bare = clause(text);
  return isName(bare) ? bare : bare.charAt(0).toLowerCase() + bare.slice(1);
}

/** A noun in the singular needs an article before it, and a name does not: "Halyard delivers". */
function isName(text: string): boolean {
  if (/^(\p{Lu}\p{Ll}+\s?\p{Lu}|\p{Lu}{2}|I\b)/u.test(text)) return true;
  const [first = "", second = ""] = text.match(/[\p{L}\p{N}_'’-]+/gu) ?? [];
  const verb = second.replace(/e?s$/, "");
  return (
    second.endsWith("s") &&
    (baseVerbs.has(verb) || baseVerbs.has(second.replace(/s$/, ""))) &&
    !/s$/.test(first) &&
    ![adverbs, determiners, pronouns, prepositions, baseVerbs].some((known) =>
      known.has(first.toLowerCase()),
    )
  );
}
