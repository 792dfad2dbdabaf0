/**
 * The experiments on generated policies, with the embedded engine: each figure is a cell, and each
 * finished cell a line of FILE (cells*.jsonl), so that the same call goes on where it stopped.
 *
 *     npx tsx test/bench/benchmark/experiments.ts grid  --out FILE [options]
 *     npx tsx test/bench/benchmark/experiments.ts arms  --out FILE [options]
 *     npx tsx test/bench/benchmark/experiments.ts prompt --out FILE
 *
 * `grid` turns the depth and the number of trajectories for the three arms that the claim is about,
 * `arms` tries all arms at depth 3 and 200 trajectories, `prompt` measures prompts. Options:
 * --seed-model FOLDER (of seed-model.ts: every arm starts from it), --tokens (the same for every
 * arm), --policies 1,2,3 and --seeds 1,2,3, --depths 1,2,3,4, --trajectories 50,200,1000, --questions. Then page.ts writes the page.
 */
import { appendFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { categories } from "../../../src/policy/statement.ts";
import type { CptRow } from "../../../src/synthesis/dataset.ts";
import { questionText } from "../../../src/synthesis/training-rows.ts";
import {
  hashModel,
  readModel,
  type SavedModel,
} from "../../../src/training/engines/onnx/saved-model.ts";
import { trainTokenizer } from "../../../src/training/engines/onnx/tokenizer.ts";
import { Cell, isCells, machine, type PromptCost, readLines } from "./cells.ts";
import {
  branchingError,
  capCpt,
  firstToken,
  hyperparameters,
  learn,
  type Learned,
  sit,
  type Start,
  tokenizerFor,
  tokenizerOf,
  untrained,
} from "./learner.ts";
import {
  casesOf,
  type Item,
  type Lesson,
  lessonOf,
  type Question,
  seedPolicy,
  tested,
  withChange,
  withSection,
} from "./lesson.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string" },
    "seed-model": { type: "string" },
    tokens: { type: "string", default: "300000" },
    policies: { type: "string", default: "1,2,3" },
    seeds: { type: "string", default: "1,2,3" },
    depths: { type: "string", default: "1,2,3,4" },
    trajectories: { type: "string", default: "50,200,1000" },
    questions: { type: "string", default: "100" },
  },
});
const [plan] = positionals;
const { out, "seed-model": seedModel } = values;
if (out === undefined || !["arms", "grid", "prompt"].includes(plan ?? "")) {
  console.error(
    "Which experiment, and where to? npx tsx experiments.ts arms|grid|prompt --out FILE",
  );
  process.exit(2);
}
const list = (text: string): number[] => text.split(",").map(Number);
const tokens = Number(values.tokens);
const questions = Number(values.questions);
const policies = list(values.policies).map((number) => tested[number - 1]!);
const seeds = list(values.seeds);
/** Of the tokens, what fine-tuning gets where there is pretraining, too. */
const sftShare = 0.7;
const most = Math.max(200, ...list(values.trajectories));

/** What an arm trains on: rows of pretraining, trajectories, or both; all get the same tokens. */
interface Arm {
  cpt?: (lesson: Lesson) => readonly CptRow[];
  sft: boolean;
}

const cap = ({ dataset }: Lesson): CptRow[] => capCpt(dataset.cpt, 1);
const only =
  (wanted: CptRow["kind"]) =>
  ({ dataset }: Lesson): CptRow[] =>
    dataset.cpt.filter(({ kind }) => kind === wanted);
const without =
  (category: (typeof categories)[number]) =>
  (lesson: Lesson): CptRow[] =>
    cap(lesson).filter(({ statements }) =>
      statements.every((id) => lesson.category(id) !== category),
    );

const claimed: Record<string, Arm> = {
  "SFT alone": { sft: true },
  "CAP-CPT + SFT": { cpt: cap, sft: true },
  "control: the same simulations, no policy text": { cpt: only("scenario"), sft: true },
};
const arms: Record<string, Arm | undefined> = {
  untrained: undefined,
  retrieval: undefined,
  ...claimed,
  "raw document + SFT": { cpt: only("document"), sft: true },
  "CAP-CPT alone": { cpt: cap, sft: false },
  ...Object.fromEntries(
    categories.map((category) => [
      `CAP-CPT + SFT without ${category}`,
      { cpt: without(category), sft: true },
    ]),
  ),
};

