import { sectionKey } from "../../match.ts";
import type { Statement } from "../../statement.ts";
import { leavesOpen } from "../../tree.ts";
import { areCompatible, casesOf, subjectOf, type Exclusive } from "../cases.ts";
import type { Problem, Rule, Subject } from "../rule.ts";

/**
 * Every condition whose rule is silent where it does not hold. Off unless asked for: most often it
 * goes without saying that nothing happens then, and few of its findings are worth a sentence.
 * `missing-other-side` has those where it does not go without saying.
 */
export const openCondition: Rule = {
  severity: "off",
  *check(subject: Subject): Iterable<Problem> {
    for (const { statement, text } of openConditions(subject)) {
      yield {
        start: statement.start,
        end: statement.end,
        message: `Nothing says what applies when this is not so: “${text}”.`,
      };
    }
  },
};

/** The simple conditionals whose other side no statement of their section speaks of. */
export function* openConditions({
  statements,
  exclusive,
}: Subject): Generator<{ statement: Statement; text: string; neighbours: readonly Statement[] }> {
  const sections = new Map<string, Statement[]>();
  for (const statement of statements) {
    const key = sectionKey(statement.section);
    const known = sections.get(key);
    if (known === undefined) sections.set(key, [statement]);
    else known.push(statement);
  }
  for (const statement of statements) {
    const { category, decision } = statement;
    if (category !== "simple-conditional" || decision === undefined) continue;
    if (!leavesOpen(decision.tree)) continue;
    const neighbours = sections
      .get(sectionKey(statement.section))!
      .filter((other) => other !== statement);
    if (isSaid(statement, neighbours, exclusive)) continue;
    yield { statement, text: decision.conditions[0]!.text, neighbours };
  }
}

/** Whether another statement speaks of the same matter where the condition fails. */
function isSaid(
  statement: Statement,
  neighbours: readonly Statement[],
  exclusive: Exclusive,
): boolean {
  const condition = statement.decision!.conditions[0]!;
  const subject = subjectOf(condition);
  return neighbours.some(
    (other) =>
      other.decision?.conditions.some((its) => subjectOf(its) === subject) === true &&
      casesOf(other).some(({ literals }) =>
        areCompatible([...literals, { condition, holds: false }], exclusive),
      ),
  );
}
