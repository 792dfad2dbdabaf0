import { testsOf, type TreeNode } from "./tree.ts";

/** A condition of a rule, or its negation. */
export interface Literal {
  condition: string;
  isSo: boolean;
}

/** A rule of a list in which the first that applies decides; without conditions it always applies. */
export interface Rule {
  /** Those that the rule shares with its neighbours, outermost first. */
  shared: readonly Literal[];
  own: Literal | undefined;
  outcome: string;
}

/**
 * A tree as a list of rules, read from top to bottom: what is decided at once comes first, and a
 * part of the tree that is asked further comes with its condition in front of each of its rules.
 */
export function orderedRules(node: TreeNode, shared: readonly Literal[] = []): Rule[] {
  if (node.kind === "leaf") return [{ shared, own: undefined, outcome: node.outcome }];
  const { first, isSo, rest } = sides(node);
  const own = { condition: node.condition, isSo };
  const decided: Rule[] =
    first.kind === "leaf"
      ? [{ shared, own, outcome: first.outcome }]
      : orderedRules(first, [...shared, own]);
  return [...decided, ...orderedRules(rest, shared)];
}

/** Which side of a test is told first: the one that is decided sooner. */
export function sides(node: TreeNode & { kind: "test" }): {
  first: TreeNode;
  isSo: boolean;
  rest: TreeNode;
} {
  const { yes, no } = node;
  return testsOf(no) < testsOf(yes)
    ? { first: no, isSo: false, rest: yes }
    : { first: yes, isSo: true, rest: no };
}
