import { domains } from "../../../src/benchmark/domains/all.ts";
import { generate } from "../../../src/benchmark/generate.ts";
import { readKnobs } from "../../../src/benchmark/knobs.ts";
import type { Outcome, PolicyTree } from "../../../src/benchmark/tree.ts";
import type { Intent, Query } from "../../../src/benchmark/world.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Category } from "../../../src/policy/statement.ts";
import type { CptRow, Dataset, SftRow } from "../../../src/synthesis/dataset.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { answerMark, reasoningMark } from "../../../src/synthesis/training-rows.ts";

/** The tested policies: of seeds that no seed model has seen. */
export const tested = [900_001, 900_002, 900_003] as const;
/** Those that the recipe was tuned on. */
export const tuned = [800_001, 800_002, 800_003] as const;

/** The policies of a seed model: all businesses in turn, and the depths of the tested ones. */
export function seedPolicy(i: number): { seed: number; domain: string; depth: number } {
  const depths = [3, 4, 2, 3, 1, 4];
  return {
    ...{ seed: 101 + i, domain: domains[i % domains.length]!.id },
    depth: depths[i % depths.length]!,
  };
}

/** What can be asked of a model: which of the choices is right? */
export interface Item {
  instruction: string;
  choices: readonly string[];
  answer: number;
}

/** A query as an exam question: which outcome of its task comes, in the document's words? */
export interface Question extends Item {
  depth: number;
  /** The ids of the conditions that decide it. */
  cites: readonly string[];
  /** The section of the document that decides it. */
  section: string;
}

/** A policy with cases of it. */
export interface Cases {
  /**
   * Three digits. The names that our synthesis makes of titles are longer, and policies of the same
   * organisation share one.
   */
  identifier: string;
  policy: string;
  trajectories: readonly SftRow[];
  exam: readonly Question[];
}

/** A policy to be learned, with what teaches it and what examines it. */
export interface Lesson extends Cases {
  /** Of CAP-CPT: what our synthesis makes of the document. */
  dataset: Dataset;
  category: (statement: string) => Category | undefined;
}

export interface LessonOptions {
  seed: number;
  /** The business; chosen by the seed when not given. */
  domain?: string;
  depth: number;
  trajectories: number;
  questions: number;
  tasks?: number;
}

export function lessonOf(options: LessonOptions): Lesson {
  const cases = casesOf(options);
  const parsed = parsePolicy(cases.policy, { path: "policy.md" });
  const categories = new Map(parsed.statements.map(({ id, category }) => [id, category]));
  const dataset = synthesize(parsed, { seed: options.seed, command: "bench" });
  const cpt = dataset.cpt.map((row) =>
    retold(row, `[${dataset.manifest.identifier}]`, `[${cases.identifier}]`),
  );
  return { ...cases, dataset: { ...dataset, cpt }, category: (id) => categories.get(id) };
}

/**
 * The row under the short identifier. The answers of simulations are put as those of trajectories
 * are, bare of "You must" and a full stop: a model that had learned "Decline the request." put the
 * right "decline the request" behind wrong outcomes that were no nearer to what it would say.
 */
function retold({ text, answerStart, ...row }: CptRow, long: string, short: string): CptRow {
  if (answerStart === undefined) return { ...row, text: text.replace(long, short) };
  const asked = text.slice(0, answerStart).replace(long, short);
  const answer = text.slice(answerStart);
  return {
    ...{ ...row, answerStart: asked.length },
    text: asked + (row.kind === "scenario" ? bare(answer) : answer),
  };
}

const bare = (answer: string): string =>
  answer
    .toLowerCase()
    .replace(/^\d+\.\d+ /, "")
    .replace(/^you (?:(?:must|should|may) )?|^please /, "")
    .replace(/\.$/, "");

/**
 * Questions come first, so that they are the same for any number of trajectories; a case that is
 * asked in the exam is not trained on.
 */
export function casesOf(options: LessonOptions): Cases {
  const { seed, domain, depth, trajectories, questions, tasks = 4 } = options;
  const asked = questions + Math.ceil(1.5 * trajectories);
  const knobs = readKnobs({
    ...{ tasks, depth, branching: 2, databases: 2, fields: 4, arguments: 0 },
    ...{ renderer: "numbered", records: 150, queries: asked },
    ...(domain !== undefined && { domain }),
  });
  const { policy, queries, trees } = generate(seed, knobs, "bench");
  // The record's number is no part of a case.
  const caseOf = ({ instruction }: Query) => instruction.replace(/\b[A-Z]{2}-\d{4}\b/g, "");
  const examined = queries.slice(0, questions);
  const known = new Set(examined.map(caseOf));
  const trained = queries.slice(questions).filter((query) => !known.has(caseOf(query)));
  const words = (tree: PolicyTree, { id }: Outcome): string => {
    const { start, end } = tree.places[id]![0]!;
    return policy.slice(start, end).toLowerCase();
  };
  const told = ({ task, outcome }: Intent) => {
    const tree = trees.find((each) => each.task === task)!;
    return { tree, outcome: tree.outcomes.find(({ id }) => id === outcome)! };
  };
  return {
    identifier: String(seed % 1000).padStart(3, "0"),
    policy,
    trajectories: trained.slice(0, trajectories).map(({ id, instruction, intents: [intent] }) => {
      const { tree, outcome } = told(intent!);
      const cites = intent!.turns.map((turn) => `${turn.condition} ${turn.holds ? "yes" : "no"}`);
      const reasoning = `${reasoningMark}${cites.join("; ")}\n`;
      const content = `${reasoning}${answerMark}${words(tree, outcome)}`;
      return {
        id,
        kind: "scenario",
        statements: [id],
        prompt: [{ role: "user", content: instruction }],
        completion: [{ role: "assistant", content }],
      };
    }),
    exam: examined.map(({ instruction, intents: [intent] }): Question => {
      const { tree, outcome } = told(intent!);
      return {
        instruction,
        choices: tree.outcomes.map((each) => words(tree, each)),
        answer: tree.outcomes.indexOf(outcome),
        depth: intent!.depth,
        cites: intent!.turns.map(({ condition }) => condition),
        section: sectionOf(policy, tree),
      };
    }),
  };
}

/** The part of the document under the heading of a task. */
function sectionOf(policy: string, { places }: PolicyTree): string {
  const first = Math.min(...Object.values(places).flatMap((all) => all.map(({ start }) => start)));
  const from = policy.lastIndexOf("\n## ", first) + 1;
  const next = policy.indexOf("\n## ", first);
  return policy.slice(from, next < 0 ? policy.length : next).trim();
}

/** The question with the section that decides it in the prompt. */
export const withSection = (question: Question): Item => ({
  ...question,
  instruction: `${question.section}\n${question.instruction}`,
});

/** The question after a change of the policy, which the prompt brings: one outcome became another. */
export function withChange({ choices, answer, instruction }: Question, from: number, to: number) {
  const change = `Changed: not ${choices[from]!}, but ${choices[to]!}.`;
  const item: Item = {
    ...{ choices, answer: answer === from ? to : answer },
    instruction: `${change}\n${instruction}`,
  };
  return item;
}
