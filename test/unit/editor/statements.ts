import type { Category, Statement } from "../../../src/policy/statement.ts";

/** A statement with the id and the category; the rest is given where a test looks at it. */
export function statement(
  id: string,
  category: Category = "factual",
  rest: Partial<Statement> = {},
): Statement {
  return {
    id: `s-${id}`,
    category,
    start: 0,
    end: 1,
    line: 1,
    section: [],
    text: id,
    confidence: 1,
    decidedBy: "rules",
    ...rest,
  };
}
