import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { LivePolicy } from "../../../src/editor/live-policy.ts";
import type { Edit } from "../../../src/policy/blocks.ts";
import type { CategoryModel } from "../../../src/policy/model-classifier.ts";
import { PolicyDocument } from "../../../src/policy/document.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { ParsedPolicy } from "../../../src/policy/statement.ts";

const path = "desk.md";
const long = "The desk opens at nine. If the caller is late, pay 5 euros.\n\n".repeat(1500);

/** Answers when it is let, that everything is behavior. */
function patientModel() {
  const waiting: (() => void)[] = [];
  const model: CategoryModel = {
    odds: (questions) =>
      new Promise((resolve) => {
        waiting.push(() => resolve(questions.map(() => [0.1, 0.7, 0.1, 0.1])));
      }),
  };
  return { model, answer: () => waiting.splice(0).forEach((resolve) => resolve()) };
}

const categoriesOf = (parsed: ParsedPolicy | undefined) =>
  parsed?.statements.map(({ category }) => category);

function live(previous?: ParsedPolicy, model?: CategoryModel) {
  const warnings: string[] = [];
  const logger = { debug: () => undefined, warn: (line: string) => void warnings.push(line) };
  return { policy: new LivePolicy({ path, previous, model, logger }), warnings };
}

const apply = (text: string, { start, end, text: words }: Edit) =>
  text.slice(0, start) + words + text.slice(end);

/** Everything but the ids, which are carried. */
const said = (parsed: ParsedPolicy | undefined) =>
  parsed && { ...parsed, statements: parsed.statements.map((each) => ({ ...each, id: "" })) };

describe("LivePolicy", () => {
  it("reads a text and what its edits make of it, whichever of them come together", async () => {
    const word = fc.constantFrom("# Desk\n\n", "Pay.", " If it is late, wait.", "\n\n", "- a\n");
    const text = fc.array(word, { maxLength: 20 }).map((words) => words.join(""));
    const change = fc.record({ at: fc.nat(400), length: fc.nat(8), text: word });
    const updates = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(text, updates, fc.boolean(), async (first, batches, waits) => {
        const { policy, warnings } = live();
        let now = first;
        let reading = policy.update(now, []);
        await reading;
        for (const batch of batches) {
          const edits = batch.map((each): Edit => {
            const start = Math.min(each.at, now.length);
            const edit = { start, end: Math.min(start + each.length, now.length), text: each.text };
            now = apply(now, edit);
            return edit;
          });
          reading = policy.update(now, edits);
          if (waits) await reading;
        }
        expect(said(await reading)).toEqual(said(parsePolicy(now, { path })));
        expect(warnings).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("takes in what the model says, also of what was edited while it was asked", async () => {
    const { model, answer } = patientModel();
    const { policy } = live(undefined, model);
    const loaded = await policy.update("The box is red.\n\nThe door is blue.", []);
    expect(categoriesOf(loaded)).toEqual(["factual", "factual"]);
    expect(policy.isRefinable).toBe(true);
    const first = policy.refine();
    await policy.update("The box is dark.\n\nThe door is blue.", [
      { start: 11, end: 14, text: "dark" },
    ]);
    const second = policy.refine();
    answer();
    expect(await first).toBeUndefined();
    expect(policy.isRefinable).toBe(true);
    expect(categoriesOf(await second)).toEqual(["behavioral", "behavioral"]);
    expect(policy.isRefinable).toBe(false);
  });

  it("keeps ids through edits, and from the reading before", async () => {
    const first = parsePolicy("The desk opens at nine.", { path });
    const { policy } = live(first);
    const loaded = await policy.update("The desk opens at ten.", []);
    const edited = await policy.update("The desk opens at eleven.", [
      { start: 18, end: 21, text: "eleven" },
    ]);
    const [id] = first.statements.map((statement) => statement.id);
    expect([loaded, edited].map((parsed) => parsed?.statements[0]?.id)).toEqual([id, id]);
  });

  it("begins anew when the text changes while it is being loaded", async () => {
    const { policy, warnings } = live();
    const old = policy.update(long, []);
    const text = `Greet.${long}`;
    const now = policy.update(text, [{ start: 0, end: 0, text: "Greet." }]);
    expect(await old).toBeUndefined();
    expect(said(await now)).toEqual(said(parsePolicy(text, { path })));
    expect(warnings).toEqual([]);
  });

  it("takes edits that come while a large one is read", async () => {
    const { policy, warnings } = live();
    await policy.update("Greet.", []);
    const edits = [long, "Hello. ", "Yes. "].map((text) => ({ start: 0, end: 0, text }));
    let text = "Greet.";
    const readings = edits.map((edit) => policy.update((text = apply(text, edit)), [edit]));
    const [first, second, third] = await Promise.all(readings);
    expect([first, second]).toEqual([undefined, undefined]);
    expect(said(third)).toEqual(said(parsePolicy(text, { path })));
    expect(warnings).toEqual([]);
  });

  it("reads from scratch, and says so, when the edits do not make the text", async () => {
    const { policy, warnings } = live();
    await policy.update("Greet.", []);
    const parsed = await policy.update("Wait for them.", [{ start: 0, end: 0, text: "Never " }]);
    expect(parsed?.statements.map(({ text }) => text)).toEqual(["Wait for them."]);
    expect(warnings).toEqual(["desk.md differs from its edits; it is read from scratch."]);
    const edited = await policy.update("Wait for all of them.", [
      { start: 9, end: 9, text: "all of " },
    ]);
    expect(edited?.statements.map(({ text }) => text)).toEqual(["Wait for all of them."]);
    expect(warnings).toHaveLength(1);
  });

  it("reads from scratch after an edit that failed", async () => {
    const { policy } = live();
    await policy.update("Greet.", []);
    const edit = vi.spyOn(PolicyDocument.prototype, "edit").mockImplementationOnce(() => {
      throw new Error("broken");
    });
    await expect(
      policy.update("Greet them.", [{ start: 5, end: 5, text: " them" }]),
    ).rejects.toThrow("broken");
    const text = "Greet all of them.";
    expect(said(await policy.update(text, [{ start: 5, end: 5, text: " all of" }]))).toEqual(
      said(parsePolicy(text, { path })),
    );
    edit.mockRestore();
  });
});
