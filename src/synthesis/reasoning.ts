import type { Fact } from "./facts.ts";
import { clause, inner } from "./wording.ts";

/** What leads to an answer: the statement, by its id, and how each condition stands. */
export function reasoning(fact: Fact): string {
  const tests = fact.tests.map(({ statement, condition, holds }) => {
    const words = inner(clause(statement.decision!.conditions[condition]!.text));
    return `${words}: ${holds ? "yes" : "no"}`;
  });
  return [`by ${fact.statement.id}`, ...tests].join("; ");
}
