/**
 * The experiments on generated policies, with the embedded engine: each figure is a cell, and each
 * finished cell a line of FILE, so that the same call goes on where it stopped.
 *
 *     npx tsx test/bench/benchmark/experiments.ts arms   --out FILE [options]
 *     npx tsx test/bench/benchmark/experiments.ts grid   --out FILE [options]
 *     npx tsx test/bench/benchmark/experiments.ts probes --out FILE [options]
 *
 * Options: --tokens 1000000 (the same for every arm), --policies 3, --seeds 3, --questions 200,
 * --seed-model FOLDER (of seed-model.ts: every arm starts from it). Then page.ts writes the page.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { parseArgs } from "node:util";
import { categories } from "../../../src/policy/statement.ts";
import type { CptRow } from "../../../src/synthesis/dataset.ts";
import { questionText } from "../../../src/synthesis/training-rows.ts";
import { readModel, type SavedModel } from "../../../src/training/engines/onnx/saved-model.ts";
import { Cell, type CellResult } from "./cells.ts";
import {
  branchingError,
  firstToken,
  learn,
  sit,
  type Stages,
  type Start,
  tokenizerFor,
  tokenizerOf,
  untrained,
} from "./learner.ts";
import { type Lesson, lessonOf } from "./lesson.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string" },
    tokens: { type: "string", default: "1000000" },
    policies: { type: "string", default: "3" },
    seeds: { type: "string", default: "3" },
    questions: { type: "string", default: "200" },
    "seed-model": { type: "string" },
  },
});
const [plan] = positionals;
const { out, "seed-model": seedModel } = values;
if (out === undefined || !["arms", "grid", "probes"].includes(plan ?? "")) {
  console.error(
    "Which experiment, and where to? npx tsx experiments.ts arms|grid|probes --out FILE",
  );
  process.exit(2);
}
const tokens = Number(values.tokens);
const questions = Number(values.questions);
/** The tested policies; seed-model.ts learns from seeds below 100,000. */
const policies = Array.from({ length: Number(values.policies) }, (_, i) => 900_001 + i);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => 1 + i);
/** Of the tokens, what fine-tuning gets where there is pretraining, too. */
const sftShare = 0.3;

/** What an arm trains on; all get the same tokens. */
const arms: Record<string, (lesson: Lesson, sft: Lesson["trajectories"]) => Stages> = {
  "raw document + SFT": ({ dataset }, sft) => both(dataset.cpt.filter(isDocument), sft),
  "SFT alone": (_, sft) => ({ cpt: [], sft, cptTokens: 0, sftTokens: tokens }),
  "CAP-CPT alone": ({ dataset }) => ({
    cpt: dataset.cpt,
    sft: [],
    cptTokens: tokens,
    sftTokens: 0,
  }),
  "CAP-CPT + SFT": ({ dataset }, sft) => both(dataset.cpt, sft),
  "control: simulations without policy text": ({ dataset }, sft) =>
    both(dataset.cpt.filter(isSimulation), sft),
  ...Object.fromEntries(
    categories.map((category) => [
      `CAP-CPT + SFT without ${category}`,
      ({ dataset, category: of }: Lesson, sft: Lesson["trajectories"]) =>
        both(
          dataset.cpt.filter(({ statements }) => !statements.some((id) => of(id) === category)),
          sft,
        ),
    ]),
  ),
};

const isDocument = ({ kind }: CptRow): boolean => kind === "document";
const isSimulation = ({ kind }: CptRow): boolean => kind === "scenario";
const both = (cpt: CptRow[], sft: Lesson["trajectories"]): Stages => ({
  cpt,
  sft,
  cptTokens: tokens * (1 - sftShare),
  sftTokens: tokens * sftShare,
});

const known = new Set(
  existsSync(out)
    ? readFileSync(out, "utf8")
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => keyOf(Cell.parse(JSON.parse(line))))
    : [],
);
let shared: SavedModel | undefined;

async function main(): Promise<void> {
  if (seedModel !== undefined) shared = await readModel(seedModel);
  if (plan === "arms") await runArms();
  else if (plan === "grid") await runGrid();
  else await runProbes();
}

void main();

async function runArms(): Promise<void> {
  for (const policy of policies) {
    for (const seed of seeds) {
      for (const arm of ["untrained", "retrieval", ...Object.keys(arms)]) {
        // Only a model that has read sections in prompts can be asked to read one.
        if (arm === "retrieval" && shared === undefined) continue;
        await cell({ plan: "arms", arm, policy, seed, depth: 3, trajectories: 200 });
      }
    }
  }
}

async function runGrid(): Promise<void> {
  for (const policy of policies) {
    for (const seed of seeds) {
      for (const depth of [1, 2, 3, 4]) {
        for (const trajectories of [50, 200, 1000]) {
          for (const arm of [
            "SFT alone",
            "CAP-CPT + SFT",
            "control: simulations without policy text",
          ]) {
            await cell({ plan: "grid", arm, policy, seed, depth, trajectories });
          }
        }
      }
    }
  }
}

type Wanted = Omit<Cell, "tokens" | "seedModel" | "result" | "machine">;

