import { readAlternatives } from "./alternatives.ts";
import { readClassSubject } from "./class-subject.ts";
import { classClause } from "./completion.ts";
import { join, readExpression } from "./conditions.ts";
import { beginsMainClause, hasVerb, isImperative } from "./grammar.ts";
import { unmarked, type Bound } from "./grants.ts";
import { frontMarker, isPrelude, markersIn, pastOpening, type Marker } from "./markers.ts";
import { beforeRule, elseOutcome, withOutcome } from "./outcomes.ts";
import type { Range } from "./prose.ts";
import type { Scope } from "./scope.ts";
import type { DecisionNode, Outcome } from "./statement.ts";
import {
  also,
  compile,
  joinOutcomes,
  negated,
  orElse,
  together,
  unstated,
  type Expression,
  type OpenRule,
} from "./tree.ts";

/**
 * Reads a sentence into a decision tree: its conditions before, after and between its clauses,
 * "otherwise", exceptions, and alternatives per class of cases.
 *
 * @returns undefined when no condition is found.
 */
export function readSentence(scope: Scope, range: Range): DecisionNode | undefined {
  const segments = splitAt(
    scope,
    range,
    /[;,.–—-]?(?<!\b(?:would|could|might|may|will|can|not))\s+(?:(?:and|or|but)\s+)?(?:otherwise|or else|if not)\b,?\s*/g,
  );
  const [first, ...others] = segments;
  if (first === undefined) return undefined;
  const always = beforeRule(scope, first);
  const ruled = { from: always?.to ?? first.from, to: first.to };
  let node = readClauses(scope, ruled);
  for (const other of others) {
    if (node === undefined) return readClauses(scope, other);
    scope.cue("otherwise");
    scope.complex = true;
    const otherwise = readClauses(scope, other) ?? elseOutcome(scope, node, ruled, other);
    if (otherwise !== undefined) node = orElse(node, otherwise);
  }
  return node === undefined || always === undefined ? node : together(always.outcome, node);
}

/** The rule that a lead-in opens: "If the parcel is lost:", "We cancel accounts that …, if …:". */
export function readOpenRule(scope: Scope, range: Range): OpenRule | undefined {
  const pieces = splitPieces(scope, range);
  const last = pieces.at(-1);
  return last === undefined ? undefined : openRule(scope, last);
}

function splitAt(scope: Scope, range: Range, separator: RegExp): Range[] {
  const text = scope.shadow.slice(range.from, range.to);
  const parts: Range[] = [];
  let from = 0;
  for (const match of text.matchAll(separator)) {
    // At the very start it refers to the statement before.
    const before = text.slice(from, match.index);
    if (before.trim() === "") continue;
    // "either do this or else that" is a choice, not the other side of a condition.
    if (match[0].includes("or else") && /\beither\b/.test(before)) continue;
    parts.push({ from: range.from + from, to: range.from + match.index });
    from = match.index + match[0].length;
  }
  parts.push({ from: range.from + from, to: range.to });
  return parts.filter((part) => part.from < part.to);
}

