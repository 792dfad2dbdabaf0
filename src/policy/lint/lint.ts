import type { Span, Statement } from "../statement.ts";
import { finish } from "../turns.ts";
import { alternativesOf } from "./cases.ts";
import { mask } from "./mask.ts";
import { readOutline } from "./outline.ts";
import type { Problem, Severity, Subject } from "./rule.ts";
import { type RuleId, ruleIds, rules } from "./rules.ts";
import { readSuppressions } from "./suppressions.ts";

export interface LintOptions {
  /** Severities that differ from the rules' own. */
  severities?: Partial<Record<RuleId, Severity>>;
}

export interface Finding extends Problem {
  rule: RuleId;
  severity: Exclude<Severity, "off">;
}

/**
 * Looks for what makes a policy hard to follow or to learn. Pure and synchronous.
 *
 * @param text the file that `parsed` was read from; offsets of findings are UTF-16 code units into it.
 * @returns findings in document order, without those that the author silenced by comment.
 */
export function lintPolicy(text: string, parsed: Linted, options: LintOptions = {}): Finding[] {
  return finish(lintInSteps(text, parsed, options));
}

interface Linted {
  statements: readonly Statement[];
}

/** What is longer (UTF-16 code units) no one wrote as a sentence or a list, and no one reads as one. */
const maxStatement = 10_000;

/** The same, with a rest after each rule, and within those that take long. */
export function* lintInSteps(
  text: string,
  parsed: Linted,
  { severities = {} }: LintOptions = {},
): Generator<undefined, Finding[]> {
  const prose = mask(text);
  const statements = parsed.statements.filter(({ start, end }) => end - start <= maxStatement);
  const subject: Subject = {
    text,
    prose,
    statements,
    outline: readOutline(text, prose),
    exclusive: alternativesOf(statements),
  };
  const suppressions = readSuppressions(text, parsed.statements);
  const findings: Finding[] = [];
  for (const rule of ruleIds) {
    const severity = severities[rule] ?? rules[rule].severity;
    if (severity === "off") continue;
    yield;
    for (const problem of rules[rule].check(subject)) {
      if (problem === undefined) yield;
      else if (!suppressions.silences(rule, problem)) findings.push({ ...problem, rule, severity });
    }
  }
  return findings.sort(byPlace);
}

function byPlace(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end;
}
