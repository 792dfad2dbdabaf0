import type { DecisionNode, ParsedPolicy, Statement } from "../policy/statement.ts";
import { attributesOf, type Cell, cellsOf } from "./attributes.ts";
import type { Kind } from "./dataset.ts";
import { type CaseTest, excludes } from "./exclusion.ts";
import type { Shape } from "./frames.ts";
import { negate } from "./negation.ts";
import { enumerate, phrasesOf } from "./phrases.ts";
import { clause, contentWords, inner, sentence } from "./wording.ts";

/** One thing that the policy says and that can be asked for; the answer is the policy's own words. */
export interface Fact {
  /** Stable within a policy: statement, shape and number. */
  key: string;
  statement: Statement;
  kind: Kind;
  shape: Shape;
  /** What is asked: a sentence with a gap, its beginning, or the words a topic is drawn from. */
  ask: string;
  /** For cases: the tests on the way to the leaf. */
  tests: CaseTest[];
  /** The part of the policy: the last heading. */
  about: string;
  answer: string;
  /** Facts of one class have answers of one form, so that they can stand beside each other as choices. */
  answerClass: string;
  /** For cases: the other leaves of the same tree. */
  rivals: string[];
}

const values: readonly (readonly [RegExp, string, string])[] = [
  [/(['"“‘])([^'"“”‘’]{2,40})['"”’](?=[\s,.;:)]|$)/gu, "which words", "quote"],
  [/\b\d{1,2}:\d{2}(?:\s?[AP]M)?\b/gu, "what time", "clock"],
  [
    /(?:[$€£]\s?\d[\d,.]*\d|[$€£]\s?\d)|\b\d[\d,]*(?:\.\d+)?\s(?:euros?|dollars?|pounds?)\b/gu,
    "how much",
    "money",
  ],
  [
    /\b\d+(?: (?:to|or) \d+| ?- ?\d+)?\s(?:business |working |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b/gu,
    "how long",
    "duration",
  ],
  [/\b\d[\d,]*(?:\.\d+)?\s?(?:%|percent|kg|km|cm|GB|MB)(?!\p{L})/gu, "how much", "measure"],
  [/\b\d[\d,]*(?:\.\d+)?\b/gu, "how many", "number"],
];

/** All that can be asked of a policy, in the order of its statements. */
export function factsOf(policy: ParsedPolicy): Fact[] {
  return policy.statements.flatMap((statement) => {
    const about = aboutOf(statement, policy);
    const facts = [
      ...gaps(statement),
      ...beginnings(statement),
      ...topics(statement),
      ...conduct(statement),
      ...cases(statement),
    ];
    return facts.map((fact, index) => ({
      ...fact,
      key: `${statement.id}.${fact.shape}.${index}`,
      statement,
      about,
    }));
  });
}

type Draft = Omit<Fact, "key" | "statement" | "about">;

/** The part of the policy that a statement belongs to. */
export function aboutOf(statement: Statement, policy: ParsedPolicy): string {
  return statement.section.at(-1) ?? policy.policy.title;
}

/** Each value of a sentence, and each attribute of what it describes, asked for by a gap. */
function gaps(statement: Statement): Draft[] {
  const cells = cellsOf(statement.text);
  if (cells.length > 0) return columns(cells);
  const text = clause(statement.text);
  const taken: [number, number][] = [];
  const drafts: Draft[] = [];
  for (const [pattern, question, answerClass] of values) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (taken.some(([from, to]) => start < to && end > from)) continue;
      taken.push([start, end]);
      const answer = match[2] ?? match[0];
      drafts.push(gap(text, start, end, question, answer, `value/${answerClass}`));
    }
  }
  if (statement.category !== "factual") return drafts;
  for (const { from, to, words } of attributesOf(statement.text)) {
    if (taken.some(([start, end]) => start < to && end > from)) continue;
    drafts.push(gap(text, from, to, "what else", words, "attribute"));
  }
  return drafts;
}

/** Each cell of a table row, asked for by its column and the row's first cell. */
function columns([first, ...others]: readonly Cell[]): Draft[] {
  return others.map(({ header, value }) => ({
    kind: "question",
    shape: "gap",
    ask: `what is the ${inner(header)} for the ${inner(first!.header)} ${first!.value}`,
    tests: [],
    answer: value,
    answerClass: "value/cell",
    rivals: [],
  }));
}

function gap(
  text: string,
  start: number,
  end: number,
  question: string,
  answer: string,
  answerClass: string,
): Draft {
  return {
    kind: "question",
    shape: "gap",
    ask: inner(`${text.slice(0, start)}${question}${text.slice(end)}`),
    tests: [],
    answer,
    answerClass,
    rivals: [],
  };
}

const hinge =
  /^(.{6,}?\s(?:has to|have to|needs? to|is able to|must|should|shall|can only|can|may|will|is|are|has|have|means?|takes?|costs?|needs?|accepts?|delivers?|includes?|keeps?|stays?)(?:\s(?:not|never|be))?)\s(.{8,})$/iu;

/** The sentence up to its verb; the rest is the answer. */
function beginnings(statement: Statement): Draft[] {
  if (statement.decision) return [];
  const match = hinge.exec(clause(statement.text));
  if (!match || contentWords(match[1]!).length === 0 || contentWords(match[2]!).length < 2)
    return [];
  return [
    {
      kind: "question",
      shape: "finish",
      ask: inner(match[1]!),
      tests: [],
      answer: clause(match[2]!),
      answerClass: "rest",
      rivals: [],
    },
  ];
}

