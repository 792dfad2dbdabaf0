import { existsSync, readdirSync, readFileSync } from "node:fs";
import type * as promises from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { writeDataset } from "../training/fixture.ts";
import { setUp } from "./fixture.ts";

/** The disk is full for files whose path matches, and nothing may be made in the folder denied. */
const disk = vi.hoisted<{ full?: RegExp | undefined; denied?: string | undefined }>(() => ({}));

vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof promises>();
  const writeFile: typeof fs.writeFile = (path, data, options) =>
    typeof path === "string" && disk.full?.test(path)
      ? fs.writeFile("/dev/full", data)
      : fs.writeFile(path, data, options);
  const mkdtemp = (prefix: string) => {
    if (disk.denied === undefined || !prefix.startsWith(disk.denied)) return fs.mkdtemp(prefix);
    const error = new Error(`EACCES: permission denied, mkdtemp '${prefix}XXXXXX'`);
    throw Object.assign(error, { code: "EACCES", syscall: "mkdtemp", path: `${prefix}XXXXXX` });
  };
  return { ...fs, writeFile, mkdtemp };
});

/** What stands after the plan of the synthesis: one line. */
const errorOf = (log: string) => log.replace(/^\d+ rows to make, [^\n]*\n|\n$/g, "");

afterEach(() => {
  disk.full = undefined;
  disk.denied = undefined;
});

describe.runIf(existsSync("/dev/full"))("a disk that is full is told in one line:", () => {
  test.each(["cpt.jsonl", "dataset.json"])("at %s of a new dataset", async (file) => {
    const { ingrain, cwd } = await setUp();
    disk.full = new RegExp(`${file}$`);
    const { code, out, log } = await ingrain("synthesize", "key-desk.md");
    expect([code, out]).toEqual([1, ""]);
    expect(errorOf(log)).toMatch(
      /^ingrain: The disk is full: \S+key-desk-\w+ could not be written\. Nothing was lost\.$/,
    );
    expect(readdirSync(join(cwd, ".ingrain", "datasets"))).toEqual([]);
  });

  test("at the manifest of a dataset that is there, which stays as it was", async () => {
    const { ingrain, cwd } = await setUp();
    const rows = join(cwd, "rows");
    await ingrain("synthesize", "key-desk.md", "--out", "rows");
    const before = readFileSync(join(rows, "dataset.json"), "utf8");
    disk.full = /dataset\.json\..*tmp$/;
    const again = await ingrain("synthesize", "./key-desk.md", "--out", "rows");
    expect([again.code, errorOf(again.log)]).toEqual([
      1,
      `ingrain: The disk is full: ${join(rows, "dataset.json")} could not be written. Nothing was lost.`,
    ]);
    expect(readFileSync(join(rows, "dataset.json"), "utf8")).toBe(before);
    expect(readdirSync(rows)).toHaveLength(4);
  });

  test("at a new run", async () => {
    const { ingrain, cwd } = await setUp();
    await writeDataset(cwd);
    const runs = join(cwd, ".ingrain", "runs");
    disk.full = /run\.json$/;
    expect(await ingrain("train", "dataset")).toEqual({
      code: 1,
      out: "",
      log: `ingrain: The disk is full: ${runs} could not be written. Nothing was lost.\n`,
    });
    expect(readdirSync(runs)).toEqual([]);
  });

  test("at the lock of a run", async () => {
    const { ingrain, cwd } = await setUp();
    await writeDataset(cwd);
    const runs = join(cwd, ".ingrain", "runs");
    disk.full = /\.locks/;
    const { code, log } = await ingrain("train", "dataset");
    expect(code).toBe(1);
    expect(log).toMatch(
      /^ingrain: The disk is full: \S+\.locks\S+ could not be written\. [^\n]+\n$/,
    );
    expect(readdirSync(runs)).toEqual([".locks"]);
    expect(readdirSync(join(runs, ".locks"))).toEqual([]);
  });
});

test("a folder that may not be written in is told in one line", async () => {
  const { ingrain, cwd } = await setUp();
  disk.denied = join(cwd, ".ingrain", "datasets");
  const { code, out, log } = await ingrain("synthesize", "key-desk.md");
  expect([code, out, errorOf(log)]).toEqual([
    ...[1, ""],
    `ingrain: Permission is denied: ${disk.denied} could not be written. Nothing was lost.`,
  ]);
});
