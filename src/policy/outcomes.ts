import type { Bound } from "./grants.ts";
import { hasVerb, isImperative } from "./grammar.ts";
import { frontMarker, markersIn, pastOpening } from "./markers.ts";
import type { Range } from "./prose.ts";
import type { Scope } from "./scope.ts";
import type { DecisionNode, Outcome } from "./statement.ts";
import { around } from "./tree.ts";

/**
 * "The order is closed, and its total is refunded at once if …": the first clause holds in any case.
 */
export function beforeRule(
  scope: Scope,
  range: Range,
): { outcome: Outcome; to: number } | undefined {
  const text = scope.shadow.slice(range.from, range.to);
  if (frontMarker(scope.shadow, range) !== undefined) return undefined;
  const [marker] = markersIn(scope.shadow, range);
  const joint = /,\s+and\s+(?=(?:the|an?|this|that|your|our|their|its|it|they|we|you)\s)/.exec(
    text,
  );
  if (joint === null || marker === undefined) return undefined;
  const at = range.from + joint.index;
  const to = at + joint[0].length;
  const between = scope.shadow.slice(to, marker.from);
  if (marker.from < to || !hasVerb(between) || !hasVerb(text.slice(0, joint.index))) {
    return undefined;
  }
  const outcome = scope.outcome({ from: pastOpening(scope.shadow, range), to: at });
  return outcome === undefined ? undefined : { outcome, to };
}

/**
 * "…, otherwise in 5 to 7 days": the other side has the words of the outcome before it, but for its
 * last adverbial.
 */
export function elseOutcome(
  scope: Scope,
  node: DecisionNode,
  before: Range,
  range: Range,
): Outcome | undefined {
  const own = scope.outcome(range);
  const core = scope.core(range);
  const text = scope.text.slice(core.from, core.to);
  const outcome = firstOutcome(node);
  if (
    own === undefined ||
    outcome === undefined ||
    hasVerb(text) ||
    isImperative(text) ||
    !/^(?:in|on|by|within|at|to|with|after|for|from|as|no)\b/i.test(text)
  )
    return own;
  const preposition = /^\w+/.exec(text)![0];
  const stem = outcome
    .replace(
      /\s+(?:immediately|instantly|directly|automatically|at once|right away|for free|free of charge)$/i,
      "",
    )
    .replace(new RegExp(String.raw`\s+${preposition} (?:\S+ ){0,5}\S+$`, "i"), "");
  const words = scope.text.slice(before.from, before.to).toLowerCase();
  const at = before.from + words.indexOf(stem.toLowerCase());
  const shared = at < before.from ? undefined : scope.outcome({ from: at, to: at + stem.length });
  return {
    ...(shared === undefined ? own : around([shared, own])),
    text: `${stem} ${text}`,
  };
}

function firstOutcome(node: DecisionNode): string | undefined {
  if (node.kind === "outcome") return node.text;
  return node.kind === "test" ? (firstOutcome(node.yes) ?? firstOutcome(node.no)) : undefined;
}

/** "unless it is late, in which case …": what comes of a condition is no part of it. */
export function withOutcome(
  scope: Scope,
  { binding }: Bound["marker"],
  range: Range,
): { range: Range; then: Outcome | undefined } {
  const text = scope.shadow.slice(range.from, range.to);
  const match = /,\s+(?:in which case|where|which)\s+/.exec(text);
  if (match === null) return { range, then: undefined };
  const rest = { from: range.from + match.index + match[0].length, to: range.to };
  const words = text.slice(rest.from - range.from);
  const says =
    binding === "unless" &&
    /(?:in which case|where)\s+$/.test(match[0]) &&
    (hasVerb(words) || isImperative(words));
  const then = says ? scope.outcome(rest) : undefined;
  if (then !== undefined) scope.complex = true;
  return { range: { from: range.from, to: range.from + match.index }, then };
}
