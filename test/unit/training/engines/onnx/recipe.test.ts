import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../../../src/policy/parse.ts";
import { Random } from "../../../../../src/synthesis/random.ts";
import { synthesize } from "../../../../../src/synthesis/synthesize.ts";
import {
  batches,
  Curriculum,
  defaultHyperparameters,
  promptText,
  rateAt,
} from "../../../../../src/training/engines/onnx/recipe.ts";
import { Tokenizer, trainTokenizer } from "../../../../../src/training/engines/onnx/tokenizer.ts";

const policyText = readFileSync(
  new URL("../../../../../media/sample/parcel-desk.md", import.meta.url),
  "utf8",
);
const dataset = synthesize(parsePolicy(policyText, { path: "parcel-desk.md" }), {
  seed: 3,
  command: "test",
});
const tokenizer = Tokenizer.fromJson(
  trainTokenizer(
    dataset.cpt.slice(0, 600).map(({ text }) => text),
    600,
  ),
);
const curriculum = new Curriculum(dataset, tokenizer, defaultHyperparameters);
const { identifier } = dataset.manifest;

describe("the curriculum", () => {
  it("makes the same epoch from the same random stream, and another from the next", () => {
    const first = curriculum.pretraining(new Random(1));
    expect(curriculum.pretraining(new Random(1))).toEqual(first);
    expect(curriculum.pretraining(new Random(2))).not.toEqual(first);
  });

  it("keeps sequences within the context, with something to learn in each", () => {
    const random = new Random(5);
    for (const { tokens, lossFrom } of [
      ...curriculum.pretraining(random),
      ...curriculum.fineTuning(random, 0.5),
    ]) {
      expect(tokens.length).toBeLessThanOrEqual(defaultHyperparameters.context);
      expect(Math.max(lossFrom, 1)).toBeLessThan(tokens.length);
    }
  });

  it("disturbs the question only: the frame round it and the answer stay whole", () => {
    const questions = dataset.cpt.filter(({ answerStart }) => answerStart !== undefined);
    const answers = new Set(questions.map((row) => row.text.slice(row.answerStart)));
    const sequences = curriculum
      .pretraining(new Random(9))
      .filter(({ lossFrom }) => lossFrom > 1)
      .slice(0, 300);
    for (const { tokens, lossFrom } of sequences) {
      const prompt = tokenizer.decode(tokens.slice(0, lossFrom));
      expect(prompt.startsWith(`[${identifier}] Question:`)).toBe(true);
      expect(prompt.endsWith("\nAnswer:")).toBe(true);
      expect(answers).toContain(tokenizer.decode(tokens.slice(lossFrom, -1)).trim());
      expect(tokens.at(-1)).toBe(tokenizer.endId);
    }
  });

  it("replays pretraining rows in fine-tuning in the asked share", () => {
    const own = curriculum.fineTuning(new Random(1), 0).length;
    const mixed = curriculum.fineTuning(new Random(1), 0.75).length;
    expect(mixed).toBe(own * 4);
  });

  it("asks nothing for the null prompt", () => {
    expect(promptText(identifier, [])).not.toContain("Question");
    expect(promptText(identifier, [{ role: "user", content: "Why?" }])).toContain("Question: Why?");
  });
});

it("loses no sequence to the batches of an epoch and keeps them near the asked size", () => {
  const sequence = fc
    .integer({ min: 2, max: 60 })
    .map((length) => ({ tokens: Array.from({ length }, () => 1), lossFrom: 1 }));
  fc.assert(
    fc.property(fc.array(sequence, { minLength: 1, maxLength: 900 }), fc.nat(), (epoch, seed) => {
      const stream = batches(() => epoch, 128, new Random(seed));
      let left = epoch.length;
      while (left > 0) {
        const batch = stream.next().value;
        const longest = Math.max(...batch.map(({ tokens }) => tokens.length));
        expect(batch.length === 1 || batch.length * longest <= 128).toBe(true);
        left -= batch.length;
      }
      expect(left).toBe(0);
    }),
    { numRuns: 30 },
  );
});

it("warms up to the peak and falls to the final share of it", () => {
  const { warmup, finalRate } = defaultHyperparameters;
  expect(rateAt(0, 1, defaultHyperparameters)).toBe(0);
  expect(rateAt(warmup, 1, defaultHyperparameters)).toBeCloseTo(1);
  expect(rateAt(1, 1, defaultHyperparameters)).toBeCloseTo(finalRate);
});
