import { finiteVerb, hasVerb, isImperative, wordsOf } from "./grammar.ts";
import { determiners, inflectedVerbs, prepositions, pronouns } from "./lexicon.ts";
import { trim, type Range } from "./prose.ts";
import type { Scope } from "./scope.ts";

export type Connective = "and" | "or";

/** A sentence that joins more than this by "or" is not one anybody reads as rules. */
const maxParts = 24;

export interface Joint {
  kind: Connective;
  /** The part after it is no clause: words that share theirs with the part before. */
  phrase: boolean;
  /** The word itself stands there, not a comma in its place. */
  explicit: boolean;
  /** The part after it is a clause with all its words: "… or if the fee is paid". */
  whole?: boolean;
}

export interface Split {
  parts: Range[];
  joints: Joint[];
}

export function split(scope: Scope, range: Range): Split {
  return splitEnumerated(scope, range) ?? splitWords(scope, range);
}

/** "(i) …; (ii) …; or (iii) …" */
function splitEnumerated(scope: Scope, range: Range): Split | undefined {
  const text = scope.text.slice(range.from, range.to);
  const marks = [...text.matchAll(/\((?:[ivx]{1,4}|\d{1,2}|[a-h])\)\s+/g)];
  if (marks.length < 2 || marks.length > maxParts) return undefined;
  const parts = marks.map((mark, i) => {
    const next = marks[i + 1]?.index ?? text.length;
    const from = mark.index + mark[0].length;
    const tail = /[\s;,]*\b(?:and|or)?[\s;,]*$/.exec(text.slice(from, next))?.[0].length ?? 0;
    return trim(scope.text, { from: range.from + from, to: range.from + next - tail });
  });
  const last = text.slice(0, marks.at(-1)!.index);
  const kind: Connective = /\band[\s;,]*$/.test(last) ? "and" : "or";
  return { parts, joints: parts.slice(1).map(() => ({ kind, phrase: false, explicit: false })) };
}

function splitWords(scope: Scope, range: Range): Split {
  const text = scope.shadow.slice(range.from, range.to);
  const separators = [
    ...text.matchAll(
      /,?\s+(?:and\/or|and|or|but)\s+(?:if\s+|when\s+|either\s+)?|,\s+(?:if\s+|when\s+)?/g,
    ),
  ].slice(0, maxParts);
  const parts: Range[] = [];
  const joints: Joint[] = [];
  let from = 0;
  let ended: number | undefined;
  separators.forEach((separator, i) => {
    const word = /\b(and|or|but)\b/.exec(separator[0])?.[1];
    const end = separator.index + separator[0].length;
    const right = text.slice(end, separators[i + 1]?.index ?? text.length);
    const left = text.slice(from, separator.index);
    const joint =
      word === undefined ? inherited(separators, i) : /or/.test(separator[0]) ? "or" : "and";
    if (joint === undefined || left.trim() === "" || right.trim() === "") return;
    if (anyOfThese.test(right)) {
      ended ??= separator.index;
      return;
    }
    // A consequence belongs to the condition that it follows from.
    if (/^(?:thus|so|therefore|hence|consequently|as a result)\b/.test(right)) return;
    const rest = text.slice(end);
    const whole = /\b(?:if|when)\s+$/.test(separator[0]);
    const noun = joint === "or" && word !== undefined && sharesNoun(left, right);
    if (
      !whole &&
      (joint === "or"
        ? !noun && !splitsAtOr(left, rest, word)
        : !isPredicate(right) ||
          (parts.length === 0 && !hasVerb(left) && !joinsClauses(left, right)))
    )
      return;
    parts.push({ from: range.from + from, to: range.from + separator.index });
    joints.push({
      kind: joint,
      phrase: !whole && isPhrase(right),
      explicit: word !== undefined,
      whole,
    });
    from = end;
  });
  parts.push({ from: range.from + from, to: range.from + Math.max(from, ended ?? text.length) });
  return { parts, joints };
}

/** "the manager blocks it and the keys are in hand": a verb that could be a noun, then a whole clause. */
function joinsClauses(left: string, right: string): boolean {
  const [first] = wordsOf(right);
  const subject = first !== undefined && (determiners.has(first.text) || pronouns.has(first.text));
  return (
    subject &&
    finiteVerb(wordsOf(right)) > 0 &&
    wordsOf(left).some(({ text }, i) => i > 0 && inflectedVerbs.has(text) && /[^s]s$/.test(text))
  );
}

/** "… or any combination of these": adds nothing to the alternatives before it. */
const anyOfThese =
  /^(?:some|any|a) (?:combination|mix(?:ture)?)\b|^(?:any|some|all|both|more) of (?:these|those|them|the above|the foregoing)\b/;

/** The word that a comma stands for: that of the next separator that has one. */
function inherited(separators: RegExpExecArray[], i: number): Connective | undefined {
  for (const separator of separators.slice(i + 1)) {
    if (/\bor\b/.test(separator[0])) return "or";
    if (/\band\b/.test(separator[0])) return "and";
  }
  return undefined;
}

/** "a lost or damaged parcel": the noun, and what follows it, stand with the last only. */
export function sharesNoun(left: string, right: string): boolean {
  const words = wordsOf(right);
  const [first, second] = words;
  return (
    /\b(?:an?|the|any|your|its|for|of|in|with|by) [\w-]+$/.test(left.trim()) &&
    first !== undefined &&
    second !== undefined &&
    finiteVerb(words) < 0 &&
    [first, second].every(
      ({ text }) =>
        !determiners.has(text) &&
        !prepositions.has(text) &&
        !pronouns.has(text) &&
        !/^(?:\d.*|us|them|him|me|yourself)$/.test(text),
    )
  );
}

