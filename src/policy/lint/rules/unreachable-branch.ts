import type { DecisionNode, Outcome, Span, Statement } from "../../statement.ts";
import { areCompatible, type Exclusive, type Literal } from "../cases.ts";
import type { Problem, Rule } from "../rule.ts";

/** A branch whose conditions cannot all hold: whatever the case, its outcome never applies. */
export const unreachableBranch: Rule = {
  severity: "warning",
  *check({ statements, exclusive }): Iterable<Problem> {
    for (const statement of statements) yield* branches(statement, exclusive);
  },
};

function* branches({ decision, start, end }: Statement, exclusive: Exclusive): Iterable<Problem> {
  if (decision === undefined) return;
  const reported = new Set<number>();
  const stack: { node: DecisionNode; literals: readonly Literal[] }[] = [
    { node: decision.tree, literals: [] },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, literals } = top;
    if (node.kind !== "test") continue;
    const condition = decision.conditions[node.condition];
    if (condition === undefined) continue;
    for (const holds of [false, true]) {
      const child = holds ? node.yes : node.no;
      const way = [...literals, { condition, holds }];
      const said = outcomeOf(child);
      const outcome = said && ownWords(said);
      if (outcome === undefined || outcome.start < start || outcome.end > end) continue;
      if (areCompatible(way, exclusive)) stack.push({ node: child, literals: way });
      else if (
        !reported.has(outcome.start) &&
        !reached(decision.tree, outcome, decision.conditions, exclusive)
      ) {
        reported.add(outcome.start);
        const decisive =
          literals.findLast((known) => !areCompatible([known, { condition, holds }], exclusive)) ??
          literals.at(-1);
        const after = `${decisive?.holds === false ? "not: " : ""}${decisive?.condition.text ?? ""}`;
        yield {
          start: outcome.start,
          end: outcome.end,
          message: `This never applies: “${condition.text}” ${holds ? "cannot hold" : "always holds"} after “${after}”.`,
          related: [
            { start: condition.start, end: condition.end, message: "The condition that decides" },
          ],
        };
      }
    }
  }
}

/** The first outcome below a node that is said and not merely implied. */
function outcomeOf(node: DecisionNode): Outcome | undefined {
  if (node.kind === "outcome") return node.negated === true ? undefined : node;
  return node.kind === "test" ? (outcomeOf(node.yes) ?? outcomeOf(node.no)) : undefined;
}

/** The words that an outcome shares with no other: several may begin with those of one lead-in. */
function ownWords({ start, end, parts }: Outcome): Span {
  return parts?.at(-1) ?? { start, end };
}

/** Whether another way leads to the same words, alone or together with others. */
function reached(
  tree: DecisionNode,
  outcome: Span,
  conditions: NonNullable<Statement["decision"]>["conditions"],
  exclusive: Exclusive,
): boolean {
  const walk = (node: DecisionNode, literals: readonly Literal[]): boolean => {
    if (node.kind === "outcome") {
      const words = node.parts ?? [node];
      return (
        words.some(({ start, end }) => start <= outcome.start && outcome.end <= end) &&
        areCompatible(literals, exclusive)
      );
    }
    if (node.kind === "unstated") return false;
    const condition = conditions[node.condition]!;
    return (
      walk(node.yes, [...literals, { condition, holds: true }]) ||
      walk(node.no, [...literals, { condition, holds: false }])
    );
  };
  return walk(tree, []);
}
