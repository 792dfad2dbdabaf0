import type { Decision, DecisionNode, Outcome, Span } from "./statement.ts";

/** How conditions are joined before they are a tree: the indices point into a decision's conditions. */
export type Expression =
  | { kind: "atom"; condition: number }
  | { kind: "and" | "or"; parts: Expression[] }
  | { kind: "not"; part: Expression };

/** A rule whose outcome is said elsewhere, in the items of a list: `fill` puts it in. */
export interface OpenRule {
  fill: (outcome: DecisionNode) => DecisionNode;
  /** The rule's own outcome, when it has words for one. */
  outcome: DecisionNode | undefined;
}

export const unstated: DecisionNode = { kind: "unstated" };

/** A tree that grows past this came from a sentence nobody can read as rules. */
const maxNodes = 500;

/** The tree that tests an expression from left to right, and no more of it than it must. */
export function compile(expression: Expression, yes: DecisionNode, no: DecisionNode): DecisionNode {
  switch (expression.kind) {
    case "atom":
      return { kind: "test", condition: expression.condition, yes, no };
    case "not":
      return compile(expression.part, no, yes);
    case "and":
      return expression.parts.reduceRight((rest, part) => compile(part, rest, no), yes);
    case "or":
      return expression.parts.reduceRight((rest, part) => compile(part, yes, rest), no);
  }
}

/** Replaces every leaf. */
export function mapLeaves(
  node: DecisionNode,
  leaf: (node: Exclude<DecisionNode, { kind: "test" }>) => DecisionNode,
): DecisionNode {
  if (node.kind !== "test") return leaf(node);
  return { ...node, yes: mapLeaves(node.yes, leaf), no: mapLeaves(node.no, leaf) };
}

/** The first tree, and the second where the first leaves open what is done. */
export function orElse(first: DecisionNode, second: DecisionNode): DecisionNode {
  if (size(first) * size(second) > maxNodes) return first;
  return mapLeaves(first, (leaf) => (leaf.kind === "unstated" ? second : leaf));
}

/**
 * The first tree, and the second where the first leaves open what is done, without the tests that
 * are decided on the way there: rules that share conditions would make it grow past any bound.
 *
 * @param wordsOf of a condition: two with the same words are one.
 */
export function inOrder(
  first: DecisionNode,
  second: DecisionNode,
  wordsOf: (condition: number) => string,
): DecisionNode {
  let left = maxNodes;
  const walk = (
    node: DecisionNode,
    next: DecisionNode | undefined,
    decided: ReadonlyMap<string, boolean>,
  ): DecisionNode => {
    if (node.kind !== "test") {
      return node.kind === "unstated" && next !== undefined ? walk(next, undefined, decided) : node;
    }
    const words = wordsOf(node.condition);
    const answer = decided.get(words);
    if (answer !== undefined) return walk(answer ? node.yes : node.no, next, decided);
    if (--left < 0) return unstated;
    return {
      ...node,
      yes: walk(node.yes, next, new Map(decided).set(words, true)),
      no: walk(node.no, next, new Map(decided).set(words, false)),
    };
  };
  const whole = walk(first, second, new Map());
  return left < 0 ? first : whole;
}

/** The other side of "only if" and "unless": the rule's words do not apply. */
export function negated(node: DecisionNode): DecisionNode {
  return mapLeaves(node, (leaf) =>
    leaf.kind === "outcome" ? { ...leaf, negated: leaf.negated !== true } : leaf,
  );
}

/** An outcome that always comes, together with those of a tree. */
export function together(always: Outcome, node: DecisionNode): DecisionNode {
  return mapLeaves(node, (leaf) =>
    leaf.kind !== "outcome" || leaf.negated === true ? always : joinOutcomes([always, leaf]),
  );
}

/** What follows wherever a tree's outcomes come. */
export function also(node: DecisionNode, consequence: Outcome): DecisionNode {
  return mapLeaves(node, (leaf) =>
    leaf.kind === "outcome" && leaf.negated !== true ? joinOutcomes([leaf, consequence]) : leaf,
  );
}

/** Whether a case is left in which the tree says nothing. */
export function leavesOpen(node: DecisionNode): boolean {
  if (node.kind === "test") return leavesOpen(node.yes) || leavesOpen(node.no);
  return node.kind === "unstated";
}

/** Two steps of a procedure: the second is taken whatever the first came to. */
export function inTurn(first: DecisionNode, second: DecisionNode): DecisionNode {
  if (size(first) * size(second) > maxNodes) return first;
  return mapLeaves(first, (leaf) =>
    leaf.kind === "outcome" && leaf.negated !== true ? together(leaf, second) : second,
  );
}

/**
 * The outcomes of a tree, each as the end of a sentence that a lead-in began.
 *
 * @param joint what stands between lead-in and outcome.
 */
export function led(lead: Outcome, node: DecisionNode, joint: string): DecisionNode {
  return mapLeaves(node, (leaf) =>
    leaf.kind === "outcome" && leaf.negated !== true
      ? { ...around([lead, leaf]), text: `${lead.text}${joint}${leaf.text}` }
      : leaf,
  );
}

/** Several outcomes that come together, as one, in the order of the text. */
export function joinOutcomes(outcomes: readonly Outcome[]): Outcome {
  const ordered = outcomes.toSorted((a, b) => a.start - b.start);
  const texts = [...new Set(ordered.map(({ text }) => text))];
  const simple = texts.every((text) => !/,|\band\b/.test(text));
  const text = simple
    ? [texts.slice(0, -1).join(", "), texts.at(-1)].filter((part) => part !== "").join(" and ")
    : texts.join("; ");
  return { ...around(outcomes), text };
}

/** Where several outcomes stand, as one: spans that touch or overlap are one part. */
export function around(outcomes: readonly Outcome[]): Omit<Outcome, "text"> {
  const spans = outcomes
    .flatMap(({ start, end, parts }) => parts ?? [{ start, end }])
    .toSorted((a, b) => a.start - b.start);
  const parts: Span[] = [];
  for (const span of spans) {
    const last = parts.at(-1);
    if (last === undefined || span.start > last.end) parts.push({ ...span });
    else last.end = Math.max(last.end, span.end);
  }
  return {
    kind: "outcome",
    start: parts[0]!.start,
    end: parts.at(-1)!.end,
    ...(parts.length > 1 ? { parts } : {}),
  };
}

/** The longest path from root to leaf, in conditions. */
export function depth(node: DecisionNode): number {
  return node.kind === "test" ? 1 + Math.max(depth(node.yes), depth(node.no)) : 0;
}

export function size(node: DecisionNode): number {
  return node.kind === "test" ? 1 + size(node.yes) + size(node.no) : 1;
}

/** The decision in a text where everything stands `by` code units later. */
export function moveDecision({ depth, conditions, tree }: Decision, by: number): Decision {
  return {
    depth,
    conditions: conditions.map((condition) => moved(condition, by)),
    tree: mapLeaves(tree, (leaf) => (leaf.kind === "outcome" ? movedOutcome(leaf, by) : leaf)),
  };
}

function moved<T extends Span>(place: T, by: number): T {
  return { ...place, start: place.start + by, end: place.end + by };
}

function movedOutcome(outcome: Outcome, by: number): Outcome {
  const { parts } = outcome;
  if (parts === undefined) return moved(outcome, by);
  return { ...moved(outcome, by), parts: parts.map((part) => moved(part, by)) };
}
