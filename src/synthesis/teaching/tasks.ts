import type { ParsedPolicy, Statement } from "../../policy/statement.ts";
import { stateCase } from "../cases.ts";
import type { Regenerated } from "../dataset.ts";
import { type Fact, factsOf } from "../facts.ts";
import { lexicon, names } from "../lexicon.ts";
import { roundOf, streamsOf } from "../regeneration.ts";

/** The kinds of rows that a teacher writes; the exam and the document rows stay the grammar's. */
export const taughtKinds = [
  "paraphrase",
  "question",
  "demonstration",
  "counterfactual",
  "scenario",
] as const;
export type TaughtKind = (typeof taughtKinds)[number];

/** One way through a decision tree, told by facts that a teacher makes a message of. */
export interface TaughtCase {
  /** How the teacher names it, from 1. */
  number: number;
  name: string;
  /** Which matter is asked about: many rules know the same facts. */
  about: string;
  /** What is so in this case. */
  told: readonly string[];
  /** Numbers chosen for the case, as `statement/condition=number`. */
  numbers: readonly string[];
  /** The letter of the outcome that the tree comes to. */
  outcome: string;
  fact: Fact;
}

/** What a teacher is asked for: some rows of one kind about one statement. */
export interface Task {
  kind: TaughtKind;
  statement: Statement;
  /** Rows asked for; of scenarios for each case. */
  rows: number;
  /** Words that belong to the exam: training rows keep away from them. */
  avoid: readonly string[];
  /** For scenarios. */
  cases: readonly TaughtCase[];
  /** For scenarios: what the statement can come to, by letter. */
  outcomes: Readonly<Record<string, string>>;
  /** How often its rows were made anew: each time the question is another one. */
  round: number;
  /** For another row in the place of one: what the rows there are say. */
  known?: readonly string[];
}

const rowsOf: Readonly<Record<TaughtKind, number>> = {
  paraphrase: 6,
  question: 6,
  demonstration: 4,
  counterfactual: 4,
  scenario: 2,
};
/** Cases in one task: more would make the answer long, and lose all of them when it is cut off. */
const casesPerTask = 6;

/** What the statement says of a case that it leaves open. */
const silent = "the statement says nothing about this case";

/**
 * What to ask a teacher about a policy (CAP-CPT, arXiv 2510.11588; the mapping is ours). A task
 * depends on its statement and the seed alone: an edit elsewhere in the policy leaves it as it was.
 * @param rounds how often the rows of each statement were made anew.
 */
export function tasksOf(
  policy: ParsedPolicy,
  seed: number,
  rounds: Regenerated["teacher"] = {},
): Task[] {
  const cases = factsOf(policy).filter(({ shape }) => shape === "case");
  return policy.statements.flatMap((statement) => {
    const avoid = examWords(statement.text);
    const round = roundOf(rounds, statement.id);
    const task = (kind: TaughtKind): Task => ({
      ...{ kind, statement, rows: rowsOf[kind], avoid, cases: [], outcomes: {}, round },
    });
    switch (statement.category) {
      case "factual":
        return [task("paraphrase"), task("question")];
      case "behavioral":
        return [task("paraphrase"), task("demonstration"), task("counterfactual")];
      default:
        return [
          task("paraphrase"),
          task("question"),
          ...scenarios(
            task("scenario"),
            cases.filter((fact) => fact.statement === statement),
            seed,
          ),
        ];
    }
  });
}

function scenarios(task: Task, facts: readonly Fact[], seed: number): Task[] {
  const random = streamsOf(seed)(`teacher/${task.statement.text}`, task.round);
  const said = [
    ...new Set(facts.flatMap((fact) => (fact.kind === "scenario" ? [fact.answer] : []))),
    ...(facts.some(({ kind }) => kind !== "scenario") ? [silent] : []),
  ];
  const outcomes = Object.fromEntries(said.map((text, index) => [letter(index), text]));
  const cases = facts.map((fact, index): TaughtCase => {
    const stated = stateCase(fact.tests, new Map(), "train", random);
    return {
      number: index + 1,
      name: random.pick(names.train),
      about: [fact.about, fact.ask].filter(Boolean).join(": "),
      told: stated.map(({ text }) => text),
      numbers: stated.flatMap(({ number }) => number ?? []),
      outcome: letter(said.indexOf(fact.kind === "scenario" ? fact.answer : silent)),
      fact,
    };
  });
  return Array.from({ length: Math.ceil(cases.length / casesPerTask) }, (_, index) => ({
    ...task,
    outcomes,
    cases: cases.slice(index * casesPerTask, (index + 1) * casesPerTask),
  }));
}

function letter(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `Z${index}`;
}

/** The exam's own words for the words of a text, also those of the exam kept aside. */
export function examWords(text: string): string[] {
  const lower = text.toLowerCase();
  const words = lower.match(/[\p{L}][\p{L}'’-]*/gu) ?? [];
  const others = words.flatMap((word) => {
    const entry = lexicon.get(word);
    return entry ? [...entry.exam, ...entry.second] : [];
  });
  return [...new Set(others)].filter((other) => !containsWord(lower, other)).sort();
}

/** Whether a text holds a word or a phrase as such, in any case. */
export function containsWord(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "iu").test(text);
}
