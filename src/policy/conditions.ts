import { finiteVerb, firstContentWord, hasVerb, isImperative, wordsOf } from "./grammar.ts";
import {
  auxiliaries,
  determiners,
  inflectedVerbs,
  nounsToo,
  prepositions,
  pronouns,
} from "./lexicon.ts";
import type { Marker } from "./markers.ts";
import { Ink, trim, type Range } from "./prose.ts";
import type { Scope } from "./scope.ts";
import type { Expression } from "./tree.ts";

type Connective = "and" | "or";

/** A sentence that joins more than this by "or" is not one anybody reads as rules. */
const maxParts = 24;

/**
 * Reads the words of a condition into its atoms and how they are joined: "the parcel was late or
 * damaged" → late, or damaged. An atom's text is a whole clause ("the parcel was damaged"), its span
 * the words it comes from.
 */
export function readExpression(
  scope: Scope,
  range: Range,
  marker: Pick<Marker, "complement" | "words">,
): Expression | undefined {
  const core = withoutExamples(scope, scope.core(range));
  const either = /^(?:either|both)\s+/.exec(scope.shadow.slice(core.from, core.to));
  const inner = { from: core.from + (either?.[0].length ?? 0), to: core.to };
  if (inner.from >= inner.to) return undefined;
  if (
    /\b(?:these?|this|that|those) (?:rules?|sections?|polic|conditions?|steps?)|\b(?:section|step|paragraph|clause|article|rule) \d|\bas (?:described|noted|listed|set out) (?:in|above|below)/.test(
      scope.shadow.slice(inner.from, inner.to),
    )
  ) {
    scope.complex = true;
  }
  for (let i = inner.from; i < inner.to; i++)
    if (scope.prose.ink(i) === Ink.reference) scope.complex = true;

  const pieces = marker.complement === "class" ? splitClass(scope, inner) : split(scope, inner);
  return join(
    "and",
    groupsOf(scope, pieces).map((group) => readGroup(scope, group, marker)),
  );
}

/** "… an event such as: a storm": examples make a condition clear and add none. */
function withoutExamples(scope: Scope, { from, to }: Range): Range {
  const text = scope.shadow.slice(from, to);
  const match = /,?\s+(?:such as|for example|for instance|e\.g\.|including)\W*$/.exec(text);
  return { from, to: match === null ? to : from + match.index };
}

function readGroup(
  scope: Scope,
  { parts, joints }: Split,
  marker: Pick<Marker, "complement" | "words">,
): Expression | undefined {
  const own = parts.map((part) => {
    const { from, to } = scope.core(part);
    return {
      range: { from, to },
      text: scope.text.slice(from, to).replace(/^(?:if|when)\s+/i, ""),
    };
  });
  const words = own.map(({ text }) => text);
  const preposition = joints.length > 0 ? firstPreposition(words[0]!) : undefined;
  const texts =
    marker.complement === "class"
      ? completeClasses(words).map((text, i) =>
          classClause(marker.words, i > 0 ? withPreposition(preposition, text) : text),
        )
      : completeClauses(words, joints);
  const atoms = own.map(({ range: at }, i) =>
    scope.condition(at, texts[i], marker.complement === "class"),
  );
  return joinAtoms(atoms, joints);
}

/** The preposition that words begin with. */
function firstPreposition(text: string): string | undefined {
  const first = wordsOf(text)[0]?.text;
  return first !== undefined && prepositions.has(first) ? first : undefined;
}

function withPreposition(preposition: string | undefined, text: string): string {
  return preposition === undefined || firstPreposition(text) !== undefined
    ? text
    : `${preposition} ${text}`;
}

/**
 * What joins single words and phrases binds closer than what joins clauses ("late or damaged and the
 * customer complains"); else "and" binds closer than "or", as everywhere.
 */
function joinAtoms(
  atoms: readonly (Expression | undefined)[],
  joints: readonly Joint[],
): Expression | undefined {
  const clauses: (Expression | undefined)[] = [];
  const between: Connective[] = [];
  let from = 0;
  joints.forEach(({ kind, phrase }, i) => {
    if (phrase) return;
    clauses.push(byPrecedence(atoms.slice(from, i + 1), kindsOf(joints.slice(from, i))));
    between.push(kind);
    from = i + 1;
  });
  clauses.push(byPrecedence(atoms.slice(from), kindsOf(joints.slice(from))));
  return byPrecedence(clauses, between);
}

