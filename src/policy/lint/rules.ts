import type { Rule } from "./rule.ts";
import { brokenReference } from "./rules/broken-reference.ts";
import { conflictingModality } from "./rules/conflicting-modality.ts";
import { contradiction } from "./rules/contradiction.ts";
import { duplicateStatement } from "./rules/duplicate-statement.ts";
import { missingActor } from "./rules/missing-actor.ts";
import { missingFact } from "./rules/missing-fact.ts";
import { missingOtherSide } from "./rules/missing-other-side.ts";
import { openCondition } from "./rules/open-condition.ts";
import { undefinedTerm } from "./rules/undefined-term.ts";
import { unreachableBranch } from "./rules/unreachable-branch.ts";
import { vagueTerm } from "./rules/vague-term.ts";

/** Every rule by its id; each has a page in media/lint.md and an entry in the settings. */
export const rules = {
  "vague-term": vagueTerm,
  "missing-actor": missingActor,
  "conflicting-modality": conflictingModality,
  "missing-other-side": missingOtherSide,
  "open-condition": openCondition,
  contradiction,
  "unreachable-branch": unreachableBranch,
  "duplicate-statement": duplicateStatement,
  "undefined-term": undefinedTerm,
  "broken-reference": brokenReference,
  "missing-fact": missingFact,
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;
export const ruleIds = Object.keys(rules) as RuleId[];
