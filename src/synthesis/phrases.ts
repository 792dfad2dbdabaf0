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
import { firstContentWord, isImperative, wordsOf } from "../policy/grammar.ts";
import type { Random } from "./random.ts";
import { inner, isStopWord } from "./wording.ts";

/**
 * The noun phrases of a text, in order, without repeats, each with its article: "the balance of a
 * voucher". They are runs of words with no small word and no verb between them (RAKE, Rose et al.
 * 2010), widened by what belongs to them.
 */
export function phrasesOf(text: string): string[] {
  // Of a quotation of several words no part is said by itself.
  const tokens = tokensOf(inner(text).replace(/(?<!\p{L})'[^']+ [^']+'(?!\p{L})/gu, "…"));
  const begins = isImperative(text) ? firstContentWord(wordsOf(text)) : -1;
  const runs: Run[] = [];
  let from = -1;
  const end = (to: number) => {
    if (from >= 0) runs.push({ from, to });
    from = -1;
  };
  tokens.forEach((token, at) => {
    const isIn = at !== begins && carries(tokens, at, from >= 0);
    if (!isIn) return end(at);
    // "from our servers 30 days after": a quantity begins a phrase of its own.
    if (/^\d/.test(token) && /^\p{Ll}/u.test(tokens[at + 1] ?? "") && !isSmall(tokens[at + 1]!))
      end(at);
    if (from < 0) from = at;
  });
  end(tokens.length);
  const whole = runs.flatMap((run) => nounsOf(tokens, run));
  const phrases = joined(tokens, whole).map((run) => written(tokens, run));
  return [...new Set(phrases.filter((phrase) => /\p{L}{2}/u.test(phrase) && !vague.test(phrase)))];
}

