import type { Decision, DecisionNode, Span } from "../../../src/policy/statement.ts";
import {
  casesOf,
  conditionNames,
  leafOf,
  type Case,
  type LabelledTree,
  type LabelLeaf,
} from "./labels.ts";

/** How a tree of ours differs from a labelled one; the first that applies. */
export const failures = [
  "no tree",
  "conditions cut otherwise",
  "condition missed",
  "condition invented",
  "wrong joint",
  "otherwise side wrong",
  "outcome wrong",
] as const;
export type Failure = (typeof failures)[number];

/** Counts letters and digits between two offsets; addresses of links do not count. */
export type Letters = (start: number, end: number) => number;

export function lettersOf(source: string): Letters {
  const shown = source.replace(/\]\([^()\n]*\)/g, (link) => " ".repeat(link.length));
  const counts = new Uint32Array(source.length + 1);
  for (let i = 0; i < source.length; i++) {
    counts[i + 1] = counts[i]! + (/[\p{L}\p{N}]/u.test(shown[i]!) ? 1 : 0);
  }
  return (start, end) => (start < end ? counts[end]! - counts[start]! : 0);
}

type Place = readonly [number, number];
type Leaf = Exclude<DecisionNode, { kind: "test" }>;

/** More conditions than this are too many cases to ask about, and no sentence has them. */
const maxConditions = 16;

/**
 * Holds a tree of ours against a labelled one.
 *
 * @param threshold the share of letters that makes two spans the same. From one half on, no span is
 * the same as two that do not overlap.
 * @returns undefined when they are the same.
 */
export function compare(
  label: LabelledTree,
  decision: Decision | undefined,
  letters: Letters,
  threshold = 0.5,
): Failure | undefined {
  if (decision === undefined) return "no tree";
  const names = conditionNames(label);
  const matches = decision.conditions.map((condition) =>
    matchCondition(label, condition, letters, threshold),
  );
  const missed = names.some((name) => !matches.some((match) => match?.name === name));
  const invented = matches.some((match) => match === undefined);
  if (missed && invented) return "conditions cut otherwise";
  if (missed) return "condition missed";
  if (invented) return "condition invented";
  if (names.length > maxConditions) throw new RangeError("too many conditions");

  let applies = true;
  let otherwise = true;
  let outcome = true;
  for (const at of casesOf(names, label.exclusive)) {
    const wanted = leafOf(label.tree, at);
    const ours = decide(decision.tree, at, matches);
    const positive = wanted.outcomes.size > 0 && !wanted.negated;
    if (positive !== (ours.kind === "outcome" && ours.negated !== true)) applies = false;
    else if (!positive && !sameKind(wanted, ours)) otherwise = false;
    else if (ours.kind === "outcome" && !sameOutcome(label, wanted, ours, letters, threshold)) {
      outcome = false;
    }
  }
  if (!applies) return "wrong joint";
  if (!otherwise) return "otherwise side wrong";
  return outcome ? undefined : "outcome wrong";
}

interface Match {
  name: string;
  /** Ours is the plain negation of the labelled one. */
  negated: boolean;
}

function matchCondition(
  label: LabelledTree,
  ours: Span,
  letters: Letters,
  threshold: number,
): Match | undefined {
  let best: Match | undefined;
  let most = threshold;
  for (const [name, places] of Object.entries(label.conditions)) {
    for (const [start, end] of places) {
      const shared = letters(Math.max(start, ours.start), Math.min(end, ours.end));
      const share = shared / Math.max(letters(start, end), letters(ours.start, ours.end));
      if (share <= most) continue;
      most = share;
      best = { name: name.replace("!", ""), negated: name.startsWith("!") };
    }
  }
  return best;
}

function decide(node: DecisionNode, at: Case, matches: readonly (Match | undefined)[]): Leaf {
  if (node.kind !== "test") return node;
  const match = matches[node.condition]!;
  const yes = at[match.name] !== match.negated;
  return decide(yes ? node.yes : node.no, at, matches);
}

function sameKind(wanted: LabelLeaf, ours: Leaf): boolean {
  if (wanted.outcomes.size === 0) return ours.kind === "unstated";
  return ours.kind === "outcome" && (ours.negated === true) === wanted.negated;
}

function sameOutcome(
  label: LabelledTree,
  wanted: LabelLeaf,
  ours: Leaf & { kind: "outcome" },
  letters: Letters,
  threshold: number,
): boolean {
  const own: Place[] = (ours.parts ?? [ours]).map(({ start, end }) => [start, end]);
  const total = lettersIn(own, letters);
  let strange = 0;
  for (const [name, places] of Object.entries(label.outcomes)) {
    const covered = shared(own, places, letters);
    const share = covered / lettersIn(places, letters);
    if (wanted.outcomes.has(name) ? share < threshold : share >= threshold) return false;
    if (!wanted.outcomes.has(name)) strange += covered;
  }
  return strange <= (1 - threshold) * total;
}

function lettersIn(places: readonly Place[], letters: Letters): number {
  return places.reduce((sum, [start, end]) => sum + letters(start, end), 0);
}

function shared(a: readonly Place[], b: readonly Place[], letters: Letters): number {
  let sum = 0;
  for (const [from, to] of a) {
    for (const [start, end] of b) sum += letters(Math.max(from, start), Math.min(to, end));
  }
  return sum;
}
