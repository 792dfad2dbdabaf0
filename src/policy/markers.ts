import { isImperative, hasVerb } from "./grammar.ts";
import { Ink, type Prose, type Range } from "./prose.ts";

/**
 * How a condition is bound to its rule: `if` leaves the other side open, `only-if` and `iff` say
 * that the rule does not apply there, `unless` that it applies there and nowhere else.
 */
export type Binding = "if" | "only-if" | "iff" | "unless";

export interface Marker extends Range {
  binding: Binding;
  /** A clause follows ("if the parcel is late"), or a class of cases ("for parcels over 30 kg"). */
  complement: "clause" | "class";
  /** The marker's words, for a person. */
  words: string;
}

/**
 * The text with everything a marker cannot stand in (code, quotations, brackets, titles of sections) replaced by x, and
 * in lower case. It has the same length, so that offsets hold.
 */
export function shadow(prose: Prose): string {
  const x = (match: string): string => "x".repeat(match.length);
  let text = "";
  for (let i = 0; i < prose.text.length; i++) {
    text += prose.ink(i) === Ink.plain ? prose.text[i]! : "x";
  }
  return text
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(/"[^"]{1,500}"|“[^”]{1,500}”|‘[^’]{1,80}’(?!\p{L})/gu, x)
    .replace(/(?<=^|[\s(/])'[^']{1,80}'(?=[\s,.;:)!?/]|$)/g, x)
    .replace(/\([^()]{1,1000}\)/g, (match) =>
      match.length >= text.trim().length - 1 ? match : x(match),
    );
}

const clauseMarkers: readonly [RegExp, Binding][] = [
  [/\bif and only if\b/g, "iff"],
  [
    /\b(?:but )?only (?:if|when|where|in cases? where|as long as|provided(?: that)?|on condition that)\b/g,
    "only-if",
  ],
  [/\b(?:unless|except (?:if|when|where|in cases? where))\b/g, "unless"],
  [
    /\b(?:if and when|if|when|whenever|in cases? (?:where|that|when)|in case(?! of\b)|in the event (?:that|when)|in situations where|(?<!\bat )(?<!\bonly )(?<!\bmore than )once(?= (?:you|we|they|it|he|she|the|your|our|their|its|this|that|these|those|all|both)\b)|provided that(?= (?:the|an?|your|our|you|they|we|it|he|she|no|all|each|any|another)\b)|provided(?: that)?(?= [\w’'-]+(?: [\w’'-]+){0,6} (?:is|are|has|have|was|were|can|cannot|do|does|exceeds?)\b)|providing that|as long as|so long as|on (?:the )?condition that|assuming(?: that)?)\b/g,
    "if",
  ],
];

const classMarkers: readonly [RegExp, Binding][] = [
  [/\b(?:in (?:the )?(?:case|event) of|(?:up)?on request|(?:up)?on the request of)\b/g, "if"],
  [
    /(?:,|\b(?:all|every\w*|any\w*|none|no\w*|always|never)\b[^,]{0,60}?) (?:except|with the exception of)\b(?: for| in| on| to)?/g,
    "unless",
  ],
  [/\bexcept (?:for|in|on|to)\b|\bwith the exception of\b/g, "unless"],
  [/\bonly for\b/g, "only-if"],
];

/** The condition markers within a range, in order, none inside another. */
export function markersIn(text: string, range: Range): Marker[] {
  const part = text.slice(range.from, range.to);
  const found: Marker[] = [];
  const taken = (from: number, to: number): boolean =>
    found.some((marker) => from < marker.to && marker.from < to);
  const collect = (
    patterns: readonly [RegExp, Binding][],
    complement: Marker["complement"],
  ): void => {
    for (const [pattern, binding] of patterns) {
      for (const match of part.matchAll(pattern)) {
        const words = /(?:except|with the exception).*$/.exec(match[0])?.[0] ?? match[0];
        const from = range.from + match.index + match[0].length - words.length;
        const to = range.from + match.index + match[0].length;
        if (taken(from, to) || !binds(text, range, from, to)) continue;
        found.push({ from, to, binding, complement, words: words.trim() });
      }
    }
  };
  collect(clauseMarkers, "clause");
  collect(classMarkers, "class");
  return found.sort((a, b) => a.from - b.from);
}

/** Words before "if" and "when" that make the clause a question or a concession, not a condition. */
const notBound = new RegExp(
  [
    String.raw`\b(?:even|as|what|just|regardless of|no matter|describe|about|exactly|such as|for example)$`,
    String.raw`\b(?:check|verif|see|determin|know|known|find out|confirm|decid|wonder|show|indicat|learn|identif|display)(?:s|y|ies|es|e|ed|ing)?(?: (?:first|again))?$`,
    String.raw`\bask(?:s|ed|ing)?(?: (?:the|an?|your|their|any))?(?: (?!for\b|to\b|about\b)[\w']+)?$`,
  ].join("|"),
);