/** Words and marks; a mark at the end of a word ends its phrase. */
function tokensOf(text: string): string[] {
  const found = text.match(/[\p{L}\p{N}_][\p{L}\p{N}_.,:/'’-]*|[^\s\p{L}\p{N}_]/gu) ?? [];
  return found.flatMap((token) => {
    const word = token.replace(/['’.,:/-]+$/u, "");
    return word === token ? [token] : [word, token.slice(word.length)];
  });
}

/** What says nothing where it stands alone. */
const vague =
  /^(?:(?:the|a|an|same|your|our) )*(?:time|times|start|beginning|end|way|case|practice|example|turn|mind|fact|else|thing|extent|addition|basis|look|wait|sum|done|taken|fewer)$/i;

interface Run {
  from: number;
  to: number;
}

const contracted = /^(?:that|it|there|here|what|who|let)['’]|['’](?:ve|re|ll|t|m|d)$/i;
const smallClasses = [adverbs, auxiliaries, determiners, prepositions, pronouns];
const small = new Set(
  "but or what which who whom whose how why when where unless because while whenever once either neither generally particular sure ahead however even though e.g i.e etc via per example least most except whether whatever up down out us me him means and/or perhaps somehow although itself themselves yourself hopefully maybe probably essentially today anything anyone someone something nothing everything them yes ok including such".split(
    " ",
  ),
);

function isSmall(word: string): boolean {
  const lower = word.toLowerCase();
  return isStopWord(lower) || small.has(lower) || smallClasses.some((words) => words.has(lower));
}

/** Whether a token is part of a noun phrase; `inside` tells that the one before it is. */
function carries(tokens: readonly string[], at: number, inside: boolean): boolean {
  const word = tokens[at]!;
  // "Account & Billing"
  if (word === "&") return inside && /^\p{Lu}/u.test(tokens[at + 1] ?? "");
  if (!/^[\p{L}\p{N}_]/u.test(word) || isSmall(word) || contracted.test(word)) return false;
  if (/^https?:/.test(word)) return false;
  if (/^\d/.test(word)) return true;
  const before = (tokens[at - 1] ?? "").toLowerCase();
  const after = (tokens[at + 1] ?? "").toLowerCase();
  return !isVerb(word, before, after, inside);
}

const beforeVerbs = new Set(
  "to also would could not never can cannot may must should shall will would you we they i and or who that which please".split(
    " ",
  ),
);

function isVerb(word: string, before: string, after: string, inside: boolean): boolean {
  const lower = word.toLowerCase();
  if (word !== lower) return false;
  const third = lower.endsWith("s") ? lower.slice(0, -1) : lower;
  const base = baseVerbs.has(lower);
  const opensObject =
    (determiners.has(after) && after !== "at") || pronouns.has(after) || /^\d/.test(after);
  if (nounsToo.has(lower) || (nounsToo.has(third) && lower !== third)) {
    if (/^(?:that|which|who)$/.test(before) && lower !== third) return true;
    // "the leave you have"
    if (inside && /^(?:you|we|they|i)$/.test(after)) return false;
    const ordered = base && !inside && beforeVerbs.has(before) && !/^(?:and|or|that)$/.test(before);
    return ordered || (opensObject && (inside || base) && !determiners.has(before));
  }
  if (base || moreVerbs.has(third)) return true;
  const participle = /(?:ed|en|made|paid|sent|held|kept|lost|sold|given)$/.test(lower);
  if (inflectedVerbs.has(lower)) {
    // "a held parcel", but not "the customer has agreed".
    const modifies = participle && /^\p{L}/u.test(after) && !isSmall(after);
    return !modifies || auxiliaries.has(before) || beforeVerbs.has(before);
  }
  if (!lower.endsWith("ing")) return false;
  const isAct = !inside && !determiners.has(before) && isGerund(lower);
  return opensObject || prepositions.has(after) || after === "" || isAct;
}

/** Verbs that are no orders, and so are none of the reader's. */
const moreVerbs = new Set(
  "participate volunteer realize help circumvent operate believe pursue apply sit".split(" "),
);

function isGerund(word: string): boolean {
  const stem = word.slice(0, -3);
  return [stem, `${stem}e`, stem.slice(0, -1)].some((verb) => baseVerbs.has(verb));
}

/** These end a clause rather than a noun phrase: "a hold lasts", "supervisors work". */
const finals = new Set("lasts lies stays starts ends wants needs works looks costs".split(" "));
const qualities = new Set(
  (
    "sure valid due free right wrong single different available new own same low high longer more less " +
    "enough necessary immediate ready able unable lost true false clear good late early possible back " +
    "twice once half abroad first second last next up down out off away forward together around " +
    "likely willing gold silver legal original extra cautious anymore already pending basic inactive available shorter lower higher best better " +
    "eligible federal local judicial personal annual physical mental medical sick municipal tribal territorial simple technical happy public normal full worth monetary soon long well much far too straight ahead such"
  ).split(" "),
);
const qualityEnding = /(?:able|ible|ful|ous|less|ly)$/;

/** A run without what is no noun at its end; nothing when no noun is left. */
function nounsOf(tokens: readonly string[], { from, to }: Run): Run[] {
  const before = (tokens[from - 1] ?? "").toLowerCase();
  const isGiven = determiners.has(before) || /^(?:its|one|two|three)$/.test(before);
  let end = to;
  while (end > from && endsNoNoun(tokens, from, end - 1, isGiven)) end--;
  let start = from;
  while (start < end && /^(?:own|same|else|such)$/.test(tokens[start]!) && !isGiven) start++;
  if (start < end && tokens[start] === "own") start++;
  const last = tokens[end - 1] ?? "";
  if (end <= start || (/^\d/.test(last) && end - start === 1)) return [];
  // "hold, reroute or cancel": one verb of many.
  // "4 hours per year"
  if (before === "per") return [];
  const isAct = baseVerbs.has(last) && end - start === 1 && !isGiven && !prepositions.has(before);
  return isAct ? [] : [{ from: start, to: end }];
}

function endsNoNoun(
  tokens: readonly string[],
  from: number,
  at: number,
  isGiven: boolean,
): boolean {
  const word = tokens[at]!;
  if (isQuality(word)) return true;
  const alone = at === from;
  if (alone) return /(?:ed|ing)$/i.test(word) && !isGiven;
  return (
    finals.has(word) ||
    (word.endsWith("ing") && tokens[at - 1]!.endsWith("ly")) ||
    (baseVerbs.has(word) && /[^s]s$/.test(tokens[at - 1]!)) ||
    word === "look"
  );
}

function isQuality(word: string): boolean {
  const lower = word.toLowerCase();
  if (word !== lower) return false;
  return (
    qualities.has(lower) ||
    qualityEnding.test(lower) ||
    (/ed$/.test(lower) && !/^(?:need|speed|feed|bed|seed|deed|shed)$/.test(lower)) ||
    (inflectedVerbs.has(lower) && !nounsToo.has(lower.replace(/s$/, "")))
  );
}

/** Joins what "of" holds together, and what follows the first phrase of a text by a preposition. */
function joined(tokens: readonly string[], runs: readonly Run[]): Run[] {
  const found: Run[] = [];
  for (const run of runs) {
    const last = found.at(-1);
    const between = tokens
      .slice(last?.to ?? run.from, run.from)
      .filter((token) => !articles.has(token.toLowerCase()));
    const [link = ""] = between;
    const isSubject =
      found.length === 1 &&
      tokens.slice(0, last!.from).every((token) => determiners.has(token.toLowerCase()));
    const links = link === "of" || (isSubject && prepositions.has(link.toLowerCase()));
    if (last && between.length === 1 && links && run.to - last.from <= longestPhrase) {
      last.to = run.to;
    } else found.push({ ...run });
  }
  return found;
}

const longestPhrase = 9;
const articles = new Set(["the", "a", "an", "your", "its", "their", "our", "my"]);

/** The words of a phrase with the article that it takes where it stands alone. */
function written(tokens: readonly string[], { from, to }: Run): string {
  const words = tokens
    .slice(from, to)
    .join(" ")
    .replace(/ ([,.:/’'])/g, "$1")
    .replace(/\bits\b/g, "the");
  const before = (tokens[from - 1] ?? "").toLowerCase();
  const before2 = before === "own" ? (tokens[from - 2] ?? "").toLowerCase() : before;
  const [head = ""] = words.split(/ of /);
  const counts = !/[^su]s$/.test(head) && !masses.has(head.split(" ").at(-1)!.toLowerCase());
  if (/^an?$/.test(before2)) return `${article(words)} ${words}`;
  if (/^(?:the|your|our|my|one|two|three|another)$/.test(before2)) return `${before2} ${words}`;
  if (/^(?:its|their|his|her|this|these)$/.test(before2)) return `the ${words}`;
  if (/^(?:each|every|any|no)$/.test(before2) && counts) return `${article(words)} ${words}`;
  return words;
}

const masses = new Set(
  "information knowledge advice data money content compensation help time leave work evidence action access".split(
    " ",
  ),
);

function article(words: string): string {
  return /^(?:[aeio]|u(?!s|ni|ti))/i.test(words) ? "an" : "a";
}

/** An amount, or a person that a whole policy is about: they tell little of one statement. */
const tellsLittle = /^(?:\d|(?:(?:the|a|an|one|same) )*(?:users?|customers?|clients?|agent)$)/i;

/**
 * Some of the phrases, in their order: as many as it takes for `words` words, `most` of them. What
 * tells little comes where other phrases are too few.
 */
export function somePhrases(
  phrases: readonly string[],
  words: number,
  most: number,
  random: Random,
): string[] {
  const weak = phrases.filter((phrase) => tellsLittle.test(phrase));
  const others = phrases.filter((phrase) => !tellsLittle.test(phrase));
  const chosen = new Set<string>();
  let count = 0;
  for (const phrase of [
    ...random.shuffle(others),
    ...(others.length < 2 ? random.shuffle(weak) : []),
  ]) {
    if (count >= words || chosen.size === most) break;
    chosen.add(phrase);
    count += phrase.split(" ").filter((word) => !isSmall(word)).length;
  }
  return phrases.filter((phrase) => chosen.has(phrase));
}

/** "a, b and c" */
export function enumerate(items: readonly string[]): string {
  return [items.slice(0, -1).join(", "), items.at(-1) ?? ""].filter(Boolean).join(" and ");
}
