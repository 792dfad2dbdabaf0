import { hasVerb, isImperative } from "../policy/grammar.ts";
import type { DecisionNode, ParsedPolicy, Statement } from "../policy/statement.ts";
import { attributesOf, type Cell, cellsOf } from "./attributes.ts";
import type { Kind } from "./dataset.ts";
import { type CaseTest, excludes } from "./exclusion.ts";
import type { Shape } from "./frames.ts";
import { negate } from "./negation.ts";
import { enumerate, phrasesOf } from "./phrases.ts";
import { capitalized, clause, contentWords, inner, sentence } from "./wording.ts";

/** One thing that the policy says and that can be asked for; the answer is the policy's own words. */
export interface Fact {
  /** Stable within a policy: statement, shape and number. */
  key: string;
  statement: Statement;
  kind: Kind;
  shape: Shape;
  /**
   * What is asked: a sentence with a gap, its beginning, the words a topic is drawn from; of a case
   * a question ("Can an order be cancelled?"), or nothing where the case alone must tell.
   */
  ask: string;
  /** Of a gap: the same as a question, where it reads as one. */
  question?: string;
  /** Whether statements elsewhere begin with the same words, so that the part must be named. */
  shared?: boolean;
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
  [/(?<![\d/.-])\b\d[\d,]*(?:\.\d+)?\b(?![\d/]|-\d)/gu, "how many", "number"],
];

/** Where a word is missing. */
export const blank = "___";

