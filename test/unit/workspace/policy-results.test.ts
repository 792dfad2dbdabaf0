import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { saveDataset } from "../../../src/workspace/datasets.ts";
import { ingrainFolder } from "../../../src/workspace/folder.ts";
import { policyResults } from "../../../src/workspace/policy-results.ts";
import { smallDataset, temporaryFolder } from "../training/fixture.ts";

test("tells the rows of the policy, and of no other", async () => {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const policy = join(root, "key-desk.md");
  expect(await policyResults(ingrain, policy)).toEqual({});
  const dataset = smallDataset();
  await saveDataset(ingrain, dataset);
  const all = [...dataset.cpt, ...dataset.sft, ...dataset.exam];
  const { rows, manifest } = await policyResults(ingrain, policy);
  expect(manifest).toEqual(dataset.manifest);
  expect(rows?.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
  for (const { id } of dataset.manifest.statements) {
    const counted = rows?.filter(({ statements }) => statements.includes(id));
    expect(counted?.reduce((sum, { count }) => sum + count, 0)).toBe(
      all.filter(({ statements }) => statements.includes(id)).length,
    );
  }
  expect(await policyResults(ingrain, join(root, "other.md"))).toEqual({});
});

test("names a file that is broken", async () => {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const folder = await saveDataset(ingrain, smallDataset());
  const sft = await readFile(join(folder, "sft.jsonl"), "utf8");
  await writeFile(join(folder, "sft.jsonl"), `${sft}{}\n`);
  await expect(policyResults(ingrain, join(root, "key-desk.md"))).rejects.toThrow(
    `sft.jsonl:${sft.split("\n").length}: not a row`,
  );
  await rm(join(folder, "sft.jsonl"));
  const results = policyResults(ingrain, join(root, "key-desk.md"));
  await expect(results).rejects.toThrow(InputError);
  await expect(results).rejects.toThrow("sft.jsonl");
});