function binds(text: string, range: Range, from: number, to: number): boolean {
  const before = text.slice(Math.max(range.from, from - 80), from).trimEnd();
  if (notBound.test(before)) return false;
  // "Once the parcel is weighed, print the label" is the order of steps.
  if (text.startsWith("once", from) && (before === "" || /[,;:.]$/.test(before))) return false;
  // "in 1998, when …" tells of a time; "—if not more" is an afterthought.
  if (/\b(?:\d{4}|time|day|moment|date|period),?$/.test(before)) return false;
  if (/[—–-]$/.test(before) && text.startsWith(" not", to)) return false;
  // "if any", "when in doubt, …" stays; "as if" and "what if" went above.
  return !/^ (?:any|ever|at all)(?:[,.;:)]|$)/.test(text.slice(to, to + 12));
}

const opening =
  /^(?:(?:and|but|or|so(?! long\b)|then|also|however|next|again|please|generally|normally|usually|additionally|similarly|likewise|nonetheless|nevertheless|furthermore|moreover|finally|thus|therefore|instead|in general|in addition|in practice|in particular|in that case|in this case|in these cases|note that|please note(?: that|(?=,))|remember that|essentially|(?:once|after|before|until|because|since|although|though|given that|as noted) [^,]{1,160}(?=,))[,:]?\s+|[-–—•*("'\s]+|(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s+|(?:\d{1,3}(?:\.\d{1,3}){1,5}|§\s?\d{1,4}[a-z]?)\.?\s+(?=(?:the|an?|if|unless|when|where|for|in|on|any|no|all|each|every|you|we|only|should)\b))+/;

/** Where a sentence begins, past what only opens it: "However, …", "After confirmation, …". */
export function pastOpening(text: string, range: Range): number {
  const match = opening.exec(text.slice(range.from, range.to));
  return range.from + (match?.[0].length ?? 0);
}

const noClass =
  /^for (?:example|instance|more|further|additional|help|questions?|details?|reference|assistance|now|this|that|these|those|each|every|all|the (?:purposes?|sake|first|last|next|most|avoidance)|your|our|their|convenience|clarity|security|safety|general)\b/;

/** The marker that a clause begins with: "If …,", "For parcels over 30 kg, …", "Except for …, …". */
export function frontMarker(text: string, range: Range): Marker | undefined {
  const from = pastOpening(text, range);
  const rest = text.slice(from, range.to);
  const [first] = markersIn(text, { from, to: range.to });
  if (first?.from === from) return first;
  const make = (words: string, complement: Marker["complement"], binding: Binding): Marker => ({
    from,
    to: from + words.length,
    binding,
    complement,
    words,
  });
  const clause =
    /^(?:where(?= [^,]{3,200},)|as(?= [^,]{3,60} (?:allows?|permits?|requires?),)|while(?= (?:[\w-]+ ){1,4}(?:is|are|remains?)\b[^,]{0,120}[,:])|should(?= (?:the|a|an|you|your|they|any|it)\b[^?]*$))\b/.exec(
      rest,
    );
  if (clause !== null) return make(clause[0], "clause", "if");
  if (
    /^for\b/.test(rest) &&
    !noClass.test(rest) &&
    /^[^,:]{3,160}[,:](?! (?:unless|if|when|except|provided)\b)/.test(rest)
  ) {
    return make("for", "class", "if");
  }
  const other =
    /^(?:outside(?: of)?|during|without|on(?= (?:sun|mon|tues|wednes|thurs|fri|satur|week|holi|bank|public))|(?:over|under|above|below|within|after|more than|less than)(?= (?:the first )?[\d$€£]))\b(?=[^,]{2,120},)/.exec(
      rest,
    );
  return other === null ? undefined : make(other[0], "class", "if");
}

/** Whether the text binds its rule to a condition, as far as markers tell. */
export function statesCondition(text: string): boolean {
  const range = { from: 0, to: text.length };
  return frontMarker(text, range) !== undefined || markersIn(text, range).length > 0;
}

/** Whether words before a marker are too little to be its rule: "Next", "In HEY". */
export function isPrelude(text: string): boolean {
  if (/^(?:[\w'’-]+ ){1,7}that$/i.test(text.trim())) return true;
  return text.trim() === "" || (text.length < 60 && !hasVerb(text) && !isImperative(text));
}