const kindsOf = (joints: readonly Joint[]): Connective[] => joints.map(({ kind }) => kind);

function byPrecedence(
  atoms: readonly (Expression | undefined)[],
  joints: readonly Connective[],
): Expression | undefined {
  const alternatives: Expression[][] = [[]];
  atoms.forEach((atom, i) => {
    if (i > 0 && joints[i - 1] === "or") alternatives.push([]);
    if (atom !== undefined) alternatives.at(-1)!.push(atom);
  });
  return join(
    "or",
    alternatives.map((parts) => join("and", parts)),
  );
}

/** One expression of several; undefined parts are left out. */
export function join(kind: Connective, parts: (Expression | undefined)[]): Expression | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length > 1 ? { kind, parts: known } : known[0];
}

interface Joint {
  kind: Connective;
  /** The part after it is no clause: words that share theirs with the part before. */
  phrase: boolean;
  /** The word itself stands there, not a comma in its place. */
  explicit: boolean;
}

interface Split {
  parts: Range[];
  joints: Joint[];
}

function split(scope: Scope, range: Range): Split {
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
    ...text.matchAll(/,?\s+(?:and\/or|and|or|but)\s+(?:if\s+|when\s+|either\s+)?|,\s+/g),
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
    const noun = joint === "or" && word !== undefined && sharesNoun(left, right);
    if (
      joint === "or"
        ? !noun && !splitsAtOr(left, rest, word)
        : !isPredicate(right) || (parts.length === 0 && !hasVerb(left))
    )
      return;
    parts.push({ from: range.from + from, to: range.from + separator.index });
    joints.push({ kind: joint, phrase: isPhrase(right), explicit: word !== undefined });
    from = end;
  });
  parts.push({ from: range.from + from, to: range.from + Math.max(from, ended ?? text.length) });
  return { parts, joints };
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
function sharesNoun(left: string, right: string): boolean {
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
    /^(?:more|less|fewer|above|below|later|earlier|older|younger|higher|lower|longer|shorter|over|under|not|so|better|greater|another)\b/.test(
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
function groupsOf(scope: Scope, { parts, joints }: Split): Split[] {
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

/** Gives each part the words that it leaves to its neighbours. */
function completeClauses(parts: readonly string[], joints: readonly Joint[]): string[] {
  const texts = [...parts];
  const preposition = firstPreposition(texts[0] ?? "");
  if (preposition !== undefined && joints.length > 0 && joints.every(({ phrase }) => phrase)) {
    return texts.map((text) => `it is ${withPreposition(preposition, text)}`);
  }
  const relative = withRelative(texts);
  if (relative !== undefined) return relative;
  // "a storm or a strike closed the depot": the verb comes with the last.
  for (let i = texts.length - 2; i >= 0; i--) {
    // After a part with a verb, a part without one leaves out its subject instead.
    if (texts.slice(0, i).some(hasVerb)) continue;
    if (!hasVerb(texts[i]!) && !beginsWithVerb(texts[i]!))
      texts[i] = withPredicateOf(texts[i]!, texts[i + 1]!);
    else if (joints[i]?.kind === "or" && sharesNoun(texts[i]!, texts[i + 1]!)) {
      // "you have a lost or damaged parcel".
      const [first] = wordsOf(texts[i + 1]!);
      const stem = texts[i]!.replace(/[\w-]+$/, "");
      texts[i] = `${texts[i]!}${texts[i + 1]!.slice(first!.to)}`;
      texts[i + 1] =
        `${stem.replace(/\ban? $/i, "")}${/\ban? $/i.test(stem) ? `${article(texts[i + 1]!)} ` : ""}${texts[i + 1]!}`;
    }
  }
  for (let i = 1; i < texts.length; i++) {
    texts[i] = withSubjectOf(texts[i - 1]!, texts[i]!);
  }
  return texts;
}

/** "a fund to which a state, a county or a town is a party": each has the words before and after. */
function withRelative(parts: readonly string[]): string[] | undefined {
  const stem = /^.*\b(?:to|in|of|for|by|with|from|on) which (?=\S)/i.exec(parts[0] ?? "")?.[0];
  const last = parts.at(-1) ?? "";
  const words = wordsOf(last);
  const verb = finiteVerb(words);
  if (stem === undefined || parts.length < 2 || verb <= 0) return undefined;
  if (hasVerb(parts[0]!.slice(stem.length)) || parts.slice(1, -1).some(hasVerb)) return undefined;
  const predicate = last.slice(words[verb]!.from);
  return parts.map((part, i) => {
    const own = i === 0 ? part.slice(stem.length) : part;
    return `${stem}${own}${i < parts.length - 1 ? ` ${predicate}` : ""}`;
  });
}

function beginsWithVerb(text: string): boolean {
  const first = wordsOf(text)[0]?.text ?? "";
  return (
    auxiliaries.has(first) ||
    isImperative(text) ||
    (inflectedVerbs.has(first) && !/ed$/.test(first))
  );
}

function withPredicateOf(part: string, next: string): string {
  if (/^no /i.test(part)) return `there is ${part}`;
  const words = wordsOf(next);
  const verb = finiteVerb(words);
  if (verb <= 0) return part;
  // "a lost or damaged parcel is …": the noun comes with the last, too.
  const noun =
    verb > 1 &&
    !determiners.has(words[0]!.text) &&
    /^(?:(?:an?|the|any|your|its) )?\S+$/i.test(part);
  const from = noun ? words[1]!.from : words[verb]!.from;
  return `${part} ${next.slice(from)}`;
}

const lastCopula =
  /^.*\b(?:is|are|was|were|be|been|being|becomes?|remains?|stays?|isn['’]t|wasn['’]t)\b(?: (?:not|still|already))?(?= )/i;

function withSubjectOf(before: string, part: string): string {
  const words = wordsOf(part);
  const content = firstContentWord(words);
  const first = words[Math.min(content, words.length - 1)]?.text ?? "";
  const participle = /(?:ed|en|ing|lost|sent|paid)$/.test(first);
  const copula = lastCopula.exec(before)?.[0];
  const isPredicateVerb =
    /[^s]s$/.test(first) && inflectedVerbs.has(first) && !nounsToo.has(first.replace(/s$/, ""));
  const verb = isPredicateVerb ? content : finiteVerb(words);
  if (pronouns.has(first)) return part;
  if (isImperative(part)) {
    const infinitive = /^.*\b(?:to|can|cannot|can['’]t|may|must|should|will|not) (?=\w)/i.exec(
      before,
    )?.[0];
    if (infinitive !== undefined) return `${infinitive}${part}`;
  }
  const clause = verb > content && auxiliaries.has(words[verb]!.text);
  if (clause || (verb > content && !(participle && copula !== undefined))) return part;
  const beforeWords = wordsOf(before);
  const beforeVerb = finiteVerb(beforeWords);
  const predicate =
    auxiliaries.has(first) || (inflectedVerbs.has(first) && !(participle && copula !== undefined));
  if (predicate && beforeVerb > 0) {
    return `${before.slice(0, beforeWords[beforeVerb]!.from)}${part}`;
  }
  const object = beforeWords.findLast(({ text }) => /^(?:an?|the|any|your|its|their)$/.test(text));
  if (
    copula !== undefined &&
    determiners.has(first) &&
    object !== undefined &&
    object.from > copula.length + 1
  ) {
    return `${before.slice(0, object.from)}${part}`;
  }
  const phrase =
    /^.*\b(?:of|for|in|with|by|from|to|on|at|under) (?=(?:(?:an?|the) )?[\w-]+$)/i.exec(
      before,
    )?.[0];
  if (
    phrase !== undefined &&
    verb < 0 &&
    !participle &&
    !prepositions.has(first) &&
    phrase.length > (copula?.length ?? 0)
  ) {
    return `${phrase}${part}`;
  }
  if (copula !== undefined) {
    const an = /^an? /i.exec(before.slice(copula.length + 1))?.[0];
    if (an !== undefined && !participle && !determiners.has(first) && !/^["'“‘`]/.test(part)) {
      return `${copula} ${article(part)} ${part}`;
    }
    const after = wordsOf(before.slice(copula.length))[0]?.text ?? "";
    const preposition =
      prepositions.has(after) && !prepositions.has(first) && !/^["'“‘`]/.test(part);
    return preposition && !participle ? `${copula} ${after} ${part}` : `${copula} ${part}`;
  }
  if (determiners.has(first)) {
    const determiner = beforeWords.findLast((word) => determiners.has(word.text));
    if (determiner !== undefined && determiner.from > 0)
      return `${before.slice(0, determiner.from)}${part}`;
  }
  if (prepositions.has(first)) {
    const preposition = beforeWords.find(
      (word, i) => i > beforeVerb && prepositions.has(word.text),
    );
    if (preposition !== undefined) return `${before.slice(0, preposition.from)}${part}`;
  }
  return beforeVerb >= 0 ? `${before.slice(0, beforeWords[beforeVerb]!.to)} ${part}` : part;
}

/** A list of classes names the cases in which the rule holds: its "and" is an "or". */
function splitClass(scope: Scope, range: Range): Split {
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

/** "pending or delivered orders" → pending orders, delivered orders. */
function completeClasses(parts: readonly string[]): string[] {
  const last = parts.at(-1) ?? "";
  const shared = /^\S+ (?<head>.+)$/.exec(last)?.groups?.["head"];
  const determiner = /^(?:an?|the) /i.exec(parts[0] ?? "")?.[0];
  return parts.map((part, i) => {
    const bare = part.replace(/^(?:an?|the) /i, "");
    const elided =
      i < parts.length - 1 &&
      !bare.includes(" ") &&
      shared !== undefined &&
      !prepositions.has(shared.split(" ")[0]!);
    const whole = elided && !/^(?:an?|the) /i.test(last) ? `${part} ${shared}` : part;
    return i > 0 && determiner !== undefined && !/^(?:an?|the|any|your) /i.test(whole)
      ? `${determiner}${whole}`
      : whole;
  });
}

/** A class of cases as a clause: "parcels over 30 kg" → "it is a parcel over 30 kg". */
export function classClause(marker: string, words: string): string {
  if (/request/.test(marker))
    return words === "" || /request/.test(words) ? "it is requested" : `${words} requests it`;
  if (/^in (?:the )?(?:case|event) of/.test(marker)) return `there is ${words}`;
  if (marker === "without") return `there is no ${words.replace(/^(?:an?|the|any) /i, "")}`;
  if (/^(?:multiple|several|many|two|three|no)\b/i.test(words)) return `there are ${words}`;
  if (firstPreposition(words) !== undefined) return `it is ${words}`;
  if (/^(?:in order )?to$/.test(marker)) return `it is to ${words.replace(/^to /i, "")}`;
  if (/^any other\b/i.test(words)) return `it is ${words}`;
  if (!/^(?:for|on|only for|except|with the exception)\b/.test(marker))
    return `it is ${marker} ${words}`;
  const determined = /^(?:an?|any) (.+)$/i.exec(words)?.[1];
  if (determined !== undefined) return `it is ${article(determined)} ${determined}`;
  const [, modifiers = "", head = "", post = ""] =
    /^((?:[^\s]+ )*?)([\p{L}-]+s)((?: (?:over|under|above|below|to|in|from|of|with|without|at|on|up to|more than|less than|[\p{L}]{3,}ed|who|that|which)\b.*)?)$/iu.exec(
      words,
    ) ?? [];
  if (
    head === "" ||
    /(?:ss|us|is)$/i.test(head) ||
    /^(?:the|these|those|your|their|other|such)\b|\b(?:that|who|which|of|by|for|in|with|to)\s/i.test(
      modifiers,
    )
  ) {
    return `it concerns ${words}`;
  }
  const one = `${modifiers}${singular(head)}${post}`.replace(/^[A-Z](?=[a-z]+ )/, (letter) =>
    letter.toLowerCase(),
  );
  return `it is ${article(one)} ${one}`;
}

export function singular(noun: string): string {
  if (/ies$/i.test(noun)) return `${noun.slice(0, -3)}y`;
  if (/(?:wi|li|ni)ves$/i.test(noun)) return `${noun.slice(0, -3)}fe`;
  if (/(?:ss|x|z|ch|sh)es$/i.test(noun)) return noun.slice(0, -2);
  return noun.replace(/s$/i, "");
}

function article(words: string): string {
  return /^(?:[aeio]|u(?!ni|se))/i.test(words) ? "an" : "a";
}
