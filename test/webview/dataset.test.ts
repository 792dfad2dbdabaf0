import { render } from "lit";
import { beforeEach, describe, expect, it } from "vitest";
import type { DatasetSnapshot, FromDatasetView } from "../../src/protocol/dataset.ts";
import { renderDataset, renderProblem } from "../../webview/dataset/render.ts";
import { dataset } from "./snapshots.ts";

let posted: FromDatasetView[];
const actions = { post: (message: FromDatasetView) => void posted.push(message) };
beforeEach(() => {
  posted = [];
});

function draw(change: Partial<DatasetSnapshot> = {}): HTMLElement {
  const root = document.createElement("main");
  render(renderDataset({ ...dataset, ...change }, actions), root);
  return root;
}

const text = (element: Element | null | undefined): string =>
  (element?.textContent ?? "").replace(/\s+/g, " ").trim();

const empty = { rows: [], matches: 0, query: { ...dataset.query, search: "zzz", offset: 0 } };

describe("the dataset panel", () => {
  it("shows kind, tier, statement, text and answers of a row, as text", () => {
    const cells = [...draw().querySelectorAll("tbody td")].map(text);
    expect(cells).toEqual([
      "question",
      "Reworded",
      "fact Express costs 12 euros. and 1 more",
      "What does <b>express</b> cost? 12 euros 6 euros9 euros",
    ]);
  });

  it("says which rows these are, and pages from disk", () => {
    const root = draw();
    expect(text(root.querySelector(".pager [role=status]"))).toBe("101–101 of 120 rows");
    const next = root.querySelector<HTMLElement>('[aria-label="Next rows"]')!;
    expect(next.hasAttribute("disabled")).toBe(false);
    root.querySelector<HTMLElement>('[aria-label="Previous rows"]')!.click();
    next.click();
    expect(posted.map((message) => (message.type === "query" ? message.query.offset : -1))).toEqual(
      [0, 200],
    );
  });

  it("goes back to the first page, and drops the kind, with another part", () => {
    const root = draw({ query: { ...dataset.query, kind: "question" } });
    const [cpt] = [...root.querySelectorAll<HTMLElement>(".choice")];
    expect(text(cpt)).toBe("Pretraining 1,310");
    cpt!.click();
    expect(posted).toEqual([
      { type: "query", query: { part: "cpt", search: "", kind: undefined, offset: 0 } },
    ]);
  });

  it("offers to clear filters that match nothing", () => {
    const root = draw(empty);
    expect(text(root.querySelector(".empty"))).toContain("No row matches");
    root.querySelector<HTMLElement>(".empty vscode-button")!.click();
    expect(posted[0]).toMatchObject({ query: { search: "" } });
  });

  it("names a broken line and keeps the rest usable", () => {
    const root = draw({ ...empty, problem: "cpt.jsonl:3 is no JSON" });
    expect(text(root.querySelector('[role="alert"]'))).toBe("cpt.jsonl:3 is no JSON");
    expect(root.querySelectorAll(".choice")).toHaveLength(3);
  });

  it("says why a folder cannot be shown", () => {
    const root = document.createElement("main");
    render(renderProblem("dataset.json is missing", actions), root);
    expect(text(root)).toContain("dataset.json is missing");
  });
});
