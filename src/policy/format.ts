import type { Condition, Decision, DecisionNode } from "./statement.ts";

/**
 * Writes a decision tree as indented text, for a hover or a terminal:
 *
 *     if its status is 'pending':
 *       an order can be cancelled
 *     else:
 *       not: an order can be cancelled
 */
export function formatDecision({ conditions, tree }: Decision): string {
  return lines(tree, conditions, 0).join("\n");
}

function lines(node: DecisionNode, conditions: readonly Condition[], level: number): string[] {
  const indent = "  ".repeat(level);
  switch (node.kind) {
    case "outcome":
      return [`${indent}${node.negated === true ? "not: " : ""}${node.text}`];
    case "unstated":
      return [`${indent}(not said)`];
    case "test": {
      const condition = conditions[node.condition]?.text ?? "?";
      const yes = [`${indent}if ${condition}:`, ...lines(node.yes, conditions, level + 1)];
      if (node.no.kind === "unstated") return yes;
      if (node.no.kind === "test") {
        const [first, ...rest] = lines(node.no, conditions, level);
        return [...yes, `${indent}else ${first!.trimStart()}`, ...rest];
      }
      return [...yes, `${indent}else:`, ...lines(node.no, conditions, level + 1)];
    }
  }
}
