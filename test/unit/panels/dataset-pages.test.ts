import { describe, expect, it } from "vitest";
import { type AnyRow, pageOf, viewRow } from "../../../src/panels/dataset-pages.ts";
import { DatasetSnapshot, pageSize } from "../../../src/protocol/dataset.ts";
import type { CptRow, DatasetManifest, ExamItem, SftRow } from "../../../src/synthesis/dataset.ts";

const manifest: DatasetManifest = {
  version: 1,
  policy: { path: "desk.md", title: "Desk", sha256: "00", tokens: 10 },
  identifier: "desk",
  teacher: "none",
  seed: 7,
  counts: {
    statements: 1,
    byCategory: {
      factual: 1,
      behavioral: 0,
      "simple-conditional": 0,
      "complex-conditional": 0,
    },
    cpt: 250,
    sft: 1,
    exam: 2,
    byKind: { question: 250 },
  },
  statements: [{ id: "s-1", category: "factual", text: "Express costs 12 euros.", depth: 0 }],
  command: "ingrain synthesize desk.md",
  sha256: "00",
};
const known = new Map([["s-1", { category: "factual" as const, text: "Express costs 12 euros." }]]);

const rows = Array.from({ length: 250 }, (_, index): CptRow => ({
  id: `r-${index}`,
  kind: index % 2 === 0 ? "question" : "paraphrase",
  statements: ["s-1"],
  text: `Row number ${index}`,
}));

const page = (change: Partial<Parameters<typeof pageOf>[3]> = {}, of: readonly AnyRow[] = rows) =>
  pageOf("/d", manifest, of, { part: "cpt", search: "", offset: 0, ...change });

describe("pageOf", () => {
  it("fits the protocol", () => {
    const snapshot = page();
    expect(DatasetSnapshot.parse(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
  });

  it("cuts pages, and comes to the last one when the query points behind it", () => {
    expect(page().rows).toHaveLength(pageSize);
    expect(page({ offset: 200 }).rows.map(({ id }) => id)[0]).toBe("r-200");
    const last = page({ offset: 100_000 });
    expect(last.query.offset).toBe(200);
    expect(last.rows).toHaveLength(50);
  });

  it("filters by kind, and by all words in any case, statements included", () => {
    expect(page({ kind: "paraphrase" })).toMatchObject({ matches: 125, counts: { cpt: 250 } });
    expect(page({ search: "NUMBER 17" }).rows.map(({ id }) => id)).toContain("r-17");
    expect(page({ search: "12 euros" }).matches).toBe(250);
    expect(page({ search: "row elephant" })).toMatchObject({ matches: 0, rows: [] });
    expect(
      page({ kind: "question", search: "number 3" }).rows.every((row) => row.kind === "question"),
    ).toBe(true);
  });

  it("names the kinds that there are, whatever the filter", () => {
    expect(page({ kind: "question" }).kinds).toEqual(["question", "paraphrase"]);
    expect(page({}, []).kinds).toEqual([]);
  });
});

describe("viewRow", () => {
  it("parts a pretraining row where its answer begins", () => {
    const row: CptRow = {
      id: "r",
      kind: "question",
      statements: ["s-1", "s-gone"],
      text: "What? 12 euros",
      answerStart: 6,
    };
    expect(viewRow(row, "cpt", known)).toEqual({
      id: "r",
      part: "cpt",
      kind: "question",
      statements: [{ category: "factual", text: "Express costs 12 euros." }],
      text: "What?",
      answer: "12 euros",
    });
  });

  it("shows a trajectory with the roles when there are several messages", () => {
    const row: SftRow = {
      id: "t",
      kind: "scenario",
      statements: ["s-1"],
      prompt: [
        { role: "system", content: "desk" },
        { role: "user", content: "How much?" },
      ],
      completion: [{ role: "assistant", content: "12 euros" }],
    };
    expect(viewRow(row, "sft", known)).toMatchObject({
      text: "system: desk\nuser: How much?",
      answer: "12 euros",
    });
  });

  it("shows the right choice apart from the distractors, and a written answer", () => {
    const item = {
      id: "x",
      kind: "question" as const,
      tier: "reworded" as const,
      statements: ["s-1"],
      prompt: [{ role: "user" as const, content: "How much?" }],
      made: { template: "t", lexicon: [], assignment: "", numbers: [] },
    };
    const choice: ExamItem = { ...item, choices: ["6", "12", "9"], answer: 1 };
    expect(viewRow(choice, "exam", known)).toMatchObject({
      tier: "reworded",
      answer: "12",
      distractors: ["6", "9"],
    });
    const written: ExamItem = { ...item, expected: "12 euros" };
    expect(viewRow(written, "exam", known)).toMatchObject({ answer: "12 euros" });
    expect(viewRow(written, "exam", known).distractors).toBeUndefined();
  });
});
