import { finiteVerb, type Word, wordsOf } from "../policy/grammar.ts";
import {
  auxiliaries,
  baseVerbs,
  determiners,
  prepositions,
  thirdPerson,
} from "../policy/lexicon.ts";
import { clause } from "./wording.ts";

const subjects =
  /^(you|it|its|he|she|they|we|i|the|a|an|no|each|every|all|any|this|that|these|those|your|our|their)\b/i;

/** The plain negation of a clause; falls back to saying that it is not so. */
export function negate(text: string): string {
  const bare = spelled(clause(text));
  const none = /^no (\p{L}+) (is|are)\b/iu;
  if (none.test(bare)) return bare.replace(none, "a $1 $2");
  // "getting a vaccine", "possible": what has no subject has no verb to negate.
  if (/^(?:not )?(?:\p{L}+ing\b|\p{L}+$)/u.test(bare) && !baseVerbs.has(bare)) {
    return bare.startsWith("not ") ? bare.slice(4) : `not ${bare}`;
  }
  if (/ no longer /i.test(bare)) return bare.replace(/ no longer /i, " still ");
  if (/^it concerns /i.test(bare)) return bare.replace(/concerns/i, "does not concern");
  const plainly = /^((?:you|we|they|i) )(\p{L}+ly )(\p{L}+)/iu.exec(bare);
  if (plainly && baseVerbs.has(plainly[3]!)) {
    return `${plainly[1]!}do not ${bare.slice(plainly[1]!.length)}`;
  }
  const words = wordsOf(bare);
  const at = verbIn(words);
  const verb = words[at];
  if (verb === undefined) {
    if (/^(?:do not|never) /i.test(bare)) return bare.replace(/^(?:do not|never) /i, "");
    return subjects.test(bare) ? `it is not so that ${bare}` : `do not ${bare}`;
  }
  const head = bare.slice(0, verb.from);
  const rest = bare.slice(verb.to);
  const negated = auxiliaries.has(verb.text)
    ? negateAuxiliary(verb.text, bare.slice(verb.from, verb.to), rest)
    : negateVerb(verb.text, rest);
  // "It only uses a part" becomes "it does not only use a part".
  if (/ only $/i.test(head) && negated !== undefined) {
    return `${head.slice(0, -5)}${negated.replace(/^(do|does|did) not /, "$1 not only ")}`;
  }
  return negated === undefined
    ? `it is not so that ${bare}`
    : `${head.replace(/\bnever /i, "")}${/\bnever /i.test(head) ? bare.slice(verb.from) : negated}`;
}

const participle =
  /^ (?:already |still |also |just )?(?:been|\p{L}*(?:ed|en|ght|ne|made|paid|sent|lost|put|set))\b/iu;

function negateAuxiliary(verb: string, written: string, rest: string): string | undefined {
  if (verb === "cannot") return `can${rest}`;
  const positive = /^ (?:not|never)(?:, [^,]{1,20},)? /i.exec(rest)?.[0];
  if (positive !== undefined) {
    const after = some(rest.slice(positive.length));
    // "You do not use any of it" becomes "you use some of it".
    if (verb === "do") return after;
    if (verb === "does") return after.replace(/^\p{L}+/u, thirdPerson);
    return `${written} ${after}`;
  }
  switch (verb) {
    case "can":
      return /^ only /i.test(rest) ? `cannot${rest.slice(5)}` : `cannot${rest}`;
    case "has":
    case "have":
      if (participle.test(rest)) return `${written} not${rest}`;
      return `${verb === "has" ? "does" : "do"} not have${rest}`;
    case "needs":
      return `does not need${rest}`;
    case "need":
      return `do not need${rest}`;
    case "had":
      return participle.test(rest) ? `had not${rest}` : `did not have${rest}`;
    default:
      return /['’]/.test(verb) ? undefined : `${written} not${rest}`;
  }
}

/** The finite verb, also one that is a noun as often: "the new address lies in another zone". */
function verbIn(words: readonly Word[]): number {
  const at = finiteVerb(words);
  if (at >= 0) return at;
  return words.findIndex(({ text }, index) => {
    const after = words[index + 1]?.text ?? "";
    if (index < 2 || !/[^s]s$/.test(text)) return false;
    // "a user disputes the complaint": an object follows, so that it is a verb, known or not.
    const opensObject = determiners.has(after) && !determiners.has(words[index - 1]!.text);
    return opensObject || (baseVerbs.has(text.slice(0, -1)) && prepositions.has(after));
  });
}

function negateVerb(verb: string, rest: string): string {
  if (baseVerbs.has(verb)) return `do not ${verb}${rest}`;
  const singular = baseOf(verb, [
    [/ies$/, "y"],
    [/es$/, ""],
    [/s$/, ""],
  ]);
  if (singular !== undefined) return `does not ${singular}${rest}`;
  const past = baseOf(verb, [
    [/ied$/, "y"],
    [/d$/, ""],
    [/ed$/, ""],
  ]);
  const base = past ?? irregular[verb];
  if (base === undefined && /[^s]s$/.test(verb)) return `does not ${verb.slice(0, -1)}${rest}`;
  return `did not ${base ?? verb}${rest}`;
}

const irregular: Readonly<Record<string, string>> = {
  was: "be",
  were: "be",
  had: "have",
  did: "do",
  went: "go",
  gave: "give",
  got: "get",
  made: "make",
  said: "say",
  took: "take",
  came: "come",
  saw: "see",
  knew: "know",
  paid: "pay",
  sent: "send",
  kept: "keep",
  held: "hold",
  left: "leave",
  lost: "lose",
  met: "meet",
  ran: "run",
  told: "tell",
  wrote: "write",
  chose: "choose",
  began: "begin",
  became: "become",
  brought: "bring",
  bought: "buy",
  found: "find",
  forgot: "forget",
  broke: "break",
  lent: "lend",
  felt: "feel",
  meant: "mean",
  sold: "sell",
  spent: "spend",
  stood: "stand",
  thought: "think",
  understood: "understand",
  won: "win",
};

function baseOf(verb: string, endings: readonly (readonly [RegExp, string])[]): string | undefined {
  return endings
    .filter(([ending]) => ending.test(verb))
    .map(([ending, letters]) => verb.replace(ending, letters))
    .find((base) => baseVerbs.has(base));
}

/** Without contractions, which leave no room for a "not". */
function spelled(text: string): string {
  return text
    .replace(/\bcan['’]t\b/gi, "cannot")
    .replace(/\bwon['’]t\b/gi, "will not")
    .replace(/n['’]t\b/gi, " not")
    .replace(/(?<=\p{L})['’]ve\b/giu, " have")
    .replace(/(?<=\p{L})['’]re\b/giu, " are")
    .replace(/\b(it|he|she|that|there)['’]s\b/gi, "$1 is");
}

function some(text: string): string {
  return text.replace(/\banything\b/i, "something").replace(/\bany\b/i, "some");
}