/** The whole statement, asked for by some of its words. */
function topics(statement: Statement): Draft[] {
  return [
    {
      kind: "question",
      shape: "topic",
      ask: statement.text,
      tests: [],
      answer: sentence(statement.text),
      answerClass: "statement",
      rivals: [],
    },
  ];
}

export const refusal = "I cannot do that.";

/** Whether a rule sets free and binds to nothing: "there is no need to", so nobody can break it. */
export function isWaiver(text: string): boolean {
  return /\b(?:no need|needn['’]t|need not|(?:do(?:es)?|will) not (?:need|have) to|(?:do(?:es)?|wo)n['’]t (?:need|have) to|not (?:required|obliged|necessary))\b/i.test(
    text,
  );
}

/** A behavioral rule, kept and held against someone who wants it broken. */
function conduct(statement: Statement): Draft[] {
  if (statement.category !== "behavioral") return [];
  const rule = sentence(statement.text);
  const draft = { kind: "demonstration", ask: statement.text, tests: [], rivals: [] } as const;
  const keep: Draft = {
    ...draft,
    tests: [],
    rivals: [],
    shape: "keep",
    answer: rule,
    answerClass: "statement",
  };
  if (isWaiver(statement.text)) return [keep];
  return [
    keep,
    {
      ...draft,
      tests: [],
      rivals: [],
      kind: "counterfactual",
      shape: "break",
      answer: `${refusal} ${rule}`,
      answerClass: "refusal",
    },
  ];
}

/** A way through a decision tree to its end. */
export interface Leaf {
  tests: CaseTest[];
  answer: string | undefined;
  /** The outcome's own words, before any negation. */
  outcome?: string;
}

/** One fact for each way through a decision tree to an outcome that is stated. */
function cases(statement: Statement): Draft[] {
  const leaves = leavesOf(statement).filter(({ tests }) => !excludes(tests));
  const answers = leaves.map((leaf) => leaf.answer ?? notCovered(statement, leaf));
  return leaves.map((leaf, index) => ({
    kind: leaf.answer ? "scenario" : "counterfactual",
    shape: "case",
    ask: matterOf(statement, leaves),
    tests: leaf.tests,
    answer: answers[index]!,
    answerClass: leaf.answer ? "outcome" : "not covered",
    rivals: answers.filter((answer) => answer !== answers[index]),
  }));
}

/** Every way through a statement's decision tree, also those that no case can take. */
export function leavesOf(statement: Statement): Leaf[] {
  return statement.decision ? [...walk(statement, statement.decision.tree, [])] : [];
}

function* walk(statement: Statement, node: DecisionNode, tests: CaseTest[]): Generator<Leaf> {
  switch (node.kind) {
    case "test": {
      const test = { statement, condition: node.condition };
      yield* walk(statement, node.yes, [...tests, { ...test, holds: true }]);
      yield* walk(statement, node.no, [...tests, { ...test, holds: false }]);
      return;
    }
    case "outcome":
      yield {
        tests,
        answer: sentence(node.negated ? negate(node.text) : node.text),
        outcome: node.text,
      };
      return;
    case "unstated":
      yield { tests, answer: undefined };
  }
}

/** Where the statement says nothing, the true answer is what it would take. */
function notCovered(statement: Statement, leaf: Leaf): string {
  const missing = leaf.tests.filter((test) => !test.holds);
  const conditions = missing.map((test) =>
    clause(statement.decision!.conditions[test.condition]!.text),
  );
  return `This rule does not apply. It applies only if ${conditions.map(inner).join(" or ")}.`;
}

/**
 * What a case is to decide, without telling how it ends: "whether an order can be cancelled" where
 * there is one outcome and its negation, else phrases that all stated outcomes share, without words
 * of the conditions and without numbers. Empty when nothing is left.
 */
function matterOf(statement: Statement, leaves: readonly Leaf[]): string {
  const outcomes = [...new Set(leaves.flatMap(({ outcome }) => outcome ?? []))];
  const [first = "", ...rest] = outcomes;
  const core = whether.exec(first)?.[0];
  if (rest.length === 0 && core !== undefined) {
    const isShort = first.split(" ").length <= longestMatter && !/\d/.test(first);
    return `whether ${inner((isShort ? first : core).replace(/\bcan only\b/i, "can"))}`;
  }
  const inConditions = new Set(
    statement.decision?.conditions.flatMap((condition) => contentWords(condition.text)) ?? [],
  );
  const shared = phrasesOf(first).filter((phrase) => {
    const words = contentWords(phrase);
    return (
      !/\d/.test(phrase) &&
      words.some((word) => !inConditions.has(word)) &&
      rest.every((other) => words.every((word) => contentWords(other).includes(word)))
    );
  });
  return enumerate(shared.slice(0, mostMatters));
}

/** A subject and what may or must be done: what can be asked with "whether". */
const whether =
  /^(?:you|users?|customers?|(?:an?|the|each|every|all|any|your|their|its)\s(?:[\p{L}-]+\s){0,2}?[\p{L}-]+)\s(?:can|may|must|should|will|is|are|has to|have to)\s(?!not\b|never\b)(?:only\s)?(?:be\s)?\p{L}+(?:\s(?!(?:an?|the|to|in|on|at|by|for|from|via|of|with|and|or)\b)\p{L}+)?/iu;
const longestMatter = 12;
const mostMatters = 3;
