import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { maxPolicyBytes } from "../../../src/policy/decode.ts";
import { InputError } from "../../../src/policy/errors.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { readDataset } from "../../../src/training/dataset-folder.ts";
import {
  listDatasets,
  policyPath,
  readPart,
  saveDataset,
} from "../../../src/workspace/datasets.ts";
import { findRoot, ingrainFolder } from "../../../src/workspace/folder.ts";
import { policyText, smallDataset, temporaryFolder } from "../training/fixture.ts";

test("a saved dataset is read back, and listed", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  expect(await listDatasets(ingrain)).toEqual([]);
  const dataset = smallDataset();
  const folder = await saveDataset(ingrain, dataset);
  expect(await readDataset(folder)).toEqual(dataset);
  expect(await readPart(folder, "sft")).toEqual(dataset.sft);
  expect(await listDatasets(ingrain)).toMatchObject([
    { folder, manifest: dataset.manifest, policy: "missing" },
  ]);
});

test("the same dataset keeps its folder, and its reviews; another has its own", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  const folder = await saveDataset(ingrain, smallDataset());
  await writeFile(join(folder, "review.jsonl"), "kept");
  expect(await saveDataset(ingrain, smallDataset())).toBe(folder);
  expect(await readFile(join(folder, "review.jsonl"), "utf8")).toBe("kept");
  expect(await saveDataset(ingrain, smallDataset(2))).not.toBe(folder);
  expect(readdirSync(ingrain.datasets)).toHaveLength(2);
});

test("an edit that no row shows reaches the manifest, and the reviews stay", async () => {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const folder = await saveDataset(ingrain, smallDataset());
  await writeFile(join(folder, "review.jsonl"), "kept");
  const edited = `${policyText}\n<!-- checked in May -->\n`;
  await writeFile(join(root, "key-desk.md"), edited);
  expect(await listDatasets(ingrain)).toMatchObject([{ policy: "changed" }]);
  const parsed = parsePolicy(edited, { path: "key-desk.md" });
  const again = synthesize(parsed, { seed: 1, command: "test" });
  expect(again.manifest.sha256).toBe(smallDataset().manifest.sha256);
  expect(await saveDataset(ingrain, again)).toBe(folder);
  expect(await readDataset(folder)).toEqual(again);
  expect(await listDatasets(ingrain)).toMatchObject([{ policy: "same" }]);
  expect(readdirSync(folder).sort()).toEqual([
    "cpt.jsonl",
    "dataset.json",
    "exam.jsonl",
    "review.jsonl",
    "sft.jsonl",
  ]);
});

test("a folder that holds something else is not written over", async () => {
  const root = temporaryFolder();
  const target = join(root, "mine");
  await mkdir(target);
  await writeFile(join(target, "thesis.txt"), "years of work");
  const save = saveDataset(ingrainFolder(root), smallDataset(), target);
  await expect(save).rejects.toThrow(InputError);
  await expect(save).rejects.toThrow(target);
  expect(readdirSync(target)).toEqual(["thesis.txt"]);
  expect(readdirSync(root)).toEqual(["mine"]);
});

test("a dataset tells whether its policy is still the same", async () => {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  await saveDataset(ingrain, smallDataset());
  const state = async () => (await listDatasets(ingrain))[0]!.policy;
  const path = join(root, "key-desk.md");
  await writeFile(path, policyText);
  expect(await state()).toBe("same");
  await appendFile(path, "\nNever lend a locker.\n");
  expect(await state()).toBe("changed");
  await rm(path);
  expect(await state()).toBe("missing");
});

