import { pathsOf, type Place, type PolicyTree, type Turn } from "../../../src/benchmark/tree.ts";
import type {
  Condition,
  DecisionNode,
  Outcome,
  Span,
  Statement,
} from "../../../src/policy/statement.ts";

/** What one of our conditions is among the generator's; the request itself is one, too. */
type Meaning = { condition: string; negated: boolean } | "request";

/**
 * Holds the statements of a document against a tree that it was written from.
 *
 * @returns what differs, or undefined when the tree is found.
 */
export function found(tree: PolicyTree, statements: readonly Statement[]): string | undefined {
  const places = Object.values(tree.places).flat();
  const told = statements.filter((statement) =>
    places.some((place) => overlap(place, statement) > 0),
  );
  const meanings = new Map<Condition, Meaning>();
  for (const { decision } of told) {
    for (const condition of decision?.conditions ?? []) {
      const meaning = meaningOf(condition, tree);
      if (meaning === undefined) return `a condition of its own: “${condition.text}”`;
      meanings.set(condition, meaning);
    }
  }
  for (const { turns, outcome } of pathsOf(tree.root)) {
    for (const filler of [false, true]) {
      const read = decide(told, meanings, turns, filler);
      if (read === undefined) return `nothing is said where ${outcome} comes`;
      const wanted = tree.places[outcome]!;
      if (!wanted.some((place) => share(place, read) > 0.5)) {
        return `“${read.text}” where ${outcome} comes`;
      }
    }
  }
  return undefined;
}

/** The first of the statements that says what comes; what no condition is asked of counts as `filler`. */
function decide(
  statements: readonly Statement[],
  meanings: ReadonlyMap<Condition, Meaning>,
  turns: readonly Turn[],
  filler: boolean,
): Outcome | undefined {
  const known = new Map(turns.map(({ condition, holds }) => [condition, holds]));
  for (const { decision } of statements) {
    if (decision === undefined) continue;
    let node: DecisionNode = decision.tree;
    while (node.kind === "test") {
      const meaning = meanings.get(decision.conditions[node.condition]!)!;
      const holds =
        meaning === "request" || (known.get(meaning.condition) ?? filler) !== meaning.negated;
      node = holds ? node.yes : node.no;
    }
    if (node.kind === "outcome" && node.negated !== true) return node;
  }
  return undefined;
}

function meaningOf(condition: Condition, tree: PolicyTree): Meaning | undefined {
  for (const { id } of tree.conditions) {
    const place = tree.places[id]!.find((each) => share(each, condition) > 0.6);
    if (place !== undefined) return { condition: id, negated: place.negated === true };
  }
  const touches = Object.values(tree.places)
    .flat()
    .some((place) => overlap(place, condition) > 0);
  return touches ? undefined : "request";
}

/** Of the longer of two spans, how much the other covers. */
function share(place: Place, span: Span & { parts?: Span[] | undefined }): number {
  const parts = span.parts ?? [span];
  const length = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  const shared = parts.reduce((sum, part) => sum + overlap(place, part), 0);
  return shared / Math.max(length, place.end - place.start);
}

function overlap(one: Span, other: Span): number {
  return Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start));
}
