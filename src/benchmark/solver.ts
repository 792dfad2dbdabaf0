import type { Condition, Outcome, PolicyTree, Turn, Value } from "./tree.ts";

/** What is so in a case, by the key of a variable. */
export type Facts = ReadonlyMap<string, Value>;

export interface Solution {
  outcome: Outcome;
  /** The tests on the way, in order. */
  turns: Turn[];
}

/**
 * Decides a case by the tree alone: it knows nothing of how the document words it.
 *
 * @throws RangeError when a fact that the tree asks for is not given.
 */
export function solve(tree: PolicyTree, facts: Facts): Solution {
  const turns: Turn[] = [];
  let node = tree.root;
  while (node.kind === "test") {
    const { condition: id, yes, no } = node;
    const condition = tree.conditions.find((each) => each.id === id)!;
    const value = facts.get(condition.variable.key);
    if (value === undefined) throw new RangeError(`no value for ${condition.variable.key}`);
    const held = holds(condition, value);
    turns.push({ condition: id, holds: held });
    node = held ? yes : no;
  }
  const { outcome } = node;
  return { outcome: tree.outcomes.find(({ id }) => id === outcome)!, turns };
}

export function holds({ operator, value: bound }: Condition, value: Value): boolean {
  switch (operator) {
    case "eq":
      return value === bound;
    case "gt":
      return value > bound;
    case "ge":
      return value >= bound;
    case "lt":
      return value < bound;
    case "le":
      return value <= bound;
  }
}