function splitsAtOr(left: string, right: string, word: string | undefined): boolean {
  if (
    /^(?:more|less|fewer|above|below|later|earlier|older|younger|higher|lower|longer|shorter|over|under|not|so|better|greater|another)\b(?! than (?:[$€£]?\d|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|sixty|ninety|an?)\b)/.test(
      right,
    )
  )
    return false;
  // A comma before an aside ("…, for example, …") joins nothing.
  if (word === undefined && /^(?:for|in|such|including|e\.g|i\.e|which|who|as)\b/.test(right))
    return false;
  return !/\b(?:more|one|whether|whatever|between)$/.test(left.trim());
}

/** Whether words can stand as a condition after "and": a clause, or a predicate for the subject before. */
function isPredicate(text: string): boolean {
  const words = wordsOf(text);
  const first = words[0]?.text ?? "";
  return finiteVerb(words) >= 0 || inflectedVerbs.has(first) || /^(?:not$|\w{3,}ing$)/.test(first);
}

/** Whether words have no verb that could carry a clause: "damaged", "a family member". */
function isPhrase(text: string): boolean {
  const words = wordsOf(text);
  const first = words[0]?.text ?? "";
  if (finiteVerb(words) >= 0 || isImperative(text)) return false;
  return !inflectedVerbs.has(first) || /(?:ed|en|lost|sent|paid|made)$/.test(first);
}

/** What follows because of something belongs to all that is said before it. */
const cause =
  /\s(?=(?:because of|due to|owing to|on account of|by reason of|during)\s|for (?:[\w-]+ ){0,3}(?:reasons|purposes)$)/;

/**
 * "letters or parcels from France or Spain" has two groups of alternatives, each closed by its own
 * conjunction. They are cut apart at the preposition that stands between.
 */
export function groupsOf(scope: Scope, { parts, joints }: Split): Split[] {
  const first = joints.findIndex(({ explicit }) => explicit);
  const next = joints.findIndex(({ explicit }, i) => explicit && i > first);
  const middle = parts[first + 1];
  if (first < 0 || next !== first + 1 || next !== joints.length - 1 || middle === undefined) {
    return [{ parts, joints }];
  }
  const text = scope.shadow.slice(middle.from, middle.to);
  const closing = scope.shadow.slice(parts[next + 1]!.from, parts[next + 1]!.to);
  const whole = `${text} or ${closing}`;
  const because = cause.exec(joints[next]!.phrase ? whole : text);
  const phrases = joints.slice(0, next + 1).every(({ phrase }) => phrase);
  const words = wordsOf(text);
  const at = words.findLastIndex((word, i) => i > 0 && prepositions.has(word.text));
  const cut =
    because !== null && because.index < text.length && joints[next]!.phrase
      ? because.index + 1
      : phrases && at > 0 && at < words.length - 1 && words[at]!.text !== "of"
        ? words[at]!.from
        : undefined;
  if (cut === undefined) return [{ parts, joints }];
  return [
    {
      parts: [
        ...parts.slice(0, next),
        trim(scope.text, { from: middle.from, to: middle.from + cut }),
      ],
      joints: joints.slice(0, next),
    },
    {
      parts: [{ from: middle.from + cut, to: middle.to }, ...parts.slice(next + 1)],
      joints: joints.slice(next),
    },
  ];
}

/** A list of classes names the cases in which the rule holds: its "and" is an "or". */
export function splitClass(scope: Scope, range: Range): Split {
  const text = scope.shadow.slice(range.from, range.to);
  const parts: Range[] = [];
  const joints: Joint[] = [];
  let from = 0;
  const word = /\sor\s|\/or\s/.test(text) ? "or" : "and";
  const separators =
    text.includes(` ${word} `) || word === "or"
      ? [...text.matchAll(/,?\s+(?:and\/or|and|or)\s+|,\s+/g)].slice(0, maxParts)
      : [];
  separators.forEach((separator, i) => {
    const end = separator.index + separator[0].length;
    const explicit = /\b(?:and\/or|and|or)\b/.exec(separator[0])?.[0];
    const left = text.slice(from, separator.index);
    const rest = text.slice(end);
    const right = text.slice(end, separators[i + 1]?.index ?? text.length);
    if (!splitsAtOr(left, rest, explicit)) return;
    if ((explicit ?? inherited(separators, i)) === "and" && !listsClasses(left, right)) return;
    parts.push({ from: range.from + from, to: range.from + separator.index });
    joints.push({ kind: "or", phrase: true, explicit: explicit !== undefined });
    from = end;
  });
  parts.push({ from: range.from + from, to: range.to });
  return { parts, joints };
}

/** Whether "and" joins two classes, rather than two words of one: "parcels and letters" does. */
function listsClasses(left: string, right: string): boolean {
  const before = wordsOf(left);
  const after = wordsOf(right);
  // "physical and mental health needs", "jury duty and other court-related leave": one class.
  if (/\bbetween\b/.test(left) || sharesNoun(left, right) || !isPhrase(right)) return false;
  const ends = [before.at(-1)?.text, after.find(({ text }) => !determiners.has(text))?.text];
  return (
    ends.every((word) => word !== undefined && !prepositions.has(word) && !/^\d/.test(word)) &&
    !/^(?:any |all |the )?(?:others?|similar|related|more|further)\b/.test(right)
  );
}