async function cell(wanted: Wanted): Promise<void> {
  const key = keyOf({ ...wanted, tokens, seedModel: seedModel !== undefined });
  if (known.has(key)) return;
  const { arm, policy, seed, depth, trajectories } = wanted;
  const lesson = lessonOf({ seed: policy, depth, trajectories, questions });
  const start = startOf(lesson);
  const started = performance.now();
  const stages = arms[arm]?.(lesson, lesson.trajectories);
  const learned = stages && (await learn(lesson, stages, start, seed));
  const weights = learned?.weights ?? untrained(start, seed);
  const before =
    arm === "retrieval" ? ({ section }: { section: string }) => `${section}\n` : undefined;
  const sitting = await sit(weights, start.tokenizer, lesson.identifier, lesson.exam, before);
  keep(wanted, {
    ...sitting,
    trained: learned?.tokens ?? 0,
    trainingSeconds: learned?.seconds ?? 0,
    seconds: (performance.now() - started) / 1000,
  });
}

/** After CAP-CPT + SFT: what else is as it should be? */
async function runProbes(): Promise<void> {
  for (const policy of policies) {
    for (const seed of seeds) {
      const wanted: Wanted = {
        plan: "probes",
        arm: "CAP-CPT + SFT",
        policy,
        seed,
        depth: 3,
        trajectories: 200,
      };
      if (known.has(keyOf({ ...wanted, tokens, seedModel: seedModel !== undefined }))) continue;
      const lesson = lessonOf({ seed: policy, depth: 3, trajectories: 200, questions });
      const start = startOf(lesson);
      const { tokenizer } = start;
      const started = performance.now();
      const learned = await learn(
        lesson,
        arms[wanted.arm]!(lesson, lesson.trajectories),
        start,
        seed,
      );
      const { weights } = learned;
      const { identifier, exam } = lesson;
      const sitting = await sit(weights, tokenizer, identifier, exam);
      const restored = await sit(
        weights,
        tokenizer,
        identifier,
        exam,
        ({ section }) => `${section}\n`,
      );
      const override = await sit(
        weights,
        tokenizer,
        identifier,
        exam,
        ({ changed }) => `${changed.section}\n`,
        ({ changed }) => changed.answer,
      );
      const referral = lesson.dataset.exam
        .filter((item) => "choices" in item && item.kind === "question" && item.tier === "reworded")
        .slice(0, questions)
        .map((item) => ({
          instruction: item.prompt.at(-1)!.content,
          choices: "choices" in item ? item.choices : [],
          answer: "choices" in item ? item.answer : 0,
          depth: 0,
          cites: [],
          section: "",
          changed: { section: "", answer: 0 },
        }));
      const referred = await sit(weights, tokenizer, identifier, referral);
      const other = lessonOf({ seed: 1, depth: 3, trajectories: 50, questions });
      const retention =
        shared === undefined
          ? undefined
          : {
              before: (await sit(shared.weights, tokenizer, other.identifier, other.exam)).ranked,
              after: (await sit(weights, tokenizer, other.identifier, other.exam)).ranked,
            };
      const asked = exam[0]!.instruction;
      keep(wanted, {
        ...sitting,
        trained: learned.tokens,
        trainingSeconds: learned.seconds,
        seconds: (performance.now() - started) / 1000,
        probes: {
          restored: restored.ranked,
          override: override.ranked,
          referral: referred.ranked,
          branchingError: await branchingError(weights, tokenizer, identifier, exam),
          ...(retention && { retention }),
          ...(await promptCost(asked)),
        },
      });
    }
  }
}

/** The prompt of the setting task(12)/workflow(3), with the document and with its identifier. */
async function promptCost(asked: string) {
  const large = lessonOf({
    seed: policies[0]!,
    depth: 3,
    trajectories: 1,
    questions: 1,
    tasks: 12,
  });
  const tokenizer = tokenizerOf(tokenizerFor([large]));
  const withPolicy = await firstToken(tokenizer, `${large.policy}\n${questionText("", asked)}`);
  const withIdentifier = await firstToken(tokenizer, questionText(large.identifier, asked));
  const document = tokenizer.encode(large.policy).length;
  const identifier = tokenizer.encode(`[${large.identifier}]`).length;
  return { withPolicy, withIdentifier, document, identifier };
}

function startOf(lesson: Lesson): Start {
  if (shared !== undefined) return { tokenizer: shared.tokenizer, weights: shared.weights };
  return { tokenizer: tokenizerOf(tokenizerFor([lesson])) };
}

function keep(wanted: Wanted, result: CellResult): void {
  const machine = `${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}`;
  const line: Cell = { ...wanted, tokens, seedModel: seedModel !== undefined, machine, result };
  appendFileSync(out!, `${JSON.stringify(Cell.parse(line))}\n`);
  const { ranked, written, seconds } = result;
  console.log(
    `${wanted.arm.padEnd(42)} policy ${wanted.policy} seed ${wanted.seed} depth ${wanted.depth} ` +
      `n ${wanted.trajectories}: ${ranked.toFixed(3)} (written ${written.toFixed(3)}) in ${seconds.toFixed(0)} s`,
  );
}

function keyOf(cell: Omit<Cell, "result" | "machine">): string {
  const { plan: of, arm, policy, seed, depth, trajectories, tokens: spent, seedModel: from } = cell;
  return JSON.stringify([of, arm, policy, seed, depth, trajectories, spent, from]);
}
