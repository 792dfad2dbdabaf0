import type { CptRow, SftRow } from "../../../src/synthesis/dataset.ts";
import { Random } from "../../../src/synthesis/random.ts";
import { answerMark, questionText, reasoningMark } from "../../../src/synthesis/training-rows.ts";
import type { Sequence } from "../../../src/training/engines/onnx/feeds.ts";
import { type HostTensor, initialWeights } from "../../../src/training/engines/onnx/gpt.ts";
import { GptModel } from "../../../src/training/engines/onnx/model.ts";
import { countTokens } from "../../../src/training/engines/onnx/plan.ts";
import {
  batches,
  Curriculum,
  defaultHyperparameters,
  rateAt,
} from "../../../src/training/engines/onnx/recipe.ts";
import { configOf } from "../../../src/training/engines/onnx/saved-model.ts";
import { GptTrainer } from "../../../src/training/engines/onnx/session.ts";
import { Tokenizer, trainTokenizer } from "../../../src/training/engines/onnx/tokenizer.ts";
import type { OnnxHyperparameters } from "../../../src/training/spec.ts";
import type { Item, Lesson, Question } from "./lesson.ts";

/**
 * Questions are left as they are: where words are dropped and replaced by chance, "is not included"
 * becomes "is included" and the case another one. In prose that helps; here it is wrong labels.
 */
export const hyperparameters: OnnxHyperparameters = {
  ...defaultHyperparameters,
  ...{ context: 384, vocabulary: 2000, peakRate: 3e-3, replay: 0.4 },
  ...{ promptDropout: 0, promptReplacement: 0, promptInsertion: 0 },
};
/** Of the rows of continued pretraining. */
const simulationShare = 0.9;
const longestAnswer = 40;
/** One core for each process: more of them can run side by side. */
const threads = 1;

type Weights = ReadonlyMap<string, HostTensor>;

/** A model before it learns a policy: fresh, or one that has learned others. */
export interface Start {
  tokenizer: Tokenizer;
  weights?: Weights;
}

/** One stage of a training. */
export interface Stage {
  name: "cpt" | "sft";
  identifier: string;
  /** What pretraining learns, and what fine-tuning replays. */
  cpt: readonly CptRow[];
  sft: readonly SftRow[];
  tokens: number;
}

export interface Learned {
  weights: Weights;
  seconds: number;
  tokens: number;
}

/** A tokenizer for a lesson, from what teaches it and nothing of its exam. */
export function tokenizerFor({ dataset, trajectories }: Lesson): string {
  const texts = [
    ...dataset.cpt.map(({ text }) => text),
    ...trajectories.flatMap(({ prompt, completion }) =>
      [...prompt, ...completion].map(({ content }) => content),
    ),
  ];
  return trainTokenizer(texts, hyperparameters.vocabulary);
}

/**
 * The rows of continued pretraining in the shares that they are trained on: so many simulations
 * among them. A dataset has three to four times as many questions on words as simulations.
 */
export function capCpt(rows: readonly CptRow[], seed: number): CptRow[] {
  const simulations = rows.filter(({ kind }) => kind === "scenario");
  const others = rows.filter(({ kind }) => kind !== "scenario");
  const wanted = (simulations.length * (1 - simulationShare)) / simulationShare;
  const shuffled = new Random(`${seed}/mix`).shuffle(others);
  return [...simulations, ...shuffled.slice(0, Math.round(wanted))];
}

/**
 * Trains through one stage. Fine-tuning begins at the full rate again: after so few tokens of
 * pretraining there is more to learn than to keep.
 */
export async function learn(
  { name, identifier, cpt, sft, tokens: budget }: Stage,
  { tokenizer, weights }: Start,
  seed: number,
  changes: Partial<OnnxHyperparameters> = {},
  onProgress?: (share: number, loss: number) => void,
): Promise<Learned> {
  const recipe = { ...hyperparameters, ...changes };
  const config = configOf(recipe, tokenizer);
  const { beta1, beta2, weightDecay, clipNorm, batchTokens, peakRate, replay } = recipe;
  const options = { seed, threads, beta1, beta2, weightDecay, clipNorm };
  const trainer = await GptTrainer.create(config, options);
  if (weights !== undefined) {
    const zeros = new Map(
      [...weights].map(([tensor, { dims, data }]) => [
        tensor,
        { dims, data: new Float32Array(data.length) },
      ]),
    );
    trainer.restore({ steps: 0, weights, firstMoments: zeros, secondMoments: zeros });
  }
  const curriculum = new Curriculum({ manifest: { identifier }, cpt, sft }, tokenizer, recipe);
  const epoch = (random: Random) =>
    name === "cpt"
      ? curriculum.pretraining(random)
      : curriculum.fineTuning(random, cpt.length > 0 ? replay : 0);
  const started = performance.now();
  let tokens = 0;
  let shown = 0;
  let loss = 0;
  for (const batch of batches(epoch, batchTokens, new Random(`${seed}/${name}`))) {
    if (tokens >= budget) break;
    const result = await trainer.step(batch, rateAt(tokens / budget, peakRate, recipe));
    loss = loss === 0 ? result.loss : 0.98 * loss + 0.02 * result.loss;
    tokens += countTokens(batch);
    if (tokens / budget >= shown + 0.02) onProgress?.((shown = tokens / budget), loss);
  }
  const learned = await trainer.weights();
  await trainer.release();
  return { weights: learned, seconds: (performance.now() - started) / 1000, tokens };
}

