import { type Finding, lintPolicy } from "../../../../src/policy/lint/lint.ts";
import type { RuleId } from "../../../../src/policy/lint/rules.ts";
import { parsePolicy } from "../../../../src/policy/parse.ts";

/** What one rule finds in a text, on whatever severity it has by default. */
export function findings(rule: RuleId, text: string): Finding[] {
  const parsed = parsePolicy(text, { path: "desk.md" });
  return lintPolicy(text, parsed, { severities: { [rule]: "warning" } }).filter(
    (finding) => finding.rule === rule,
  );
}

/** The words that one rule marks in a text. */
export function found(rule: RuleId, text: string): string[] {
  return findings(rule, text).map(({ start, end }) => text.slice(start, end));
}
