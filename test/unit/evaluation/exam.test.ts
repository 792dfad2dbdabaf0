import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExamAnswer } from "../../../src/evaluation/answers.ts";
import { answer, examine, matches } from "../../../src/evaluation/exam.ts";
import type { ExamModel } from "../../../src/evaluation/model.ts";
import { score } from "../../../src/evaluation/score.ts";
import type { ExamItem } from "../../../src/synthesis/dataset.ts";

const statements = [
  { id: "s-a", category: "factual", text: "a", depth: 0 },
  { id: "s-b", category: "complex-conditional", text: "b", depth: 2 },
] as const;

const base = {
  kind: "question",
  prompt: [{ role: "user", content: "which?" }],
  made: { template: "", lexicon: [], assignment: "", numbers: [] },
} as const;

const exam: ExamItem[] = [
  {
    ...base,
    id: "1",
    tier: "reworded",
    statements: ["s-a"],
    prompt: [...base.prompt],
    made: { ...base.made, lexicon: [], numbers: [] },
    choices: ["long wrong answer", "ok"],
    answer: 1,
  },
  {
    ...base,
    id: "2",
    tier: "scenario",
    statements: ["s-b"],
    prompt: [...base.prompt],
    made: { ...base.made, lexicon: [], numbers: [] },
    choices: ["long wrong answer", "ok"],
    answer: 0,
  },
  {
    ...base,
    id: "3",
    tier: "seen",
    statements: ["s-b"],
    prompt: [...base.prompt],
    made: { ...base.made, lexicon: [], numbers: [] },
    expected: "Two days.",
  },
];

/** Prefers "ok" when asked, the other choice when nothing is asked; writes "two days". */
const model: ExamModel = {
  score: (questions) =>
    Promise.resolve(
      questions.map(({ prompt, choices }) =>
        choices.map((choice) => {
          const liked = prompt.length > 0 ? choice === "ok" : choice !== "ok";
          const tokens = choice.split(" ").length;
          return { logLikelihood: (liked ? -1 : -2) * tokens, tokens };
        }),
      ),
    ),
  generate: (prompts) => Promise.resolve(prompts.map(() => "two  days")),
};

describe("the exam", () => {
  it("counts the tiers reworded and scenario, and reports the others apart", async () => {
    const arm = await examine(model, exam, [...statements]);
    expect(arm).toMatchObject({ accuracy: 0.5, n: 2 });
    expect(arm.byTier["seen"]).toMatchObject({ accuracy: 1, n: 1 });
    expect(arm.byCategory["factual"]?.accuracy).toBe(1);
    expect(arm.byDepth["2"]?.accuracy).toBe(0);
    expect(arm.generatedSeen?.accuracy).toBe(1);
    expect(arm.byStatement["s-b"]).toEqual({ right: 1, n: 2 });
  });

  it("ranks by likelihood per token and asks the null prompt too", async () => {
    const arm = await examine(model, exam, [...statements]);
    // With no question the model likes the other choice, which is right for the second item only.
    expect(arm.nullPrompt).toMatchObject({ accuracy: 0.5, n: 2 });
  });

  it("tells what was given to each question, as it does to who asks for the answers alone", async () => {
    const given: ExamAnswer[] = [];
    const onAnswers = (answers: readonly ExamAnswer[]) => given.push(...answers);
    await examine(model, exam, [...statements], undefined, onAnswers);
    expect(given).toContainEqual({ item: "3", right: true, given: "two  days" });
    expect(given.map(({ item }) => item).sort()).toEqual(["1", "2", "3"]);
    const alone: ExamAnswer[] = [];
    for await (const batch of answer(model, exam)) alone.push(...batch);
    expect(alone).toEqual(given);
  });

  it("reports progress up to its end", async () => {
    const seen: number[] = [];
    await examine(model, exam, [...statements], (done, total) => seen.push(done / total));
    expect(seen.at(-1)).toBe(1);
  });
});

it("matches answers but for case, punctuation and white space", () => {
  expect(matches("In 5 to 7 business days.", "in 5 to 7  business days")).toBe(true);
  expect(matches("in 5 to 8 business days", "in 5 to 7 business days")).toBe(false);
});

it("keeps the interval round the share and within 0 and 1", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (a, b) => {
      const [right, n] = [Math.min(a, b), Math.max(a, b, 1)];
      const { accuracy, interval } = score(right, n);
      expect(interval[0]).toBeGreaterThanOrEqual(0);
      expect(interval[1]).toBeLessThanOrEqual(1);
      expect(interval[0]).toBeLessThanOrEqual(accuracy + 1e-12);
      expect(interval[1]).toBeGreaterThanOrEqual(accuracy - 1e-12);
    }),
  );
});
