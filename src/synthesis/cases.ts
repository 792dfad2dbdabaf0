import { numeralsIn } from "../policy/number-words.ts";
import type {
  Condition,
  DecisionNode,
  Operator,
  ParsedPolicy,
  Statement,
} from "../policy/statement.ts";
import type { CaseTest } from "./exclusion.ts";
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

/** A fact of a case; `number` is set where a number was chosen for it, and names the condition. */
export interface Stated {
  text: string;
  number?: string;
}

/**
 * Says the tests of a case as facts, in random order. A value that is given makes it needless to
 * say which other values of its variable are not, and a class of cases which others it is not.
 */
export function stateCase(
  tests: readonly CaseTest[],
  vocabulary: Vocabulary,
  voice: Voice,
  random: Random,
): Stated[] {
  const given = new Set(
    tests.filter(({ holds }) => holds).flatMap((test) => equated(test)?.variable ?? []),
  );
  const classed = tests.some((test) => test.holds && isClass(test));
  const told = tests.filter((test) => {
    if (test.holds) return true;
    const variable = equated(test)?.variable;
    return !(variable !== undefined && given.has(variable)) && !(classed && isClass(test));
  });
  const tested = new Set(tests.flatMap((test) => equated(test)?.value ?? []));
  return random.shuffle(told).map((test) => state(test, vocabulary, tested, voice, random));
}

/** Whether a test asks for a class of cases: "it is a refund to a card". */
function isClass(test: CaseTest): boolean {
  return /^it is an?\s/i.test(conditionOf(test).text);
}

/** The variable and the value of a test for equality. */
function equated(test: CaseTest): { variable: string; value: string } | undefined {
  const { variable, operator, value } = conditionOf(test);
  return variable && operator === "eq" && typeof value === "string"
    ? { variable, value }
    : undefined;
}

function conditionOf({ statement, condition }: CaseTest): Condition {
  return statement.decision!.conditions[condition]!;
}

/** The words of a condition where they stand alone: "its status" becomes "the order's status". */
export function conditionWords(statement: Statement, condition: number): string {
  return owned(inner(statement.decision!.conditions[condition]!.text), statement);
}

/**
 * Names what "its" means at the beginning of a clause, when the rule is about one thing, and gives a
 * clause the beginning that it lacks.
 */
function owned(text: string, statement: Statement): string {
  const owner = statement.decision && ownerIn(statement.decision.tree);
  const named = owner === undefined ? text : text.replace(/^its(?=\s)/i, `the ${owner}'s`);
  const someone = /\byou\b/i.test(statement.text) ? "you are" : "it is";
  return named
    .replace(/^(?=(?:not )?(?:\p{L}+ing\s|(?:in)?eligible$|(?:un)?able$))/iu, `${someone} `)
    .replace(/^(?=(?:not )?\p{L}+$)/iu, "it is ")
    .replace(/^it is (not )?to (?=\p{Ll})/u, "the purpose is $1to ");
}

