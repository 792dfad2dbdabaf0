import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { ParsedPolicy } from "../../../src/policy/statement.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { readDataset } from "../../../src/training/dataset-folder.ts";
import { newestDataset, saveDataset } from "../../../src/workspace/datasets.ts";
import { ingrainFolder, type IngrainFolder } from "../../../src/workspace/folder.ts";
import { withIdsOf } from "../../../src/workspace/keep-ids.ts";
import { readStaleRows, StaleRows } from "../../../src/workspace/stale-rows.ts";
import { policyText, temporaryFolder } from "../training/fixture.ts";

/** As a dataset is made: with the ids of the newest one. */
async function keepIds(ingrain: IngrainFolder, parsed: ParsedPolicy): Promise<ParsedPolicy> {
  const newest = await newestDataset(ingrain, parsed.policy.path);
  return withIdsOf(newest?.manifest, parsed);
}

const parse = (text: string) => parsePolicy(text, { path: "key-desk.md" });

/** Makes and saves the dataset of a version of the policy. @returns its folder. */
async function makeDataset(ingrain: IngrainFolder, text: string): Promise<string> {
  const parsed = await keepIds(ingrain, parse(text));
  return saveDataset(ingrain, synthesize(parsed, { seed: 1, command: "test" }));
}

/** Datasets are as old as their folders, to the millisecond. */
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

type Known = Record<"id" | "category" | "text" | "depth", unknown>;

/** Rewrites the statements of a saved manifest. */
async function editStatements(folder: string, edit: (statement: Known) => object) {
  const path = join(folder, "dataset.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as { statements: Known[] };
  const statements = manifest.statements.map(edit);
  await writeFile(path, JSON.stringify({ ...manifest, statements }));
}

test("the rows of a reworded statement keep naming it, over two edits", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  const first = await readDataset(await makeDataset(ingrain, policyText));
  await later();
  const cheaper = policyText.replace("costs 6 euros", "costs 5 euros");
  await makeDataset(ingrain, cheaper);
  await later();
  const last = await makeDataset(ingrain, cheaper.replace("A spare key", "Every spare key"));
  const { manifest } = await readDataset(last);
  expect(manifest.statements[1]!.text).toBe("Every spare key costs 5 euros.");
  expect(manifest.statements.map(({ id }) => id)).toEqual(
    first.manifest.statements.map(({ id }) => id),
  );
  expect((await newestDataset(ingrain, "key-desk.md"))?.folder).toBe(last);
});

test("a policy without datasets, and another policy, keep the ids they have", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  expect(await keepIds(ingrain, parse(policyText))).toEqual(parse(policyText));
  await makeDataset(ingrain, policyText);
  const other = parsePolicy(policyText.replace("6 euros", "7 euros"), { path: "other.md" });
  expect(await keepIds(ingrain, other)).toEqual(other);
});

test("a dataset tells where its statements stand, and one that does not still loads", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  const folder = await makeDataset(ingrain, policyText);
  const { statements } = (await readDataset(folder)).manifest;
  for (const { text, start, end, section } of statements) {
    expect(policyText.slice(start, end)).toBe(text);
    expect(section).toEqual(["Key desk"]);
  }
  await editStatements(folder, ({ id, category, text, depth }) => ({
    id: `${String(id)}0`,
    category,
    text,
    depth,
  }));
  const old = await readDataset(folder);
  const kept = await keepIds(ingrain, parse(policyText.replace("6 euros", "7 euros")));
  expect(kept.statements.map(({ id }) => id)).toEqual(old.manifest.statements.map(({ id }) => id));
  expect((await readStaleRows(folder, parse(policyText).statements)).statements).toEqual([]);
});

test("an id that could not be one of ours is not taken over", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  const folder = await makeDataset(ingrain, policyText);
  await editStatements(folder, (statement) => ({ ...statement, id: "<b>*</b>" }));
  expect(await keepIds(ingrain, parse(policyText))).toEqual(parse(policyText));
});

test("rows are stale when a statement of theirs changed, changed its category or is gone", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  const folder = await makeDataset(ingrain, policyText);
  const rows = await readDataset(folder);
  const now = parse(
    policyText
      .replace("costs 6 euros", "costs 8 euros")
      .replace("Greet every guest by name.\n", "")
      .replace("A locker is opened", "<!-- ingrain: behavioral -->\nA locker is opened"),
  );
  const found = StaleRows.parse(await readStaleRows(folder, now.statements));
  expect(found.statements.map(({ reason, text }) => [reason, text])).toEqual([
    ["changed", "A spare key costs 6 euros."],
    ["removed", "Greet every guest by name."],
    ["recategorized", "A locker is opened only if the guest shows a pass."],
  ]);
  const ids = new Set(found.statements.map(({ id }) => id));
  for (const part of ["cpt", "sft", "exam"] as const) {
    const expected = rows[part].filter((row) => row.statements.some((id) => ids.has(id)));
    expect(new Set(found.stale[part])).toEqual(new Set(expected.map(({ id }) => id)));
    expect(found.stale[part]).toHaveLength(expected.length);
  }
  expect(found.stale.cpt.length).toBeGreaterThan(0);
  expect(found.rows).toBe(rows.cpt.length + rows.sft.length + rows.exam.length);
});

test("a move leaves rows as they are", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  const folder = await makeDataset(ingrain, policyText);
  const rule = "Greet every guest by name.\n";
  const moved = `${policyText.replace(rule, "")}\n## Manners\n\n${rule}`;
  const found = await readStaleRows(folder, parse(moved).statements);
  expect(found.statements).toEqual([]);
  expect(found.stale).toEqual({ cpt: [], sft: [], exam: [] });
});
