import { z } from "zod";
import { type Severity, severities } from "./rule.ts";
import { type RuleId, ruleIds } from "./rules.ts";

const Entries = z.record(z.string(), z.unknown());
const Entry = z.object({ rule: z.enum(ruleIds), severity: z.enum(severities) });

/**
 * Reads what a user set rules to.
 *
 * @returns the severities that make sense, and a line for each entry that does not.
 */
export function readSeverities(value: unknown): {
  severities: Partial<Record<RuleId, Severity>>;
  mistakes: string[];
} {
  const entries = Entries.safeParse(value ?? {});
  if (!entries.success) return { severities: {}, mistakes: ["It must be an object of rules."] };
  const read: Partial<Record<RuleId, Severity>> = {};
  const mistakes: string[] = [];
  for (const [rule, severity] of Object.entries(entries.data)) {
    const entry = Entry.safeParse({ rule, severity });
    if (entry.success) read[entry.data.rule] = entry.data.severity;
    else if (!(ruleIds as readonly string[]).includes(rule)) {
      mistakes.push(`There is no rule “${rule}”.`);
    } else mistakes.push(`“${rule}” must be one of ${severities.join(", ")}.`);
  }
  return { severities: read, mistakes };
}