describe("a policy that a dataset may not name counts as missing, and is not read:", () => {
  /** What is told of a dataset whose manifest names the path; it has the policy's hash. */
  async function stateOf(root: string, path: string) {
    const ingrain = ingrainFolder(root);
    const dataset = smallDataset();
    dataset.manifest.policy.path = path;
    await saveDataset(ingrain, dataset);
    return (await listDatasets(ingrain))[0]!.policy;
  }

  test("outside the root, by its path", async () => {
    const outer = temporaryFolder();
    const root = join(outer, "root");
    await mkdir(root);
    await writeFile(join(outer, "key-desk.md"), policyText);
    expect(await stateOf(root, "../key-desk.md")).toBe("missing");
    expect(await stateOf(root, "a/../../key-desk.md")).toBe("missing");
    expect(await stateOf(root, join(outer, "key-desk.md"))).toBe("missing");
  });

  test("absolute, even inside the root", async () => {
    const root = temporaryFolder();
    await writeFile(join(root, "key-desk.md"), policyText);
    expect(await stateOf(root, join(root, "key-desk.md"))).toBe("missing");
  });

  test.runIf(process.platform !== "win32")("outside the root, by a link", async () => {
    const outer = temporaryFolder();
    const root = join(outer, "root");
    await mkdir(root);
    await writeFile(join(outer, "key-desk.md"), policyText);
    await symlink(join(outer, "key-desk.md"), join(root, "link.md"));
    await symlink(outer, join(root, "up"));
    expect(await stateOf(root, "link.md")).toBe("missing");
    expect(await stateOf(root, "up/key-desk.md")).toBe("missing");
  });

  test("no regular file", async () => {
    const root = temporaryFolder();
    await mkdir(join(root, "key-desk.md"));
    expect(await stateOf(root, "key-desk.md")).toBe("missing");
  });

  test.runIf(process.platform === "linux")("a pipe, which would never end", async () => {
    const root = temporaryFolder();
    execFileSync("mkfifo", [join(root, "key-desk.md")]);
    expect(await stateOf(root, "key-desk.md")).toBe("missing");
  });

  test("larger than a policy may be", async () => {
    const root = temporaryFolder();
    await writeFile(join(root, "key-desk.md"), "");
    await truncate(join(root, "key-desk.md"), maxPolicyBytes + 1);
    expect(await stateOf(root, "key-desk.md")).toBe("missing");
  });
});

test("a policy inside the root is found by its real path", async () => {
  const outer = temporaryFolder();
  await mkdir(join(outer, "real", "..docs"), { recursive: true });
  await writeFile(join(outer, "real", "..docs", "key-desk.md"), policyText);
  await symlink(join(outer, "real"), join(outer, "root"), "junction");
  const ingrain = ingrainFolder(join(outer, "root"));
  const dataset = smallDataset();
  dataset.manifest.policy.path = "..docs/key-desk.md";
  await saveDataset(ingrain, dataset);
  expect(await listDatasets(ingrain)).toMatchObject([{ policy: "same" }]);
});

test("a broken dataset is listed with one clear line", async () => {
  const ingrain = ingrainFolder(temporaryFolder());
  const whole = await saveDataset(ingrain, smallDataset());
  await mkdir(join(ingrain.datasets, "half"));
  const listed = await listDatasets(ingrain);
  expect(listed).toHaveLength(2);
  const half = listed.find(({ name }) => name === "half")!;
  expect(half.problem).toMatch(/manifest is missing: .*dataset\.json$/);
  expect(listed.find(({ folder }) => folder === whole)!.problem).toBeUndefined();
});

test("a broken row is named by file and line", async () => {
  const folder = await saveDataset(ingrainFolder(temporaryFolder()), smallDataset());
  const lines = (await readFile(join(folder, "sft.jsonl"), "utf8")).trimEnd().split("\n");
  await writeFile(join(folder, "sft.jsonl"), `${lines[0]!}\n[]\n`);
  await expect(readPart(folder, "sft")).rejects.toThrow(`${join(folder, "sft.jsonl")}:2`);
  await rm(join(folder, "sft.jsonl"));
  await expect(readPart(folder, "sft")).rejects.toThrow("missing");
});

test("the nearest .ingrain above is found, and nothing is made", async () => {
  const root = temporaryFolder();
  const inner = join(root, "a", "b");
  await mkdir(inner, { recursive: true });
  expect(findRoot(inner)).toBe(inner);
  await mkdir(join(root, ".ingrain"));
  expect(findRoot(inner)).toBe(root);
  expect(existsSync(ingrainFolder(inner).runs)).toBe(false);
});

test("a policy inside the root is named relative to it", () => {
  const root = temporaryFolder();
  expect(policyPath(root, join(root, "docs", "p.md"))).toBe("docs/p.md");
  expect(policyPath(root, join(root, "..docs", "p.md"))).toBe("..docs/p.md");
  expect(policyPath(join(root, "docs"), join(root, "p.md"))).toBe(join(root, "p.md"));
});
