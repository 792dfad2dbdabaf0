import { wordsOf } from "./grammar.ts";
import { baseVerbs, determiners, pronouns } from "./lexicon.ts";
import type { Marker } from "./markers.ts";
import type { Range } from "./prose.ts";
import type { Scope } from "./scope.ts";

/** A condition with what binds it to its rule. */
export interface Bound {
  marker: Pick<Marker, "binding" | "complement" | "words">;
  /** The condition's words, without the marker. */
  range: Range;
  /** Where the outcome before it ends. */
  from: number;
}

/**
 * A condition that no marker word shows, at the end of an outcome.
 *
 * @param alone the outcome has no other condition: beside one, a cause only tells what it is for.
 */
export function unmarked(scope: Scope, outcome: Range, alone: boolean): Bound | undefined {
  const { from, to } = scope.core(outcome);
  const text = scope.shadow.slice(from, to);
  const found =
    permittedWithin(text) ??
    onlyOn(text) ??
    notAppliedTo(text) ??
    (alone ? grantedFor(text) : undefined);
  if (found === undefined) return undefined;
  const { binding, words, at, after } = found;
  return {
    marker: { binding, complement: "class", words },
    range: { from: from + after, to },
    from: from + at,
  };
}

interface Found {
  binding: Marker["binding"];
  words: string;
  /** Offsets into the text: where the words begin, and where they end. */
  at: number;
  after: number;
}

/** "can be cancelled within 24 hours of booking": a deadline on what is allowed. */
function permittedWithin(text: string): Found | undefined {
  if (!/\b(?:can|may|could|possible|eligible|allowed|permitted|entitled|accepted)\b/.test(text))
    return undefined;
  const match =
    /\bwithin (?:the (?:first|last) )?(?:\d+|[a-z]+) (?:business |working |calendar )?(?:minutes?|hours?|days?|weeks?|months?|years?)\b[^,;]*$/.exec(
      text,
    );
  return match === null ? undefined : found("if", "within", match.index);
}

/** "we can only ship to members or partners": nothing is done for other classes. */
function onlyOn(text: string): Found | undefined {
  const match =
    /\bonly (?:[\w-]+ ){1,3}?(?<words>on|for|to|with|in|from|at) (?=[^,;:]{2,160} or [^,;:]{2,160}$)/.exec(
      text,
    );
  if (match?.groups === undefined) return undefined;
  const words = match.groups["words"]!;
  return found("only-if", words, match.index + match[0].length - words.length - 1);
}

/** "this fee does not apply to students". */
function notAppliedTo(text: string): Found | undefined {
  const match = /\b(?:do|does|did|will|shall)(?: not|n['’]t) apply (?=to (?!the extent\b))/.exec(
    text,
  );
  if (match === null) return undefined;
  const at = match.index + match[0].length;
  return { binding: "if", words: "for", at, after: at + "to".length };
}

/** What an organisation grants for a cause, and not to everybody. */
const benefit =
  /\b(?:leave|time off|days? off|hours? off|refunds?|discounts?|credits?|allowances?|reimbursements?|compensation|vouchers?|waivers?|exemptions?|extensions?|benefits?|coverage|subsid(?:y|ies)|stipends?|bonus(?:es)?|grants?)(?: (?:days?|hours?|each|per|every|a|in(?! order)|during|from|within|of|this)\b[^,;:]{0,60}?)?(?= (?:in order to|for|to) )/;

/** "employees may take leave to vote or to serve on a jury": the cause is a condition. */
function grantedFor(text: string): Found | undefined {
  if (!/\b(?:can|may|able to|entitled to|eligible for|qualif(?:y|ies) for|granted)\b/.test(text)) {
    return undefined;
  }
  const match = benefit.exec(text);
  if (match === null) return undefined;
  const at = match.index + match[0].length + 1;
  const words = /^(?:in order to|for|to)/.exec(text.slice(at))![0];
  const [first, second] = wordsOf(text.slice(at + words.length, at + words.length + 80));
  if (first === undefined) return undefined;
  if (words === "for") {
    const general = /^(?:\d.*|up|however|free|any|all|each|every|example|instance|the|a|an)$/;
    if (pronouns.has(first.text) || first.text === "them" || first.text === "him") return undefined;
    if (general.test(first.text) && !/^(?:the|an?|any)$/.test(first.text)) return undefined;
    // "for the first time", "for any reason", "for a year".
    if (
      general.test(first.text) &&
      /^(?:first|next|last|rest|whole|full|same|reasons?|time|day|week|month|year|period|total|maximum|minimum)$/.test(
        second?.text ?? "",
      )
    )
      return undefined;
  } else if (
    !baseVerbs.has(first.text) ||
    (second !== undefined && /^(?:account|card)$/.test(second.text))
  ) {
    return undefined;
  } else if (determiners.has(first.text)) return undefined;
  return found("if", words, at);
}

function found(binding: Marker["binding"], words: string, at: number): Found {
  return { binding, words, at, after: at + words.length };
}
