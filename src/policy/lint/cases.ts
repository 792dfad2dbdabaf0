import type { Condition, DecisionNode, Outcome, Statement } from "../statement.ts";
import { stem } from "./words.ts";

/** One condition on the way to an outcome, and whether it holds there. */
export interface Literal {
  condition: Condition;
  holds: boolean;
}

/** One way through a statement's decision tree. */
export interface Case {
  statement: Statement;
  literals: readonly Literal[];
  outcome: Outcome;
}

/** Every outcome of a statement with the conditions that lead to it. */
export function casesOf(statement: Statement): Case[] {
  const { decision } = statement;
  if (decision === undefined) return [];
  const cases: Case[] = [];
  const walk = (node: DecisionNode, literals: readonly Literal[]): void => {
    if (node.kind === "outcome") cases.push({ statement, literals, outcome: node });
    if (node.kind !== "test") return;
    const condition = decision.conditions[node.condition];
    if (condition === undefined) return;
    walk(node.yes, [...literals, { condition, holds: true }]);
    walk(node.no, [...literals, { condition, holds: false }]);
  };
  walk(decision.tree, []);
  return cases;
}

/** … without those that it takes over from the statement before it, as "Otherwise, …" does. */
export function ownCases(statement: Statement): Case[] {
  return casesOf(statement).filter(
    ({ outcome }) => statement.start <= outcome.start && outcome.end <= statement.end,
  );
}

/** What a literal allows its subject to be. */
type Constraint =
  | { kind: "range"; min: number; max: number; open: { min: boolean; max: boolean } }
  | { kind: "one"; values: readonly string[] }
  | { kind: "none"; values: readonly string[] };

/** Factors into one unit of each kind; a month has no fixed number of days. */
const factors: Readonly<Record<string, [unit: string, factor: number]>> = {
  second: ["hour", 1 / 3600],
  minute: ["hour", 1 / 60],
  hour: ["hour", 1],
  day: ["hour", 24],
  week: ["hour", 168],
  month: ["month", 1],
  year: ["month", 12],
  g: ["kg", 0.001],
  gram: ["kg", 0.001],
  kg: ["kg", 1],
  kilo: ["kg", 1],
  kilogram: ["kg", 1],
  cent: ["euro", 0.01],
};

const comparators =
  /\b(?:more|less|fewer|greater|lower|higher|longer|shorter|heavier|lighter|older|younger|larger|smaller|later|earlier|than|over|under|above|below|at|least|most|up|to|within|exceeds?|exceeding|maximum|minimum|no|not|in|excess|total|the|an?|of|is|are|was|were|be|has|have|it|its|for|their|his|her|your|with)\b/g;

/** What a condition is about; conditions on the same subject can be held against each other. */
export function subjectOf({ text, variable, operator, unit }: Condition): string {
  const lower = text.toLowerCase();
  if (variable !== undefined && isNumeric(operator)) {
    const root = stem(unit ?? "");
    const about = lower
      .replace(/[$€£]?\d[\d,.]*/g, " ")
      .replace(comparators, " ")
      .replace(
        unit === undefined ? /(?!)/ : new RegExp(`\\b${escape(unit.toLowerCase())}\\b`),
        " ",
      );
    // "time" alone is no subject: within two days of what?
    return [stem(variable), factors[root]?.[0] ?? root, ...rootsOf(about)].join(" ");
  }
  const named = variable !== undefined && !/^(?:it|this|that|they|you|we)$/i.test(variable);
  if (named && (operator === "eq" || operator === "ne" || operator === "in")) {
    return rootsOf(variable.toLowerCase()).join(" ");
  }
  return plain(lower);
}

function isNumeric(operator: Condition["operator"]): boolean {
  return operator !== undefined && /^(?:lt|le|gt|ge|within)$/.test(operator);
}

