import { appendFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { describeBrokenReviews } from "../../../src/protocol/plan.ts";
import { StaleRow } from "../../../src/synthesis/changes.ts";
import type { Weights } from "../../../src/synthesis/dataset.ts";
import { parseRows } from "../../../src/synthesis/jsonl.ts";
import { readDataset } from "../../../src/training/dataset-folder.ts";
import { readReviews } from "../../../src/training/review-file.ts";
import { newestDataset } from "../../../src/workspace/datasets.ts";
import { ingrainFolder } from "../../../src/workspace/folder.ts";
import { prepareDataset, saveRemake } from "../../../src/workspace/remake.ts";
import { policyText, temporaryFolder } from "../training/fixture.ts";

/** Datasets are as old as their manifests, to the millisecond. */
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

function desk() {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const file = join(root, "key-desk.md");
  const prepare = (text: string) =>
    prepareDataset(ingrain, parsePolicy(text, { path: "key-desk.md" }), file, {
      seed: 1,
      command: "test",
    });
  const make = async (text: string) => {
    await later();
    const remake = await prepare(text);
    return { ...remake, folder: await saveRemake(ingrain, remake) };
  };
  return { root, ingrain, prepare, make };
}

const dearer = policyText.replace("costs 6 euros", "costs 7 euros");
const review = (row: string, verdict: string) =>
  `${JSON.stringify({ row, verdict, at: "2026-01-02T03:04:05.000Z" })}\n`;

describe("after an edit", () => {
  test("nothing is written before it is saved", async () => {
    const { root, prepare } = desk();
    expect((await prepare(policyText)).plan.continues).toBe(false);
    expect(existsSync(join(root, ".ingrain"))).toBe(false);
  });

  test("the rows that stay keep their ids, and the stale ones are marked where they are", async () => {
    const { ingrain, make } = desk();
    const first = await make(policyText);
    const second = await make(dearer);
    expect(second.plan.statements.map(({ reason }) => reason)).toEqual(["changed"]);
    const path = join(first.folder, "stale.jsonl");
    const marked = parseRows(StaleRow, await readFile(path, "utf8"), path);
    const known = new Set((await readDataset(second.folder)).cpt.map(({ id }) => id));
    for (const { id } of first.dataset.cpt) {
      expect(known.has(id)).toBe(!marked.some(({ row }) => row === id));
    }
    expect(existsSync(join(second.folder, "stale.jsonl"))).toBe(false);
    expect((await newestDataset(ingrain, "key-desk.md"))?.folder).toBe(second.folder);
  });

  test("reviews go along, and back again when the edit is undone", async () => {
    const { ingrain, make } = desk();
    const first = await make(policyText);
    const [kept, other] = [first.dataset.cpt.at(-1)!.id, first.dataset.cpt.at(-2)!.id];
    await writeFile(join(first.folder, "review.jsonl"), review(kept, "approved"));
    const second = await make(dearer);
    const reviews = join(second.folder, "review.jsonl");
    expect(await readFile(reviews, "utf8")).toBe(review(kept, "approved"));
    await appendFile(reviews, review(other, "rejected"));
    const third = await make(policyText);
    expect(third.folder).toBe(first.folder);
    expect(await readFile(join(first.folder, "review.jsonl"), "utf8")).toBe(
      review(kept, "approved") + review(other, "rejected"),
    );
    // It is the newest again, and nothing in it is stale.
    expect((await newestDataset(ingrain, "key-desk.md"))?.folder).toBe(first.folder);
    expect(existsSync(join(first.folder, "stale.jsonl"))).toBe(false);
  });

  test("a review file without a last line break loses no line", async () => {
    const { make } = desk();
    const first = await make(policyText);
    const second = await make(dearer);
    await writeFile(join(first.folder, "review.jsonl"), "torn");
    await writeFile(join(second.folder, "review.jsonl"), "whole\n");
    await make(policyText);
    expect(await readFile(join(first.folder, "review.jsonl"), "utf8")).toBe("torn\nwhole\n");
  });

  test("a line that is no review is told of, and goes along: no run trains past it", async () => {
    const { make } = desk();
    const first = await make(policyText);
    const path = join(first.folder, "review.jsonl");
    const torn = '{"row":"c-1","verd';
    const kept = review(first.dataset.cpt.at(-1)!.id, "approved");
    await writeFile(path, `${kept}${torn}\n`);
    const second = await make(dearer);
    expect(second.brokenReviews).toEqual([`${path}:2`]);
    expect(describeBrokenReviews(second.brokenReviews)).toContain(`${path}:2`);
    const now = join(second.folder, "review.jsonl");
    expect(await readFile(now, "utf8")).toBe(`${kept}${torn}\n`);
    await expect(readReviews(second.folder)).rejects.toThrow(`${now}:2`);
    // Mended there, it is not brought back.
    await writeFile(now, kept);
    const third = await make(dearer.replace("pay nothing", "pay 1 euro"));
    expect(third.brokenReviews).toEqual([]);
    expect(await readFile(join(third.folder, "review.jsonl"), "utf8")).toBe(kept);
  });

  test("the new dataset never shows without the reviews of the one before", async () => {
    const { ingrain, prepare, make } = desk();
    const first = await make(policyText);
    await writeFile(join(first.folder, "review.jsonl"), "x".repeat(10));
    const remake = await prepare(dearer);
    // A place that cannot be written to ends the work before anything can be seen.
    await rm(join(first.folder, "review.jsonl"));
    await mkdir(join(first.folder, "review.jsonl"));
    await expect(saveRemake(ingrain, remake)).rejects.toThrow();
    expect(await readdir(ingrain.datasets)).toEqual([basename(first.folder)]);
    expect((await newestDataset(ingrain, "key-desk.md"))?.folder).toBe(first.folder);
  });

  test.skipIf(process.platform === "win32")(
    "a review file that is a link is not written",
    async () => {
      const { root, make } = desk();
      const first = await make(policyText);
      const second = await make(dearer);
      const outside = join(root, "outside.txt");
      await writeFile(outside, "");
      await symlink(outside, join(first.folder, "review.jsonl"));
      await writeFile(join(second.folder, "review.jsonl"), review("r-1", "approved"));
      await expect(make(policyText)).rejects.toThrow(InputError);
      expect(await readFile(outside, "utf8")).toBe("");
    },
  );

  test("a dataset whose rows are broken is no hindrance: they are made anew", async () => {
    const { make } = desk();
    const first = await make(policyText);
    const path = join(first.folder, "cpt.jsonl");
    await writeFile(path, `{"id":\n${await readFile(path, "utf8")}`);
    const { plan } = await make(dearer);
    expect(plan.kept).toBeGreaterThan(0);
  });
});

describe("the tools beside a policy", () => {
  const tools = [{ name: "open_locker", inputSchema: { type: "object", properties: {} } }];

  test("are taken, and rows are made anew when they change", async () => {
    const { root, make } = desk();
    const first = await make(policyText);
    expect(first.dataset.manifest.tools).toBeUndefined();
    await writeFile(join(root, "tools.json"), JSON.stringify({ tools }));
    const second = await make(policyText);
    expect(second.dataset.manifest.tools).toEqual(["open_locker"]);
    expect(second.plan.stale.sft.length).toBe(first.dataset.sft.length);
    expect(second.plan.stale.cpt).toEqual([]);
  });

  test("that cannot be read are named, and nothing is written", async () => {
    const { root, make } = desk();
    await writeFile(join(root, "tools.json"), "{}");
    await expect(make(policyText)).rejects.toThrow(InputError);
    await expect(make(policyText)).rejects.toThrow(join(root, "tools.json"));
    expect(existsSync(join(root, ".ingrain"))).toBe(false);
  });
});

describe("weights", () => {
  const weighted = async (weights?: Weights) => {
    const { ingrain, root } = desk();
    const file = join(root, "key-desk.md");
    const parsed = parsePolicy(policyText, { path: "key-desk.md" });
    const options = { seed: 1, command: "ingrain synthesize key-desk.md" };
    const make = async (asked?: Weights) => {
      await later();
      const remake = await prepareDataset(ingrain, parsed, file, {
        ...options,
        ...(asked && { weights: asked }),
      });
      await saveRemake(ingrain, remake);
      return remake.dataset.manifest;
    };
    return { make, first: await make(weights), id: parsed.statements[1]!.id };
  };

  test("stay in the datasets after it, until they are taken back", async () => {
    const { make, id } = await weighted();
    expect((await make({ [id]: 2 })).weights).toEqual({ [id]: 2 });
    const next = await make();
    expect(next.weights).toEqual({ [id]: 2 });
    // The command makes the same rows in a folder that knows nothing of the datasets before.
    expect(next.command).toBe(`ingrain synthesize key-desk.md --weight ${id}=2`);
    expect((await make({ [id]: 1 })).weights).toBeUndefined();
  });

  test("are for statements that the policy has", async () => {
    const { make } = await weighted();
    await expect(make({ "s-nobody": 2 })).rejects.toThrow("key-desk.md has no statement s-nobody");
  });
});
