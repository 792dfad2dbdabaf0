import { describe, expect, test } from "vitest";
import type { Sequence } from "../../../../../src/training/engines/onnx/feeds.ts";
import { initialWeights, parametersOf } from "../../../../../src/training/engines/onnx/gpt.ts";
import { GptModel } from "../../../../../src/training/engines/onnx/model.ts";
import {
  readSafetensors,
  writeSafetensors,
} from "../../../../../src/training/engines/onnx/safetensors.ts";
import { GptTrainer } from "../../../../../src/training/engines/onnx/session.ts";

const config = { layers: 2, heads: 2, width: 32, context: 32, vocabulary: 64 };
const options = {
  seed: 3,
  threads: 1,
  beta1: 0.9,
  beta2: 0.98,
  weightDecay: 0.1,
  clipNorm: 1,
};
const rate = 3e-3;
const end = 0;

/** Sequences of several lengths; each ends with the end token. */
const sequences = Array.from({ length: 6 }, (_, n): Sequence => {
  const length = 8 + 2 * n;
  const tokens = Array.from({ length }, (_, i) => 1 + ((n * 17 + i * i * 5) % 63));
  return { tokens: [...tokens, end], lossFrom: n };
});
const batches = [sequences.slice(0, 2), sequences.slice(2, 5), sequences.slice(5)];

async function train(trainer: GptTrainer, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    losses.push((await trainer.step(batches[trainer.steps % 3]!, rate)).loss);
  }
  return losses;
}

describe("GptTrainer", () => {
  test("starts near the uniform distribution and learns its batches by heart", async () => {
    const trainer = await GptTrainer.create(config, options);
    const before = await trainer.loss(sequences);
    expect(before.loss).toBeGreaterThan(0.8 * Math.log(config.vocabulary));
    expect(before.loss).toBeLessThan(1.2 * Math.log(config.vocabulary));
    await train(trainer, 200);
    expect((await trainer.loss(sequences)).loss).toBeLessThan(0.2);
    await trainer.release();
  });

  test("the same seed gives the same curve, another seed another", async () => {
    const curve = async (seed: number) => {
      const trainer = await GptTrainer.create(config, { ...options, seed });
      const losses = await train(trainer, 4);
      await trainer.release();
      return losses;
    };
    const first = await curve(1);
    expect(await curve(1)).toEqual(first);
    expect(await curve(2)).not.toEqual(first);
  });

  test("goes on from a snapshot, through a file, on the same curve", async () => {
    const trainer = await GptTrainer.create(config, options);
    await train(trainer, 5);
    const { steps, ...parts } = await trainer.snapshot();
    const stored = (tensors: typeof parts.weights) =>
      readSafetensors(writeSafetensors(tensors)).tensors;
    const snapshot = {
      steps,
      weights: stored(parts.weights),
      firstMoments: stored(parts.firstMoments),
      secondMoments: stored(parts.secondMoments),
    };
    const rest = await train(trainer, 5);
    const resumed = await GptTrainer.create(config, { ...options, seed: 99 });
    resumed.restore(snapshot);
    expect(resumed.steps).toBe(5);
    expect(await train(resumed, 5)).toEqual(rest);
    await trainer.release();
    await resumed.release();
  });

  test("padding changes nothing: a batch's loss is that of its sequences", async () => {
    const trainer = await GptTrainer.create(config, options);
    await train(trainer, 3);
    const together = await trainer.loss(sequences);
    let sum = 0;
    let tokens = 0;
    for (const sequence of sequences) {
      const alone = await trainer.loss([sequence]);
      sum += alone.loss * alone.tokens;
      tokens += alone.tokens;
    }
    expect(together.tokens).toBe(tokens);
    expect(together.loss).toBeCloseTo(sum / tokens, 5);
    await trainer.release();
  });

  test("the step is AdamW's on the clipped gradient", async () => {
    // With zero moments and t = 1 the corrected moments are g and g², so each element moves by
    // rate·g/(|g| + ε), that is by the rate; matrices also shrink by rate·decay.
    const trainer = await GptTrainer.create(config, options);
    const before = await trainer.weights();
    const { gradientNorm } = await trainer.step(sequences, rate);
    expect(gradientNorm).toBeGreaterThan(0);
    const { weights, firstMoments } = await trainer.snapshot();
    let squares = 0;
    for (const { name, dims } of parametersOf(config)) {
      const shrink = dims.length > 1 ? 1 - rate * options.weightDecay : 1;
      const old = before.get(name)!.data;
      const now = weights.get(name)!.data;
      const slopes = firstMoments.get(name)!.data.map((m) => m / (1 - options.beta1));
      for (let i = 0; i < old.length; i++) {
        const slope = slopes[i]!;
        squares += slope * slope;
        if (Math.abs(slope) < 1e-5) continue;
        expect(Math.abs(old[i]! * shrink - rate * Math.sign(slope) - now[i]!)).toBeLessThan(1e-5);
      }
    }
    expect(Math.sqrt(squares)).toBeCloseTo(Math.min(gradientNorm, options.clipNorm), 4);
    await trainer.release();
  });

  test("refuses what cannot be trained on, by one clear line", async () => {
    const trainer = await GptTrainer.create(config, options);
    await expect(trainer.step([], rate)).rejects.toThrow("no token of the batch carries loss");
    await expect(trainer.step([{ tokens: [1, 2], lossFrom: 2 }], rate)).rejects.toThrow(RangeError);
    const long = { tokens: new Array<number>(34).fill(1), lossFrom: 0 };
    await expect(trainer.step([long], rate)).rejects.toThrow("does not fit a context of 32");
    const other = initialWeights({ ...config, width: 16 }, 1);
    const wrong = { steps: 1, weights: other, firstMoments: other, secondMoments: other };
    expect(() => trainer.restore(wrong)).toThrow("embedding has shape [64, 16], not [64, 32]");
    await trainer.release();
  });
});

describe("GptModel", () => {
  test("scores as the trainer does, and writes what it learned", async () => {
    const trainer = await GptTrainer.create(config, options);
    await train(trainer, 200);
    const model = await GptModel.create(config, await trainer.weights(), { threads: 1 });
    const scores = await model.logLikelihoods(sequences);
    for (const [i, sequence] of sequences.entries()) {
      const { loss, tokens } = await trainer.loss([sequence]);
      expect(-scores[i]!).toBeCloseTo(loss * tokens, 3);
    }
    const prompts = sequences.map(({ tokens }) => tokens.slice(0, 7));
    const written = await model.generate(prompts, { maxTokens: 30, stop: end });
    expect(written).toEqual(sequences.map(({ tokens }) => tokens.slice(7, -1)));
    const short = await model.generate(prompts, { maxTokens: 1, stop: end });
    expect(short).toEqual(sequences.map(({ tokens }) => tokens.slice(7, 8)));
    expect(await model.generate([], { maxTokens: 5, stop: end })).toEqual([]);
    await model.release();
    await trainer.release();
  });

  test("a sequence without loss tokens scores 0", async () => {
    const model = await GptModel.create(config, initialWeights(config, 1));
    expect(await model.logLikelihoods([{ tokens: [1, 2], lossFrom: 2 }])).toEqual([0]);
    await model.release();
  });

  test("stops at the end of the context", async () => {
    const model = await GptModel.create(config, initialWeights(config, 1));
    const prompt = new Array<number>(30).fill(1);
    const [answer] = await model.generate([prompt], { maxTokens: 100, stop: -1 });
    expect(answer).toHaveLength(3);
    await model.release();
  });
});