/** "it is more", "it does not": the other side of the condition before. */
const complement =
  /^(?:it|they|he|she|this|that|the \w+) (?:is|are|was|were|does|do|did|has|have)(?:n['’]t| not)?(?: (?:not|more|less|fewer|higher|lower|longer|shorter|later|earlier|above|below|over|under|heavier|lighter)(?: than (?:that|this))?)?$/;

function readClauses(scope: Scope, range: Range): DecisionNode | undefined {
  const alternatives = readAlternatives(scope, range);
  if (alternatives !== undefined) return alternatives;
  let node: DecisionNode | undefined;
  for (const piece of splitPieces(scope, range)) {
    const known = scope.conditions.length;
    const next = openRule(scope, piece);
    if (next === undefined) {
      const follows = /,\s+so\s+$/.test(scope.shadow.slice(range.from, piece.from));
      const consequence = follows && node !== undefined ? scope.outcome(piece) : undefined;
      if (node !== undefined && consequence !== undefined) node = also(node, consequence);
      continue;
    }
    const closed = next.outcome === undefined ? undefined : next.fill(next.outcome);
    if (closed === undefined) continue;
    if (node === undefined) {
      node = closed;
      continue;
    }
    scope.complex = true;
    const [only] = scope.conditions.slice(known);
    const isElse =
      only !== undefined &&
      scope.conditions.length === known + 1 &&
      complement.test(only.text) &&
      next.outcome !== undefined;
    if (isElse) {
      scope.conditions.pop();
      node = orElse(node, next.outcome!);
    } else node = orElse(node, closed);
  }
  return node;
}

/**
 * Cuts a sentence into clauses that can each be a rule. A condition at the front of one reaches to
 * the end of its main clause, whatever that joins by "and".
 */
function splitPieces(scope: Scope, range: Range): Range[] {
  const pieces: Range[] = [];
  let from = range.from;
  const newRule =
    /;\s+(?:and\s+|or\s+|but\s+)?|,?\s+(?:and|but|so),?\s+(?=(?:if|when|unless|for (?!example|instance)[^,]{3,80}, )\b)|,\s+so\s+(?!that\b|long as\b|far as\b)|(?:,\s+(?:but|while|whereas)|,?\s+but)\s+(?=\w+(?: \w+){0,5} (?:must|should|can|cannot|may|will|is|are|do|does|has|have|pays?|gets?)\b)/g;
  const newClause =
    /,?\s+(?:and|but|so)\s+(?=(?:you|we|they|he|she|it|the|an?|this|that|these|each|every|your|our|their|its|no)\s(?:[\w-]+\s){0,5}?(?:must|should|can|cannot|may|will|shall|won['’]t|can['’]t|needs? to|ha(?:s|ve) to)\b)/g;
  while (from < range.to) {
    const rest = { from, to: range.to };
    const front = frontMarker(scope.shadow, rest);
    const start =
      front === undefined
        ? from
        : (conditionEnd(scope, { from: front.to, to: range.to }) ?? range.to);
    const text = scope.shadow.slice(start, range.to);
    const enumerated = /\([ivx\d]+\)/.test(scope.text.slice(start, range.to));
    const cuts = front === undefined ? [newRule, newClause] : [newRule];
    let cut: { index: number; length: number } | undefined;
    for (const pattern of cuts) {
      for (const match of text.matchAll(pattern)) {
        if (enumerated && match[0].startsWith(";")) continue;
        if (scope.shadow.slice(from, start + match.index).trim() === "") continue;
        if (cut === undefined || match.index < cut.index)
          cut = { index: match.index, length: match[0].length };
        break;
      }
    }
    const end = cut === undefined ? range.to : start + cut.index;
    pieces.push({ from, to: end });
    from = cut === undefined ? range.to : end + cut.length;
  }
  return pieces;
}

const nextMark = /^,\s+(?:(?:and|or)\s+)?\((?:[ivx]{1,4}|\d{1,2})\)\s/;

/** Where the condition at the front of a clause ends and its main clause begins. */
function conditionEnd(scope: Scope, range: Range): number | undefined {
  const whole = scope.shadow.slice(range.from, range.to);
  const enumerated = /\([ivx\d]+\)/.test(scope.text.slice(range.from, range.to));
  const text = enumerated ? whole : whole.replace(/;.*$/, "");
  const then = /,?\s+then\b,?/.exec(text);
  const label = /^[^,]*?:(?=\s|$)/.exec(text);
  if (label !== null) return range.from + label[0].length;
  const commas = [...text.matchAll(/,/g)]
    .map(({ index }) => index)
    // "if (i) it is late, (ii) …": what is enumerated goes on.
    .filter((at) => !enumerated || !nextMark.test(scope.text.slice(range.from + at, range.to)));
  // "if, at the time of booking, you …", "if at the time that you book, you …, we …".
  const adverbial =
    commas.length > 1 && /^\s*(?:at|in|on|by|before|during|upon|as of)\s/.test(text);
  for (const comma of commas.slice(adverbial ? 1 : 0, 40)) {
    const rest = text.slice(comma + 1);
    if (beginsMainClause(rest)) return range.from + comma + 1;
  }
  if (then !== null && then.index > 0) return range.from + then.index;
  for (const comma of commas.slice(0, 40)) {
    const rest = text.slice(comma + 1);
    if (!/^\s*(?:or|and)\b/.test(rest) && (hasVerb(rest) || isImperative(rest)))
      return range.from + comma + 1;
  }
  const only = commas.length === 1 ? commas[0] : undefined;
  if (only !== undefined) return range.from + only + 1;
  // No comma: "if you change your mind you'll need to …".
  const subject =
    /(?<=^\W*(?:\S+\s+){2,30})(?=(?:(?:you|we|they|it|he|she)(?:['’]ll\b| (?:must|should|can|cannot|may|will|shall|need|have to)\b)|(?:the|an?) (?:\w+ ){1,3}(?:must|should|can|cannot|may|will|shall)\b|please\b|do not\b|never\b))/.exec(
      text,
    );
  return subject === null || !hasVerb(text.slice(0, subject.index))
    ? undefined
    : range.from + subject.index;
}

/** The markers of the conditions that follow an outcome; "if …, if … or if …" is one condition. */
function trailingMarkers(scope: Scope, range: Range): Marker[] {
  const markers = markersIn(scope.shadow, range);
  /** What stands between a marker's condition and the next marker, if both could be of one list. */
  const between = (i: number): string => {
    const [before, marker] = [markers[i - 1], markers[i]];
    const alike =
      before?.binding === marker?.binding &&
      before?.complement === "clause" &&
      /^(?:if|when)$/.test(marker?.words ?? "");
    return alike ? scope.shadow.slice(before.to, marker!.from) : "";
  };
  // From the last, because a comma joins what a word further on joins.
  const continues: boolean[] = [];
  for (let i = markers.length - 1; i >= 0; i--) {
    const words = between(i);
    continues[i] =
      /\b(?:and|or)\s*$/.test(words) || (/,\s*$/.test(words) && continues[i + 1] === true);
  }
  return markers.filter((_, i) => continues[i] !== true);
}

/** Reads one clause with its conditions; undefined when it has none. */
function openRule(scope: Scope, given: Range): OpenRule | undefined {
  const piece = withoutLabel(scope, given);
  const fronts: Bound[] = [];
  let main: Range = piece;
  for (
    let front = frontMarker(scope.shadow, main);
    front !== undefined && fronts.length < 4;
    front = frontMarker(scope.shadow, main)
  ) {
    const end = conditionEnd(scope, { from: front.to, to: piece.to });
    fronts.push({
      marker: front,
      range: { from: front.to, to: end ?? piece.to },
      from: front.from,
    });
    main = { from: end ?? piece.to, to: piece.to };
  }
  const trailing = trailingMarkers(scope, main);
  const [first] = trailing;
  if (
    fronts.length === 0 &&
    first !== undefined &&
    isPrelude(scope.shadow.slice(main.from, first.from))
  ) {
    const end = conditionEnd(scope, { from: first.to, to: piece.to });
    if (end !== undefined) {
      fronts.push({ marker: first, range: { from: first.to, to: end }, from: first.from });
      main = { from: end, to: piece.to };
      trailing.splice(0, trailing.length, ...trailingMarkers(scope, main));
    }
  }
  const backs = trailing.map((marker, i): Bound => {
    const to = trailing[i + 1]?.from ?? main.to;
    return { marker, range: { from: marker.to, to }, from: marker.from };
  });
  let outcomeRange = { from: main.from, to: trailing[0]?.from ?? main.to };
  const last = unmarked(scope, outcomeRange, fronts.length + backs.length === 0);
  if (last !== undefined) {
    backs.unshift(last);
    outcomeRange = { from: outcomeRange.from, to: last.from };
  }
  if (fronts.length === 0 && backs.length === 0) return readClassSubject(scope, piece);
  const inner = fronts.length > 0 ? lastOnly(scope, main, backs) : undefined;

  outcomeRange = { from: pastOpening(scope.shadow, outcomeRange), to: outcomeRange.to };
  const words = scope.shadow.slice(outcomeRange.from, outcomeRange.to);
  const restricts =
    /\b(?:can|may|could|must|should|will|is|are|be|do|does)(?: \w+)? only\b|\bonly (?:be\b|\w+ed\b)/.test(
      words,
    );
  const bindings = (inner === undefined ? backs : []).map(({ marker, range }) => {
    scope.cue(marker.words);
    const binding = marker.binding === "if" && restricts ? "only-if" : marker.binding;
    const { range: own, then } = withOutcome(scope, marker, range);
    return { binding, expression: readBound(scope, marker, own), then };
  });
  const openers = fronts.map(({ marker, range }) => {
    scope.cue(marker.words);
    return {
      binding: marker.binding,
      expression: readBound(scope, marker, range),
      then: undefined,
    };
  });
  const known = [...bindings, ...openers].filter(({ expression }) => expression !== undefined);
  if (known.length === 0) return undefined;
  const text = scope.text.slice(outcomeRange.from, outcomeRange.to);
  const unrestricted = backs.length > 0 ? text.replace(/\bonly (?!one\b|once\b)/, "") : text;
  const core = scope.core({ from: outcomeRange.from, to: outcomeRange.to });
  const said =
    inner ??
    (/[\p{L}\p{N}]/u.test(text)
      ? scope.outcome(outcomeRange, tidy(unrestricted, scope.text.slice(core.from, core.to)))
      : undefined);
  return {
    outcome: said,
    fill: (outcome) => {
      const exceptions = bindings.filter(({ binding }) => binding === "unless");
      const conditions = bindings.filter(({ binding }) => binding !== "unless");
      return [...exceptions, ...conditions, ...openers].reduce<DecisionNode>(
        (node, { binding, expression, then }) => bind(node, binding, expression, then),
        outcome,
      );
    },
  };
}

/**
 * "If it is late, apologise and refund the fee if the customer asks": after a condition at the front,
 * one at the end belongs to the last of the outcomes.
 */
function lastOnly(scope: Scope, main: Range, backs: readonly Bound[]): DecisionNode | undefined {
  const [bound] = backs;
  if (backs.length !== 1 || bound === undefined || bound.marker.binding !== "if") return undefined;
  const text = scope.shadow.slice(main.from, bound.from);
  const joint = [...text.matchAll(/,?\s+(?:and|but)\s+(?:also\s+|then\s+)?/g)].findLast(
    ({ 0: { length }, index }) => {
      const rest = text.slice(index + length);
      return isImperative(rest) || /^(?:you|we|they|he|she|it)\b/.test(rest);
    },
  );
  if (joint === undefined) return undefined;
  const first = { from: pastOpening(scope.shadow, main), to: main.from + joint.index };
  const start = main.from + joint.index + joint[0].length;
  const modal = /^.*?\b(?:must|should|can|may|will|shall)\b/i.exec(
    scope.text.slice(first.from, first.to),
  )?.[0];
  const own = scope.text.slice(start, bound.from);
  const always = scope.outcome(first);
  const last = scope.outcome(
    { from: start, to: bound.from },
    modal !== undefined && isImperative(own) ? `${modal} ${own}` : own,
  );
  if (always === undefined || last === undefined) return undefined;
  scope.cue(bound.marker.words);
  const expression = readBound(scope, bound.marker, bound.range);
  if (expression === undefined) return undefined;
  return compile(expression, joinOutcomes([always, last]), always);
}

function bind(
  node: DecisionNode,
  binding: Marker["binding"],
  expression: Expression | undefined,
  exception: Outcome | undefined,
): DecisionNode {
  if (expression === undefined) return node;
  switch (binding) {
    case "if":
      return compile(expression, node, unstated);
    case "only-if":
    case "iff":
      return compile(expression, node, negated(node));
    case "unless":
      return compile(expression, exception ?? negated(node), node);
  }
}

function readBound(scope: Scope, marker: Bound["marker"], range: Range): Expression | undefined {
  const text = scope.text.slice(range.from, range.to);
  if (/^(?:up)?on (?:the )?request/.test(marker.words)) {
    const from = range.from - marker.words.length;
    return scope.condition({ from, to: range.from }, classClause(marker.words, text.trim()));
  }
  // "when and if we …"; "if and when".
  return join("and", [readExpression(scope, range, marker)]);
}

/** "HEY: if you have paid, …" → the clause after the label. */
function withoutLabel(scope: Scope, range: Range): Range {
  const text = scope.shadow.slice(range.from, range.to);
  const label = /^[^:,.]{1,60}:\s+(?=\S)/.exec(text)?.[0];
  if (label === undefined || hasVerb(label)) return range;
  const rest = { from: range.from + label.length, to: range.to };
  const labelled =
    frontMarker(scope.shadow, range) === undefined && frontMarker(scope.shadow, rest) !== undefined;
  return labelled ? rest : range;
}

function tidy(words: string, core: string): string {
  const clean = words
    .trim()
    .replace(/^(?:(?:then|and|but|so|also|however|please)\b,?\s+|[-–—,;:•\s]+)+/i, "")
    .replace(/[\s,;:.!?–—-]+$/, "");
  return clean === "" ? core : clean;
}
