import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CptRow, SftRow } from "../../../src/synthesis/dataset.ts";
import { smallDataset, writeDataset } from "../training/fixture.ts";
import { setUp } from "./fixture.ts";

const lines = (path: string): unknown[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

describe("export", () => {
  it.each([
    ["parquet", ["README.md", "cpt.parquet", "exam.parquet", "sft.parquet"]],
    ["llama-factory", ["README.md", "cpt.jsonl", "dataset_info.json", "sft.jsonl"]],
    ["axolotl", ["README.md", "axolotl-cpt.yaml", "axolotl-sft.yaml", "cpt.jsonl", "sft.jsonl"]],
  ])("writes %s", async (format, files) => {
    const { cwd, ingrain } = await setUp();
    await writeDataset(cwd);
    const { code, out } = await ingrain("export", "dataset", "--format", format, "--out", "o/x");
    expect(code).toBe(0);
    expect(out.trim().split("\n").at(-1)).toBe(join(cwd, "o", "x"));
    expect(readdirSync(join(cwd, "o", "x")).sort()).toEqual(files);
    expect(readdirSync(join(cwd, "o"))).toEqual(["x"]);
  });

  it("honours reviews: the newest of a row counts", async () => {
    const { cwd, ingrain } = await setUp();
    const { cpt, sft } = smallDataset();
    const folder = await writeDataset(cwd);
    const at = "2026-01-01T00:00:00.000Z";
    const review = (row: string, verdict: string) => JSON.stringify({ row, verdict, at });
    const [first, second] = cpt as [CptRow, CptRow];
    const [trajectory] = sft as [SftRow];
    writeFileSync(
      join(folder, "review.jsonl"),
      [
        review(first.id, "rejected"),
        review(second.id, "rejected"),
        review(second.id, "approved"),
        review(trajectory.id, "rejected"),
      ].join("\n"),
    );
    const { code, out } = await ingrain(
      ...["export", "dataset", "--format", "axolotl", "--out", "x", "--json"],
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      cpt: cpt.length - 1,
      sft: sft.length - 1,
      effect: { rejected: 2, edited: 0 },
    });
    const ids = lines(join(cwd, "x", "cpt.jsonl")).map((row) => (row as { id: string }).id);
    expect(ids).not.toContain(first.id);
    expect(ids).toContain(second.id);
  });

  it.each([
    [["export", "dataset", "--out", "x"], /--format/],
    [["export", "dataset", "--format", "csv", "--out", "x"], /Allowed choices/],
    [["export", "dataset", "--format", "parquet"], /--out/],
    [["export", "nothing", "--format", "parquet", "--out", "x"], /no such dataset/],
    [["export", "dataset", "--format", "parquet", "--out", "taken"], /something is there already/],
  ])("%s: one line, exit code 2, nothing written", async (args, words) => {
    const { cwd, ingrain } = await setUp();
    await writeDataset(cwd);
    mkdirSync(join(cwd, "taken"));
    writeFileSync(join(cwd, "taken", "mine.txt"), "mine");
    const { code, out, log } = await ingrain(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(log).toMatch(words);
    expect(existsSync(join(cwd, "x"))).toBe(false);
    expect(readdirSync(join(cwd, "taken"))).toEqual(["mine.txt"]);
  });

  it("names file and line of a broken review", async () => {
    const { cwd, ingrain } = await setUp();
    const folder = await writeDataset(cwd);
    writeFileSync(join(folder, "review.jsonl"), '{"row": 1}\n');
    const { code, log } = await ingrain("export", "dataset", "--format", "axolotl", "--out", "x");
    expect(code).toBe(2);
    expect(log).toMatch(/review\.jsonl:1/);
    expect(existsSync(join(cwd, "x"))).toBe(false);
  });
});
