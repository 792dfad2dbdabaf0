import { generate } from "../../../src/benchmark/generate.ts";
import { readKnobs } from "../../../src/benchmark/knobs.ts";
import type { Outcome, PolicyTree } from "../../../src/benchmark/tree.ts";
import type { Intent, Query } from "../../../src/benchmark/world.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Category } from "../../../src/policy/statement.ts";
import type { Dataset, SftRow } from "../../../src/synthesis/dataset.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { answerMark, reasoningMark } from "../../../src/synthesis/training-rows.ts";

/** A policy to be learned, with what teaches it and what examines it. */
export interface Lesson {
  identifier: string;
  policy: string;
  /** Of CAP-CPT: what our synthesis makes of the document. */
  dataset: Dataset;
  category: (statement: string) => Category | undefined;
  trajectories: readonly SftRow[];
  exam: readonly Question[];
}

/** A query as an exam question: which outcome of its task comes? */
export interface Question {
  instruction: string;
  /** The outcomes of the task, in the document's words. */
  choices: readonly string[];
  answer: number;
  depth: number;
  /** The ids of the conditions that decide it. */
  cites: readonly string[];
  /** The section of the document that decides it. */
  section: string;
  /** The same section with its outcomes exchanged, and which choice is right by it. */
  changed: { section: string; answer: number };
}

export interface LessonOptions {
  seed: number;
  depth: number;
  trajectories: number;
  questions: number;
  tasks?: number;
}

/** Trajectories come first and questions last; a query that is asked in training is in no exam. */
export function lessonOf({
  seed,
  depth,
  trajectories,
  questions,
  tasks = 4,
}: LessonOptions): Lesson {
  const knobs = readKnobs({
    ...{ tasks, depth, branching: 2, databases: 2, fields: 4, arguments: 0 },
    ...{ renderer: "numbered", records: 400, queries: trajectories + 2 * questions },
  });
  const { policy, queries, trees } = generate(seed, knobs, "bench");
  const parsed = parsePolicy(policy, { path: "policy.md" });
  const dataset = synthesize(parsed, { seed, command: "bench" });
  // The record's number is no part of a case.
  const caseOf = ({ instruction }: Query) => instruction.replace(/\b[A-Z]{2}-\d{4}\b/g, "");
  const trained = queries.slice(0, trajectories);
  const known = new Set(trained.map(caseOf));
  const fresh = queries.slice(trajectories).filter((query) => !known.has(caseOf(query)));
  const words = (tree: PolicyTree, { id }: Outcome): string => {
    const { start, end } = tree.places[id]![0]!;
    return policy.slice(start, end).toLowerCase();
  };
  const told = ({ task, outcome }: Intent) => {
    const tree = trees.find((each) => each.task === task)!;
    return { tree, outcome: tree.outcomes.find(({ id }) => id === outcome)! };
  };
  const categories = new Map(parsed.statements.map(({ id, category }) => [id, category]));
  return {
    identifier: dataset.manifest.identifier,
    policy,
    dataset,
    category: (id) => categories.get(id),
    trajectories: trained.map(({ id, instruction, intents: [intent] }): SftRow => {
      const { tree, outcome } = told(intent!);
      const cites = intent!.turns.map((turn) => `${turn.condition} ${turn.holds ? "yes" : "no"}`);
      return {
        id,
        kind: "scenario",
        statements: [id],
        prompt: [{ role: "user", content: instruction }],
        completion: [
          {
            role: "assistant",
            content: `${reasoningMark}${cites.join("; ")}\n${answerMark}${words(tree, outcome)}`,
          },
        ],
      };
    }),
    exam: fresh.slice(0, questions).map(({ instruction, intents: [intent] }): Question => {
      const { tree, outcome } = told(intent!);
      const answer = tree.outcomes.indexOf(outcome);
      const choices = tree.outcomes.map((each) => words(tree, each));
      const section = sectionOf(policy, tree);
      return {
        instruction,
        choices,
        answer,
        depth: intent!.depth,
        cites: intent!.turns.map(({ condition }) => condition),
        section,
        changed: {
          section: rotated(policy, tree),
          answer: (answer + 1) % choices.length,
        },
      };
    }),
  };
}

/** The part of the document under the heading of a task. */
function sectionOf(policy: string, { places }: PolicyTree): string {
  const { from, to } = sectionRange(policy, places);
  return policy.slice(from, to).trim();
}

function sectionRange(policy: string, places: PolicyTree["places"]): { from: number; to: number } {
  const first = Math.min(...Object.values(places).flatMap((all) => all.map(({ start }) => start)));
  const from = policy.lastIndexOf("\n## ", first) + 1;
  const next = policy.indexOf("\n## ", first);
  return { from, to: next < 0 ? policy.length : next };
}

/** The section with each outcome's words put in the place of the one before it. */
function rotated(policy: string, tree: PolicyTree): string {
  const { from, to } = sectionRange(policy, tree.places);
  const { outcomes, places } = tree;
  const swaps = outcomes
    .flatMap(({ id }, i) => {
      const next = places[outcomes[(i + 1) % outcomes.length]!.id]![0]!;
      return places[id]!.map((place) => ({ place, words: policy.slice(next.start, next.end) }));
    })
    .sort((one, other) => other.place.start - one.place.start);
  let text = policy.slice(from, to);
  for (const { place, words } of swaps) {
    text = text.slice(0, place.start - from) + words + text.slice(place.end - from);
  }
  return text.trim();
}