/** What any call left in the same folder: two can share the work. */
const known = new Set(
  readdirSync(dirname(out))
    .filter((name) => plan !== "prompt" && isCells(name))
    .flatMap((name) => readLines(join(dirname(out), name), Cell).map((line) => keyOf(line))),
);
const lessons = new Map<string, Lesson>();
let shared: SavedModel | undefined;
let start = "scratch";

async function main(): Promise<void> {
  if (seedModel !== undefined) {
    shared = await readModel(seedModel);
    start = (await hashModel(seedModel)).slice(0, 12);
  }
  if (plan === "arms") await runArms();
  else if (plan === "grid") await runGrid();
  else await runPrompt();
}

void main();

async function runArms(): Promise<void> {
  for (const seed of seeds) {
    for (const policy of policies) {
      for (const arm of Object.keys(arms)) {
        await cell({ arm, policy, seed, depth: 3, trajectories: 200 });
      }
    }
  }
}

async function runGrid(): Promise<void> {
  for (const seed of seeds) {
    for (const policy of policies) {
      for (const depth of list(values.depths)) {
        for (const arm of Object.keys(claimed)) {
          for (const trajectories of list(values.trajectories)) {
            await cell({ arm, policy, seed, depth, trajectories });
          }
        }
      }
    }
  }
}

type Wanted = Pick<Cell, "arm" | "policy" | "seed" | "depth" | "trajectories">;

async function cell(wanted: Wanted): Promise<void> {
  if (known.has(keyOf({ ...wanted, tokens, start }))) return;
  const { arm, policy, seed, depth, trajectories } = wanted;
  const lesson = lessonFor(policy, depth);
  const { identifier, exam } = lesson;
  const begin = startOf(lesson);
  const started = performance.now();
  const learned = await train(wanted, lesson, begin);
  const weights = learned?.weights ?? untrained(begin, seed);
  const asked = arm === "retrieval" ? exam.map(withSection) : exam;
  const { ranked, written, right } = await sit(weights, begin.tokenizer, identifier, asked);
  const probed = arm === "CAP-CPT + SFT" && depth === 3 && trajectories === 200;
  const probes = probed ? await probe(lesson, begin, weights) : undefined;
  const seconds = (performance.now() - started) / 1000;
  const result: Cell["result"] = {
    ...{ ranked, written, byDepth: byDepth(exam, right), n: exam.length },
    ...{ trained: learned?.tokens ?? 0, trainingSeconds: learned?.seconds ?? 0, seconds },
    ...(probes && { probes }),
  };
  const line: Cell = { ...wanted, tokens, start, machine, result };
  appendFileSync(out!, `${JSON.stringify(Cell.parse(line))}\n`);
  known.add(keyOf(line));
  console.log(
    `${arm.padEnd(46)} policy ${policy} seed ${seed} depth ${depth} trajectories ${trajectories}: ` +
      `${ranked.toFixed(3)} (written ${written.toFixed(3)}) in ${seconds.toFixed(0)} s`,
  );
}

/** The last pretraining: the cells that differ in their trajectories only go on from the same. */
let pretrained: { key: string; learned: Learned } | undefined;

async function train(
  { arm: name, policy, seed, depth, trajectories }: Wanted,
  lesson: Lesson,
  begin: Start,
): Promise<Learned | undefined> {
  const arm = arms[name];
  if (arm === undefined) return undefined;
  const { identifier } = lesson;
  const sft = lesson.trajectories.slice(0, trajectories);
  if (arm.cpt === undefined) {
    return learn({ name: "sft", identifier, cpt: [], sft, tokens }, begin, seed);
  }
  const cpt = arm.cpt(lesson);
  const own = arm.sft ? tokens * (1 - sftShare) : tokens;
  const key = `${name}/${policy}/${seed}/${depth}`;
  if (pretrained?.key !== key) {
    const stage = { name: "cpt", identifier, cpt, sft: [], tokens: own } as const;
    pretrained = { key, learned: await learn(stage, begin, seed) };
  }
  const { learned: first } = pretrained;
  if (!arm.sft) return first;
  const stage = { name: "sft", identifier, cpt, sft, tokens: tokens * sftShare } as const;
  const second = await learn(stage, { ...begin, weights: first.weights }, seed);
  return {
    weights: second.weights,
    seconds: first.seconds + second.seconds,
    tokens: first.tokens + second.tokens,
  };
}