/** All that can be asked of a policy, in the order of its statements. */
export function factsOf(policy: ParsedPolicy): Fact[] {
  const begun = new Begun(policy);
  return policy.statements.flatMap((statement) => {
    const about = aboutOf(statement, policy);
    const facts = [
      ...gaps(statement),
      ...beginnings(statement).flatMap((fact) => begun.told(fact, statement)),
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
      const answer = clause(match[2] ?? match[0]);
      drafts.push(gap(text, start, end, question, answer, `value/${answerClass}`));
    }
  }
  if (statement.category !== "factual") return drafts;
  for (const { from, to, words } of attributesOf(statement.text)) {
    if (taken.some(([start, end]) => start < to && end > from)) continue;
    drafts.push(gap(text, from, to, undefined, words, "attribute"));
  }
  return drafts;
}

/** Each cell of a table row, asked for by its column and the row's first cell. */
function columns([first, ...others]: readonly Cell[]): Draft[] {
  return others.map(({ header, value }) => ({
    kind: "question",
    shape: "gap",
    ask: `the ${inner(first!.header)} is ${first!.value}, and the ${inner(header)} is ${blank}`,
    question: `what is the ${inner(header)} where the ${inner(first!.header)} is ${first!.value}`,
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
  question: string | undefined,
  answer: string,
  answerClass: string,
): Draft {
  const around = itemAround(text, start, end);
  const before = text.slice(around.from, start);
  const after = text.slice(end, around.to);
  // "An unused label stays valid for how long?": at the end of a short sentence it is a question.
  const asks =
    question !== undefined &&
    question !== "which words" &&
    /^(?: (?:of|for|in|per|a|each|to|at)\b[^,;:]{0,30})?$/.test(after) &&
    /^[^,;:]{8,90}$/.test(before) &&
    hasVerb(around.lead + before) &&
    !/(?:if|when|unless|than|exceed\w*|over|under|most|least|to|from|between|[$€£#]) ?$/i.test(
      before,
    );
  return {
    kind: "question",
    shape: "gap",
    ask: inner(`${around.lead}${before}${blank}${after}`),
    ...(asks && { question: inner(`${around.lead}${before}${question}${after}`) }),
    tests: [],
    answer,
    answerClass,
    rivals: [],
  };
}

/** The item of a list that a place lies in, and what leads up to it where both make a sentence. */
function itemAround(
  text: string,
  start: number,
  end: number,
): { lead: string; from: number; to: number } {
  const whole = { lead: "", from: 0, to: text.length };
  const colon = text.indexOf(": ");
  const lead = text.slice(0, colon);
  if (colon < 0 || start < colon || !/\b(?:has|have|is|are|includes?|contains?)$/.test(lead)) {
    return whole;
  }
  const from = Math.max(colon, text.lastIndexOf(";", start) < 0 ? 0 : text.lastIndexOf(";", start));
  const next = text.indexOf(";", end);
  return { lead: `${lead} `, from: from + 2, to: next < 0 ? text.length : next };
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

/** How the sentences of a policy begin. */
class Begun {
  readonly #statements: readonly { section: string; text: string }[];

  constructor({ statements }: ParsedPolicy) {
    this.#statements = statements.map(({ section, text }) => ({
      section: section.join("\n"),
      text: clause(text).toLowerCase(),
    }));
  }

  /** A beginning that only one statement of its part has; others are not asked for. */
  told(fact: Draft, { section, text }: Statement): Draft[] {
    const start = fact.ask.toLowerCase();
    const own = section.join("\n");
    const others = this.#statements.filter(
      (other) =>
        other.text.startsWith(start) &&
        !/^\p{L}/u.test(other.text.slice(start.length)) &&
        other.text !== clause(text).toLowerCase(),
    );
    if (others.some((other) => other.section === own)) return [];
    return [others.length > 0 ? { ...fact, shared: true } : fact];
  }
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

/**
 * Whether a rule sets free and binds to nothing, so that nobody can break it: "there is no need to",
 * "you may use the lounge".
 */
export function isWaiver(text: string): boolean {
  const grants =
    /\b(?:can|may)\b/i.test(text) &&
    !limits.test(text) &&
    !isImperative(text.replace(/^[^,]{1,60}, /, ""));
  return grants || isRelease(text);
}

const limits =
  /\b(?:must|should|shall|(?:have|has|needs?) to|never|not|cannot|no|only|at most|at least|up to|within|until|by|before|after|deny|decline|required?)\b|n['’]t\b|\d/i;

function isRelease(text: string): boolean {
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
 * What a case is to decide, as a question that does not tell how it ends: "Can an order be
 * cancelled?" where there is one outcome and its negation, else a question about what all stated
 * outcomes share, without words of the conditions and without numbers. Empty when nothing is left.
 */
function matterOf(statement: Statement, leaves: readonly Leaf[]): string {
  const outcomes = [...new Set(leaves.flatMap(({ outcome }) => outcome ?? []))];
  const [first = "", ...rest] = outcomes;
  const question = rest.length === 0 ? asked(withoutAmounts(clause(first))) : "";
  if (question !== "") return question;
  const inConditions = new Set(
    statement.decision?.conditions.flatMap((condition) => contentWords(condition.text)) ?? [],
  );
  const shared = phrasesOf(first).filter((phrase) => {
    const words = contentWords(phrase);
    return (
      !/[\d_]/.test(phrase) &&
      words.some((word) => !inConditions.has(word)) &&
      rest.every((other) => words.every((word) => contentWords(other).includes(word)))
    );
  });
  return shared.length === 0 ? "" : `What about ${enumerate(shared.slice(0, mostMatters))}?`;
}

/** A sentence with an auxiliary as a question: "Can an order be cancelled?" Empty when it has none. */
function asked(text: string): string {
  const groups = subjectVerb.exec(text)?.groups;
  if (groups === undefined || text.split(" ").length > longestMatter) return "";
  const { subject = "", verb = "", rest = "" } = groups;
  const [first, second] = /^ha/.test(verb)
    ? [verb.startsWith("has") ? "does" : "do", `${inner(subject)} have to`]
    : [verb, inner(subject)];
  return `${capitalized(first)} ${second} ${rest.replace(/^only /, "")}?`;
}

const subjectVerb =
  /^(?<subject>(?:you|we|users?|customers?|(?:an?|the|each|every|all|any|your|their|its|our)\s(?:[\p{L}-]+\s){0,2}?[\p{L}-]+))\s(?<verb>can|may|must|should|will|is|are|has to|have to)\s(?<rest>(?!not\b|never\b)[^;:]+)$/iu;
const longestMatter = 16;

/** Without how much or how long, which would tell the answer; also without what is put in brackets. */
function withoutAmounts(text: string): string {
  const bare = text
    .replace(/\s\([^()]*\)/g, "")
    .replace(
      /\b(?:up to |at most |at least |a maximum of )?\d[\d,.]* (?:(?:business|working|calendar) )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)(?: per \p{L}+)?(?: of\b)?\s?/giu,
      "",
    )
    .replace(/(?<!\p{Lu}\p{L}* )\b(?:up to |at most |at least )?\d[\d,.]* /giu, "");
  return /\d|\b(?:in|within|for|of|to|by)$|  /.test(bare.trim()) ? "" : bare.trim();
}

const mostMatters = 2;
