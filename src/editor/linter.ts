import { lintInSteps, type Finding } from "../policy/lint/lint.ts";
import { readSeverities } from "../policy/lint/settings.ts";
import type { ParsedPolicy } from "../policy/statement.ts";

export interface Linting {
  /** A line for each entry of the setting that makes no sense; it is left out. */
  mistakes: readonly string[];
  /** Rests after each rule; the last step has the findings. */
  steps: Generator<undefined, Finding[]>;
}

/**
 * Begins to lint a policy. Loaded with the first one.
 * @param rules what the user set rules to, as it stands in the settings.
 */
export function beginLinting(text: string, parsed: ParsedPolicy, rules: unknown): Linting {
  const { severities, mistakes } = readSeverities(rules);
  return { mistakes, steps: lintInSteps(text, parsed, { severities }) };
}