const subject =
  /^(?:an?|the|each|every)\s((?:[\p{Ll}-]+\s)?[\p{Ll}-]*[^\s'’s])\s(?:can|may|must|should|will|is|has)\s/iu;

function ownerIn(node: DecisionNode): string | undefined {
  if (node.kind === "test") return ownerIn(node.yes) ?? ownerIn(node.no);
  return node.kind === "outcome" ? subject.exec(node.text)?.[1] : undefined;
}

/**
 * Says a test as a fact of one person's case: a number on the right side of the boundary, another
 * value of the same variable (none that the case tests for), or the plain words.
 */
export function state(
  test: CaseTest,
  vocabulary: Vocabulary,
  tested: ReadonlySet<string>,
  voice: Voice,
  random: Random,
): Stated {
  const condition = conditionOf(test);
  const chosen = number(condition, test.holds, voice, random);
  if (chosen) {
    const number = `${test.statement.id}/${test.condition}=${chosen.value}`;
    return { text: owned(chosen.text, test.statement), number };
  }
  const text =
    (test.holds ? undefined : otherValue(test, vocabulary, tested, random)) ??
    inner(test.holds ? condition.text : negate(condition.text));
  return { text: owned(text, test.statement) };
}

/** Stands for a number in a text. */
const mark = "\u0000";
const comparison =
  /\b(?:is |are |was |were )?(?:worth )?(?:longer than|more than|less than|fewer than|greater than|larger than|higher than|lower than|no more than|not more than|over|under|above|below|at least|at most|up to|exceeds?|exceeding|within|a minimum of|a maximum of)\s+(?=[$€£]?\u0000)/iu;

/**
 * A number on one side of a condition's boundary, often near it, since that is where a rule is
 * misread. Training rows take the boundary itself and odd distances from it, the exams even ones:
 * no exam asks for a number that was trained on.
 */
function number(
  condition: Condition,
  holds: boolean,
  voice: Voice,
  random: Random,
): { text: string; value: number } | undefined {
  const { operator, value } = condition;
  if (!isBoundary(condition) || typeof value !== "number") return undefined;
  const text = clause(condition.text);
  const stands = numeralsIn(text).find((numeral) => numeral.value === value)!;
  const above = operator === "gt" || operator === "ge" ? holds : !holds;
  const includesBoundary = above
    ? operator === "ge" || operator === "lt"
    : operator === "le" || operator === "within" || operator === "gt";
  const scale = value >= 200 ? 10 : 1;
  const reach = Math.max(4, Math.round(value / scale / 2));
  const distances = Array.from({ length: reach + 1 }, (_, distance) => distance).filter(
    (distance) =>
      (above || value >= distance * scale) &&
      (distance === 0
        ? voice === "train" && includesBoundary
        : odd(distance) === (voice === "train")),
  );
  if (distances.length === 0) return undefined;
  const near = distances.filter((distance) => distance <= 3);
  const distance = random.pick(near.length > 0 && random.chance(0.4) ? near : distances) * scale;
  const chosen = above ? value + distance : value - distance;
  // The number's place is kept while the words before it change.
  const open = `${text.slice(0, stands.from)}${mark}${text.slice(stands.to)}`;
  const stated = open.replace(comparison, (words) => {
    if (/^(?:is|are|was|were)\s/i.test(words)) return `${words.split(" ")[0]!} `;
    if (/exceed/i.test(words)) return "is ";
    // "it is a parcel over 25 kg" has its case "it is a parcel of 16 kg".
    return /^it is an?\s\S+/i.test(text) && !/within/i.test(words) ? "of " : "";
  });
  // "15+ years" and "30 percent or more" have one number as their case.
  const said = stated
    .replace(mark, grouped(chosen))
    .replace(
      /(?<=\d)\+|\s(?:or|and) (?:more|less|fewer|over|under|above|below|longer|later)\b/g,
      "",
    );
  // "within 24 hours of booking" has its case "5 hours after booking".
  const dated = operator === "within" ? said.replace(/(\d\s\p{L}+) of\b/u, "$1 after") : said;
  // "at least 2 photos" has its case "1 photo".
  const counted =
    chosen === 1
      ? dated.replace(/(?<![\d.,])1 ((?:\p{L}+ )?\p{L}*[^s\W])s\b/u, "1 $1")
      : value === 1
        ? dated.replace(
            /\d (?:\p{L}+ )?(?:second|minute|hour|day|week|month|year|euro|dollar)\b/u,
            "$&s",
          )
        : dated;
  return { text: inner(counted), value: chosen };
}

/** Whether a condition compares with a number that stands in its words, so that others can. */
export function isBoundary({ operator, value, text }: Condition): boolean {
  return (
    typeof value === "number" &&
    operator !== undefined &&
    comparisons.includes(operator) &&
    numeralsIn(clause(text)).some((numeral) => numeral.value === value)
  );
}

const comparisons: readonly Operator[] = ["gt", "ge", "lt", "le", "within"];

/** Whether a number keeps to a condition. */
export function satisfies(stated: number, operator: Operator | undefined, bound: number): boolean {
  switch (operator) {
    case "gt":
      return stated > bound;
    case "ge":
      return stated >= bound;
    case "lt":
      return stated < bound;
    default:
      return stated <= bound;
  }
}

function odd(n: number): boolean {
  return n % 2 === 1;
}

function grouped(value: number): string {
  return Number.isInteger(value) && value >= 1000
    ? String(value).replace(/\B(?=(\d{3})+$)/g, ",")
    : String(value);
}

function otherValue(
  test: CaseTest,
  vocabulary: Vocabulary,
  tested: ReadonlySet<string>,
  random: Random,
): string | undefined {
  const equal = equated(test);
  const { text } = conditionOf(test);
  if (!equal || !text.includes(equal.value) || random.chance(0.35)) return undefined;
  const others = (vocabulary.get(equal.variable) ?? []).filter((other) => !tested.has(other));
  return others.length > 0 ? inner(text.replace(equal.value, random.pick(others))) : undefined;
}
