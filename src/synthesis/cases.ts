import type { Condition, ParsedPolicy } from "../policy/statement.ts";
import type { CaseTest } from "./facts.ts";
import type { Voice } from "./lexicon.ts";
import { negate } from "./negation.ts";
import type { Random } from "./random.ts";
import { clause, inner } from "./wording.ts";

/** The values that the policy's conditions give to each variable: what else it could have been. */
export type Vocabulary = ReadonlyMap<string, readonly string[]>;

export function vocabularyOf(policy: ParsedPolicy): Vocabulary {
  const found = new Map<string, Set<string>>();
  for (const statement of policy.statements) {
    for (const { variable, operator, value } of statement.decision?.conditions ?? []) {
      if (!variable || operator !== "eq" || typeof value !== "string") continue;
      (found.get(variable) ?? found.set(variable, new Set()).get(variable)!).add(value);
    }
  }
  return new Map([...found].map(([variable, values]) => [variable, [...values]]));
}

/**
 * Says a test as a fact of one person's case: a number on the right side of the boundary, another
 * value of the same variable, or the plain words.
 */
export function state(
  test: CaseTest,
  vocabulary: Vocabulary,
  voice: Voice,
  random: Random,
): string {
  const condition = test.statement.decision!.conditions[test.condition]!;
  return (
    number(condition, test.holds, voice, random) ??
    otherValue(condition, test.holds, vocabulary, random) ??
    inner(test.holds ? condition.text : negate(condition.text))
  );
}

const comparison =
  /\b(?:is |are |was |were )?(?:worth )?(?:longer than|more than|less than|fewer than|greater than|higher than|lower than|no more than|not more than|over|under|above|below|at least|at most|up to|exceeds?|exceeding|within|a minimum of|a maximum of)\s+(?=[$€£]?\d)/iu;

/**
 * A number on one side of a condition's boundary. The boundary itself and its neighbours come up
 * often, since that is where a rule is misread. Voices take different numbers wherever there is
 * more than one to take: train odd distances from the boundary, the exams even ones.
 */
function number(
  condition: Condition,
  holds: boolean,
  voice: Voice,
  random: Random,
): string | undefined {
  const { operator, value } = condition;
  if (typeof value !== "number" || !operator) return undefined;
  const text = clause(condition.text);
  const digits = new RegExp(`(?<![\\d.,])${grouped(value)}(?![\\d.,]*\\d)`, "u");
  if (!digits.test(text)) return undefined;
  const above = operator === "gt" || operator === "ge" ? holds : !holds;
  const includes =
    (above && (operator === "ge" || operator === "lt")) ||
    (!above && (operator === "le" || operator === "within" || operator === "gt"));
  if (!["gt", "ge", "lt", "le", "within"].includes(operator)) return undefined;
  const scale = value >= 200 ? 10 : 1;
  const reach = Math.max(3, Math.round(value / scale / 2));
  let distance = random.int(includes ? 0 : 1, random.chance(0.4) ? 3 : reach) * scale;
  const odd = Math.round(distance / scale) % 2 === 1;
  if (odd !== (voice === "train") && distance + scale <= reach * scale) distance += scale;
  const chosen = Math.max(0, above ? value + distance : value - distance);
  const stated = text.replace(comparison, (words) =>
    /^(?:is|are|was|were)\s/i.test(words)
      ? `${words.split(" ")[0]!} `
      : /exceed/i.test(words)
        ? "is "
        : "",
  );
  const said = stated.replace(digits, grouped(chosen));
  // "within 24 hours of booking" has its case "5 hours after booking".
  return inner(operator === "within" ? said.replace(/(\d\s\p{L}+) of\b/u, "$1 after") : said);
}

function grouped(value: number): string {
  return Number.isInteger(value) && value >= 1000
    ? String(value).replace(/\B(?=(\d{3})+$)/g, ",")
    : String(value);
}

function otherValue(
  condition: Condition,
  holds: boolean,
  vocabulary: Vocabulary,
  random: Random,
): string | undefined {
  const { variable, operator, value } = condition;
  if (holds || operator !== "eq" || !variable || typeof value !== "string") return undefined;
  const others = (vocabulary.get(variable) ?? []).filter((other) => other !== value);
  if (others.length === 0 || !condition.text.includes(value) || random.chance(0.35))
    return undefined;
  return inner(condition.text.replace(value, random.pick(others)));
}
