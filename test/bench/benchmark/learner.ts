import type { Dataset, SftRow } from "../../../src/synthesis/dataset.ts";
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
import type { Lesson, Question } from "./lesson.ts";

export const hyperparameters = {
  ...defaultHyperparameters,
  context: 384,
  vocabulary: 2000,
  peakRate: 3e-3,
  replay: 0.5,
};
/** Fine-tuning after pretraining begins at this share of the peak rate. */
const fineTuningRate = 0.3;
const longestAnswer = 40;

type Weights = ReadonlyMap<string, HostTensor>;

/** A model before it learns a policy: fresh, or one that has learned others. */
export interface Start {
  tokenizer: Tokenizer;
  weights?: Weights;
}

export interface Stages {
  cpt: Dataset["cpt"];
  sft: readonly SftRow[];
  /** Tokens of each stage. */
  cptTokens: number;
  sftTokens: number;
}

/** A tokenizer for a lesson, from what teaches it and nothing of its exam. */
export function tokenizerFor(lessons: readonly Pick<Lesson, "dataset" | "trajectories">[]): string {
  const texts = lessons.flatMap(({ dataset, trajectories }) => [
    ...dataset.cpt.map(({ text }) => text),
    ...trajectories.flatMap(({ prompt, completion }) =>
      [...prompt, ...completion].map(({ content }) => content),
    ),
  ]);
  return trainTokenizer(texts, hyperparameters.vocabulary);
}

/** Trains through both stages; a stage without rows or tokens is left out. */
export async function learn(
  lesson: Pick<Lesson, "dataset">,
  { cpt, sft, cptTokens, sftTokens }: Stages,
  { tokenizer, weights }: Start,
  seed: number,
): Promise<{ weights: Weights; seconds: number; tokens: number }> {
  const config = configOf(hyperparameters, tokenizer);
  const { beta1, beta2, weightDecay, clipNorm, batchTokens, peakRate, replay } = hyperparameters;
  const trainer = await GptTrainer.create(config, { seed, beta1, beta2, weightDecay, clipNorm });
  if (weights !== undefined) {
    const zeros = new Map(
      [...weights].map(([name, { dims, data }]) => [
        name,
        { dims, data: new Float32Array(data.length) },
      ]),
    );
    trainer.restore({ steps: 0, weights, firstMoments: zeros, secondMoments: zeros });
  }
  const curriculum = new Curriculum(
    { ...lesson.dataset, cpt, sft: [...sft] },
    tokenizer,
    hyperparameters,
  );
  const started = performance.now();
  let tokens = 0;
  const stage = async (
    epoch: (random: Random) => Sequence[],
    budget: number,
    peak: number,
    name: string,
  ) => {
    let spent = 0;
    for (const batch of batches(epoch, batchTokens, new Random(`${seed}/${name}`))) {
      if (spent >= budget) break;
      await trainer.step(batch, rateAt(spent / budget, peak, hyperparameters));
      spent += countTokens(batch);
    }
    tokens += spent;
  };
  const pretrains = cpt.length > 0 && cptTokens > 0;
  if (pretrains)
    await stage((random) => curriculum.pretraining(random), cptTokens, peakRate, "cpt");
  if (sft.length > 0 && sftTokens > 0) {
    const peak = pretrains ? peakRate * fineTuningRate : peakRate;
    const share = pretrains ? replay : 0;
    await stage((random) => curriculum.fineTuning(random, share), sftTokens, peak, "sft");
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
  /** Share of questions whose right outcome is the likeliest of its task's, per token. */
  ranked: number;
  /** Share of answers that are the right outcome, word by word. */
  written: number;
  /** The same as `ranked`, by depth of the case. */
  byDepth: Record<string, { right: number; n: number }>;
  n: number;
}

/** What stands before a question: nothing, or a text that the prompt brings along. */
export type Before = (question: Question) => string;

/** Sits an exam; `answerOf` tells which choice is right, the policy's own unless told. */
export async function sit(
  weights: Weights,
  tokenizer: Tokenizer,
  identifier: string,
  exam: readonly Question[],
  before: Before = () => "",
  answerOf: (question: Question) => number = ({ answer }) => answer,
): Promise<Sitting> {
  const config = configOf(hyperparameters, tokenizer);
  const model = await GptModel.create(config, weights);
  const prompts = exam.map((question) =>
    tokenizer
      .encode(questionText(identifier, before(question) + question.instruction).trimEnd())
      .slice(-config.context + longestAnswer),
  );
  const sequences = exam.flatMap(({ choices }, i) =>
    choices.map((choice): Sequence => {
      const answer = [...tokenizer.encode(` ${choice}`), tokenizer.endId];
      return { tokens: [...prompts[i]!, ...answer], lossFrom: prompts[i]!.length };
    }),
  );
  const sums = await model.logLikelihoods(sequences);
  const written = await model.generate(prompts, {
    maxTokens: longestAnswer,
    stop: tokenizer.endId,
  });
  await model.release();
  let at = 0;
  let ranked = 0;
  let exact = 0;
  const byDepth: Sitting["byDepth"] = {};
  exam.forEach((question, i) => {
    const scores = question.choices.map(() => {
      const { tokens, lossFrom } = sequences[at]!;
      return sums[at++]! / (tokens.length - lossFrom);
    });
    const right = scores.indexOf(Math.max(...scores)) === answerOf(question);
    if (right) ranked++;
    if (tokenizer.decode(written[i]!).trim() === question.choices[answerOf(question)]) exact++;
    const group = (byDepth[String(question.depth)] ??= { right: 0, n: 0 });
    group.n++;
    if (right) group.right++;
  });
  const n = exam.length;
  return { ranked: ranked / n, written: exact / n, byDepth, n };
}

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
  const model = await GptModel.create(config, weights);
  const prompts = exam.map(({ instruction }) => {
    const asked = questionText(identifier, instruction);
    return tokenizer.encode(asked.slice(0, -answerMark.length) + reasoningMark.trimEnd());
  });
  const written = await model.generate(prompts, { maxTokens: 80, stop: tokenizer.endId });
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
  const model = await GptModel.create(config, initialWeights(config, 1));
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
