import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolicyDocument } from "../../../src/policy/document.ts";
import {
  type CategoryModel,
  type CategoryQuestion,
  ModelClassifier,
} from "../../../src/policy/model-classifier.ts";
import { parsePolicy, parseWithModel } from "../../../src/policy/parse.ts";
import { hash } from "../../../src/policy/identity.ts";
import { finish } from "../../../src/policy/turns.ts";
import { anything } from "./texts.ts";

const path = "desk.md";

/** Says of each text something else, and always the same. */
const whimsical: CategoryModel = {
  odds: (questions) =>
    Promise.resolve(
      questions.map(({ text }) => {
        const odds = [0.1, 0.1, 0.1, 0.1];
        odds[parseInt(hash(text).slice(0, 4), 16) % 4] = 0.7;
        return odds;
      }),
    ),
};

function counting(model: CategoryModel): CategoryModel & { asked: CategoryQuestion[] } {
  const asked: CategoryQuestion[] = [];
  return {
    asked,
    odds(questions) {
      asked.push(...questions);
      return model.odds(questions);
    },
  };
}

describe("ModelClassifier", () => {
  it("says what the rules say until the model has answered", async () => {
    const always: CategoryModel = {
      odds: (questions) => Promise.resolve(questions.map(() => [0.02, 0.9, 0.05, 0.03])),
    };
    const classifier = new ModelClassifier(always);
    const document = new PolicyDocument({ path, classifier });
    finish(document.load("Laptops are collected at the desk."));
    expect(document.parsed.statements).toMatchObject([{ category: "factual", decidedBy: "rules" }]);
    expect(classifier.isWaiting).toBe(true);
    await classifier.answer();
    expect(classifier.isWaiting).toBe(false);
    finish(document.review());
    expect(document.parsed.statements).toMatchObject([
      { category: "behavioral", decidedBy: "model", confidence: 0.9 },
    ]);
    expect(document.parsed.statements[0]?.why).toContain("90 %");
  });

  it("leaves the word to the author", async () => {
    const text = "<!-- ingrain: factual -->\nYou must call.";
    const { statements } = await parseWithModel(text, { path }, whimsical);
    expect(statements).toMatchObject([{ category: "factual", decidedBy: "author" }]);
  });

  it("keeps the rules' confidence apart from the model's where both agree", async () => {
    const agreeing: CategoryModel = {
      odds: (questions) => Promise.resolve(questions.map(() => [0.05, 0.55, 0.3, 0.1])),
    };
    const { statements } = await parseWithModel("You must call.", { path }, agreeing);
    expect(statements).toMatchObject([
      { category: "behavioral", decidedBy: "rules", confidence: 0.55 },
    ]);
  });

  it("asks about a statement once, however often it is read", async () => {
    const model = counting(whimsical);
    const classifier = new ModelClassifier(model);
    const document = new PolicyDocument({ path, classifier });
    finish(document.load("The desk is open.\n\nPay 5 euros.\n"));
    await classifier.answer();
    finish(document.edit({ start: 16, end: 17, text: "!" }));
    finish(document.edit({ start: 16, end: 17, text: "." }));
    await classifier.answer();
    expect(model.asked.map(({ text }) => text)).toEqual([
      "The desk is open.",
      "Pay 5 euros.",
      "The desk is open!",
    ]);
  });

  it("says after edits and reviews what it says of the text from scratch", async () => {
    const change = fc.record({ at: fc.nat(300), length: fc.nat(20), text: anything });
    await fc.assert(
      fc.asyncProperty(anything, fc.array(change, { maxLength: 4 }), async (text, changes) => {
        const classifier = new ModelClassifier(whimsical);
        const document = new PolicyDocument({ path, classifier });
        finish(document.load(text));
        for (const { at, length, text: words } of changes) {
          const start = Math.min(at, document.text.length);
          const end = Math.min(start + length, document.text.length);
          finish(document.edit({ start, end, text: words }));
          await classifier.answer();
          finish(document.review());
        }
        await classifier.answer();
        finish(document.review());
        expect(document.parsed).toEqual(await parseWithModel(document.text, { path }, whimsical));
      }),
      { numRuns: 100 },
    );
  });

  it("changes categories, and what hangs on them, alone", async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        const bare = ({ statements }: ReturnType<typeof parsePolicy>) =>
          statements.map(({ id, start, end, text, line, section }) => [
            ...[id, start, end, text, line, section],
          ]);
        const refined = await parseWithModel(text, { path }, whimsical);
        expect(bare(refined)).toEqual(bare(parsePolicy(text, { path })));
      }),
      { numRuns: 100 },
    );
  });
});
