import { formatDecision } from "../../../src/policy/format.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Decision } from "../../../src/policy/statement.ts";

export function decisionOf(text: string): Decision {
  const decision = parsePolicy(text, { path: "a.md" }).statements.at(-1)?.decision;
  if (decision === undefined) throw new Error(`no decision was read from: ${text}`);
  return decision;
}

export const tree = (text: string): string => formatDecision(decisionOf(text));

/** Writes a tree the short way, for comparison. */
export const lines = (...rows: string[]): string => rows.join("\n");
