import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Report } from "../../../src/evaluation/report.ts";
import { InputError } from "../../../src/policy/errors.ts";
import { createRun } from "../../../src/training/create-run.ts";
import { EventWriter } from "../../../src/training/events-file.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { saveDataset } from "../../../src/workspace/datasets.ts";
import { ingrainFolder } from "../../../src/workspace/folder.ts";
import { policyResults } from "../../../src/workspace/policy-results.ts";
import { smallDataset, temporaryFolder } from "../training/fixture.ts";

const score = { accuracy: 0.75, n: 4, interval: [0.3, 0.95] as [number, number] };

/** A finished run whose model answered three of four questions on `s-1`. */
async function finishedRun(runs: string, dataset: string): Promise<string> {
  const { folder, spec } = await createRun({ runs, dataset, seed: 1 });
  const report: Report = {
    version: 1,
    run: spec.id,
    policy: spec.policy,
    dataset: spec.dataset,
    model: { sha256: "x", parameters: 1, engine: "onnx" },
    arms: {
      internalized: {
        ...score,
        byTier: {},
        byCategory: {},
        byKind: {},
        byDepth: {},
        byForm: {},
        nullPrompt: score,
        byStatement: { "s-1": { right: 3, n: 4 } },
      },
    },
    promptTokens: {
      withPolicy: 2,
      withoutPolicy: 1,
      reduction: 0.5,
      policy: 1,
      identifier: 1,
      tokenizer: "x",
    },
    stages: [],
    wallSeconds: 1,
    at: new Date().toISOString(),
  };
  await writeFile(runFiles(folder).report, JSON.stringify(report));
  new EventWriter(runFiles(folder).events).append({ type: "finished", report: "report.json" });
  return folder;
}

test("tells rows and pass rates of the policy, and of no other", async () => {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const policy = join(root, "key-desk.md");
  expect(await policyResults(ingrain, policy)).toEqual({});
  const dataset = smallDataset();
  const folder = await saveDataset(ingrain, dataset);
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
  await finishedRun(ingrain.runs, folder);
  expect(await policyResults(ingrain, policy)).toEqual({
    rows,
    manifest,
    learned: { "s-1": { right: 3, n: 4 } },
  });
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