/** The same exam whatever the number of trajectories: it is made for the most. */
function lessonFor(seed: number, depth: number): Lesson {
  const key = `${seed}/${depth}`;
  const made = lessons.get(key) ?? lessonOf({ seed, depth, trajectories: most, questions });
  lessons.set(key, made);
  return made;
}

function byDepth(exam: readonly Question[], right: readonly boolean[]) {
  const groups: Cell["result"]["byDepth"] = {};
  exam.forEach(({ depth }, i) => {
    const group = (groups[String(depth)] ??= { right: 0, n: 0 });
    group.n++;
    if (right[i]) group.right++;
  });
  return groups;
}

async function probe(lesson: Lesson, { tokenizer, weights: before }: Start, weights: Weights) {
  const { identifier, exam, dataset } = lesson;
  const ask = async (items: readonly Item[]) =>
    (await sit(weights, tokenizer, identifier, items, false)).ranked;
  // Multiple-choice items of our own exam that ask for a rule's words, in words of their own.
  const rules = dataset.exam
    .flatMap((item) =>
      "choices" in item && item.kind === "question" && item.tier === "reworded"
        ? [{ ...item, instruction: item.prompt.at(-1)!.content }]
        : [],
    )
    .slice(0, questions);
  // The outcome in question, or each second time another one, is changed to the one after it.
  const changes = exam.map((question, i): [Item, boolean] => {
    const { answer, choices } = question;
    const after = (choice: number) => (choice + 1) % choices.length;
    const from = i % 2 === 0 ? answer : after(answer);
    return [withChange(question, from, after(from)), from === answer];
  });
  const other = otherLesson();
  const retained = async (of: Weights) =>
    (await sit(of, tokenizer, other.identifier, other.exam, false)).ranked;
  return {
    restored: await ask(exam.map(withSection)),
    override: await ask(changes.flatMap(([item, concerned]) => (concerned ? [item] : []))),
    unconcerned: await ask(changes.flatMap(([item, concerned]) => (concerned ? [] : [item]))),
    referral: await ask(rules),
    branchingError: await branchingError(weights, tokenizer, identifier, exam.slice(0, 50)),
    retention: { before: before ? await retained(before) : 0, after: await retained(weights) },
  };
}

type Weights = NonNullable<Start["weights"]>;

/** A policy that the seed model has learned. */
function otherLesson(): Lesson {
  const key = "other";
  const made = lessons.get(key) ?? lessonOf({ ...seedPolicy(0), trajectories: 1, questions });
  lessons.set(key, made);
  return made;
}

/** The prompts of the setting task(12)/workflow(3), with the document and with its identifier. */
async function runPrompt(): Promise<void> {
  for (const seed of policies) {
    const setting = { depth: 3, tasks: 12 };
    const cases = casesOf({ seed, ...setting, trajectories: 0, questions: 12 });
    const tokenizer =
      shared?.tokenizer ?? tokenizerOf(trainTokenizer([cases.policy], hyperparameters.vocabulary));
    const asked = questionText("", cases.exam[0]!.instruction).replace("[] ", "");
    const line: PromptCost = {
      ...{ policy: seed, ...setting, machine },
      withPolicy: await firstToken(tokenizer, `${cases.policy}\n${asked}`),
      withIdentifier: await firstToken(tokenizer, `[${cases.identifier}] ${asked}`),
      document: tokenizer.encode(cases.policy).length,
      identifier: tokenizer.encode(`[${cases.identifier}]`).length,
    };
    appendFileSync(out!, `${JSON.stringify(line)}\n`);
    console.log(line);
  }
}

function startOf(lesson: Lesson): Start {
  if (shared !== undefined) return { tokenizer: shared.tokenizer, weights: shared.weights };
  return { tokenizer: tokenizerOf(tokenizerFor(lesson)) };
}

function keyOf(cell: Omit<Cell, "result" | "machine">): string {
  const { arm, policy, seed, depth, trajectories, tokens: spent, start: from } = cell;
  return JSON.stringify([arm, policy, seed, depth, trajectories, spent, from]);
}