function rootsOf(text: string): string[] {
  return [...new Set((text.match(/\p{L}+/gu) ?? []).map(stem))]
    .filter((root) => root !== "weigh" && root !== "last" && root !== "cost")
    .sort();
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const negation = /\b(?:not|never|no)\b ?|n['’]t\b/g;

function plain(text: string): string {
  return rootsOf(
    text.replace(negation, " ").replace(/\b(?:an?|the|still|also|is|are)\b/g, " "),
  ).join(" ");
}

function constraintOf({ condition, holds }: Literal): Constraint {
  const { operator, value, unit, text, variable } = condition;
  if (typeof value === "number" && isNumeric(operator)) {
    const factor = factors[stem(unit ?? "")]?.[1] ?? 1;
    const limit = value * factor;
    const upper = operator === "lt" || operator === "le" || operator === "within";
    const strict = operator === "lt" || operator === "gt";
    // Beyond a limit lies the other side, with the limit itself where it was not on this one.
    return upper === holds
      ? { kind: "range", min: -Infinity, max: limit, open: { min: true, max: strict === holds } }
      : { kind: "range", min: limit, max: Infinity, open: { min: strict === holds, max: true } };
  }
  const named = variable !== undefined && !/^(?:it|this|that|they|you|we)$/i.test(variable);
  if (
    named &&
    value !== undefined &&
    (operator === "eq" || operator === "ne" || operator === "in")
  ) {
    const values = [value].flat().map((word) => String(word).toLowerCase());
    return { kind: (operator === "ne") === holds ? "none" : "one", values };
  }
  const negative = [...text.toLowerCase().matchAll(negation)].length % 2 === 1;
  return { kind: "one", values: [String(negative !== holds)] };
}

/**
 * Whether two values of one thing shut each other out. "SIM is active and working" has both, so only
 * what the policy lists as alternatives does ("a status is booked, in depot or delivered").
 */
export type Exclusive = (a: string, b: string) => boolean;

/** Whether all of the literals can hold together, as far as their words tell. */
export function areCompatible(literals: readonly Literal[], exclusive: Exclusive): boolean {
  const subjects = new Map<string, Constraint[]>();
  const named = literals.map(({ condition }) => subjectOf(condition));
  literals.forEach((literal, i) => {
    // "If the parcel weighs …; if it weighs …": the pronoun stands for the only thing that it may.
    const fuller = new Set(named.filter((other) => other.startsWith(`${named[i]!} `)));
    const subject =
      isNumeric(literal.condition.operator) && fuller.size === 1 ? [...fuller][0]! : named[i]!;
    const known = subjects.get(subject);
    if (known === undefined) subjects.set(subject, [constraintOf(literal)]);
    else known.push(constraintOf(literal));
  });
  return [...subjects.values()].every((constraints) => canAllHold(constraints, exclusive));
}

function canAllHold(constraints: readonly Constraint[], exclusive: Exclusive): boolean {
  let [min, max, openMin, openMax] = [-Infinity, Infinity, true, true];
  const held: (readonly string[])[] = [];
  const excluded: string[] = [];
  for (const constraint of constraints) {
    switch (constraint.kind) {
      case "range":
        if (constraint.min > min || (constraint.min === min && constraint.open.min)) {
          [min, openMin] = [constraint.min, constraint.open.min];
        }
        if (constraint.max < max || (constraint.max === max && constraint.open.max)) {
          [max, openMax] = [constraint.max, constraint.open.max];
        }
        break;
      case "one":
        held.push(constraint.values);
        break;
      case "none":
        excluded.push(...constraint.values);
        break;
    }
  }
  if (min > max || (min === max && (openMin || openMax))) return false;
  if (held.some((values) => values.every((value) => excluded.includes(value)))) return false;
  return held.every((one, i) =>
    held
      .slice(i + 1)
      .every((other) => one.some((a) => other.some((b) => a === b || !exclusive(a, b)))),
  );
}

const opposites = [
  "true false",
  "on off",
  "yes no",
  "open closed",
  "valid invalid",
  "enabled disabled",
];

/** What a policy's statements list as alternatives: "Every account is basic, silver or gold." */
export function alternativesOf(statements: readonly Statement[]): Exclusive {
  const lists = opposites.map((pair) => new Set(pair.split(" ")));
  for (const { text, category } of statements) {
    if (category !== "factual") continue;
    const plain = text.toLowerCase().replace(/["'“”‘’`*]/g, "");
    const match =
      /\b(?:is|are|be|in (?:the )?status|either|one of|as):? (?<first>(?:[\w-]+(?: [\w-]+){0,2}, )*[\w-]+(?: [\w-]+){0,2}),? or (?<last>[\w-]+(?: [\w-]+){0,2})/.exec(
        plain,
      )?.groups;
    if (match === undefined) continue;
    const items = [...match["first"]!.split(", "), match["last"]!].map((item) =>
      item.replace(/^(?:either|an?|the|in|status) /, ""),
    );
    lists.push(new Set(items));
  }
  return (a, b) => a !== b && lists.some((list) => list.has(a) && list.has(b));
}