/** The weights that nothing was learned with. */
export function untrained({ tokenizer, weights }: Start, seed: number): Weights {
  return weights ?? initialWeights(configOf(hyperparameters, tokenizer), seed);
}

export interface Sitting {
  /** Share of questions whose right outcome is the likeliest of its task's. */
  ranked: number;
  /** Share of answers that are the right outcome, word by word. */
  written: number;
  /** Which questions were ranked right. */
  right: readonly boolean[];
}

/** Sits an exam; writing answers out takes most of the time. */
export async function sit(
  weights: Weights,
  tokenizer: Tokenizer,
  identifier: string,
  exam: readonly Item[],
  writes = true,
): Promise<Sitting> {
  const config = configOf(hyperparameters, tokenizer);
  const model = await GptModel.create(config, weights, { threads });
  const prompts = exam.map(({ instruction }) =>
    tokenizer
      .encode(questionText(identifier, instruction).trimEnd())
      .slice(-config.context + longestAnswer),
  );
  const sequences = exam.flatMap(({ choices }, i) =>
    choices.map((choice): Sequence => {
      const answer = [...tokenizer.encode(` ${choice}`), tokenizer.endId];
      return { tokens: [...prompts[i]!, ...answer], lossFrom: prompts[i]!.length };
    }),
  );
  const sums = await model.logLikelihoods(sequences);
  const stop = tokenizer.endId;
  const written = writes ? await model.generate(prompts, { maxTokens: longestAnswer, stop }) : [];
  await model.release();
  let at = 0;
  const right = exam.map(({ choices, answer }) => {
    const scores = choices.map(() => sums[at++]!);
    return scores.indexOf(Math.max(...scores)) === answer;
  });
  const exact = exam.filter(
    ({ choices, answer }, i) => tokenizer.decode(written[i] ?? []).trim() === choices[answer],
  );
  return { ranked: share(right), written: exact.length / exam.length, right };
}

const share = (right: readonly boolean[]) => right.filter(Boolean).length / right.length;

/**
 * The mean number of conditions that the model's reasoning cites and the gold one does not, or the
 * other way round (the branching error of TriMPI, arXiv 2510.09474).
 */
export async function branchingError(
  weights: Weights,
  tokenizer: Tokenizer,
  identifier: string,
  exam: readonly Question[],
): Promise<number> {
  const config = configOf(hyperparameters, tokenizer);
  const model = await GptModel.create(config, weights, { threads });
  const prompts = exam.map(({ instruction }) => {
    const asked = questionText(identifier, instruction);
    return tokenizer.encode(asked.slice(0, -answerMark.length) + reasoningMark.trimEnd());
  });
  const written = await model.generate(prompts, {
    maxTokens: longestAnswer,
    stop: tokenizer.endId,
  });
  await model.release();
  const errors = exam.map(({ cites }, i) => {
    const text = tokenizer.decode(written[i]!).split(answerMark.trim())[0]!;
    const cited = new Set(text.match(/\bc\d+\.\d+\b/g) ?? []);
    const gold = new Set(cites);
    return (
      [...cited].filter((id) => !gold.has(id)).length + cites.filter((id) => !cited.has(id)).length
    );
  });
  return errors.reduce((sum, each) => sum + each, 0) / errors.length;
}

/** Milliseconds to the first token, and tokens, of a prompt; weights do not matter for the time. */
export async function firstToken(
  tokenizer: Tokenizer,
  prompt: string,
): Promise<{ tokens: number; ms: number }> {
  const ids = tokenizer.encode(prompt);
  const config = { ...configOf(hyperparameters, tokenizer), context: ids.length + 1 };
  const model = await GptModel.create(config, initialWeights(config, 1), { threads });
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const started = performance.now();
    await model.generate([ids], { maxTokens: 1, stop: tokenizer.endId });
    times.push(performance.now() - started);
  }
  await model.release();
  // The first run warms the runtime up.
  const [, ...warm] = times;
  return { tokens: ids.length, ms: warm.toSorted((one, other) => one - other)[2]! };
}

export const tokenizerOf = (json: string): Tokenizer => Tokenizer.fromJson(json);
