import type { Statement } from "../../statement.ts";
import { leavesOpen } from "../../tree.ts";
import { areCompatible, casesOf, subjectOf, type Exclusive } from "../cases.ts";
import type { Problem, Rule } from "../rule.ts";

/**
 * A condition whose rule is silent where it does not hold. Off by default: most often that nothing
 * happens then goes without saying, and fewer than half of its findings on real policies are worth
 * a sentence.
 */
export const missingOtherSide: Rule = {
  severity: "off",
  *check({ statements, exclusive }): Iterable<Problem> {
    for (const statement of statements) {
      const { category, decision, start, end } = statement;
      if (category !== "simple-conditional" || decision === undefined) continue;
      if (!leavesOpen(decision.tree) || isSaidElsewhere(statement, statements, exclusive)) continue;
      yield {
        start,
        end,
        message: `Nothing says what applies when this is not so: “${decision.conditions[0]!.text}”.`,
      };
    }
  },
};

/** Whether another statement of the section speaks of the same matter where the condition fails. */
function isSaidElsewhere(
  statement: Statement,
  statements: readonly Statement[],
  exclusive: Exclusive,
): boolean {
  const condition = statement.decision!.conditions[0]!;
  const subject = subjectOf(condition);
  const section = statement.section.join("\n");
  return statements
    .filter((other) => other !== statement && other.section.join("\n") === section)
    .flatMap(casesOf)
    .some(
      ({ literals }) =>
        literals.some((literal) => subjectOf(literal.condition) === subject) &&
        areCompatible([...literals, { condition, holds: false }], exclusive),
    );
}
