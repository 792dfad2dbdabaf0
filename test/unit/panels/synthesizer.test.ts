import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { synthesizeInWorker } from "../../../src/panels/synthesis.ts";
import { InputError } from "../../../src/policy/errors.ts";
import { DatasetManifest } from "../../../src/synthesis/dataset.ts";

let root: string;
let program: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ingrain-"));
  program = join(root, "synthesizer.cjs");
  // A worker thread needs a file to run, as the package has one.
  await esbuild.build({
    entryPoints: ["src/panels/synthesizer.ts"],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: program,
    logLevel: "silent",
  });
});
afterAll(() => rm(root, { recursive: true }));

async function synthesize(text: string, onPlan?: (words: string) => void) {
  const policy = join(root, "desk.md");
  await writeFile(policy, text);
  return synthesizeInWorker(program, { root, policy, seed: 3 }, onPlan);
}

describe("synthesizeInWorker", () => {
  it("saves a dataset under .ingrain, with the command that makes it again", async () => {
    const { folder, rows } = await synthesize(
      "# Desk\n\nExpress costs 12 euros.\n\nIf a parcel is late, refund the fee.\n\nGreet every customer.\n",
    );
    expect(folder.startsWith(join(root, ".ingrain", "datasets"))).toBe(true);
    const text = await readFile(join(folder, "dataset.json"), "utf8");
    const manifest = DatasetManifest.parse(JSON.parse(text));
    expect(manifest).toMatchObject({
      seed: 3,
      policy: { path: "desk.md", title: "Desk" },
      command: 'ingrain synthesize "desk.md" --seed 3',
    });
    const { cpt, sft, exam } = manifest.counts;
    expect(rows).toBe(cpt + sft + exam);
  });

  it("tells what will be made anew", async () => {
    const plans: string[] = [];
    const { gaps } = await synthesize(
      "# Desk\n\nExpress costs 13 euros.\n\nIf a parcel is late, refund the fee.\n\nGreet every customer.\n",
      (words) => plans.push(words),
    );
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatch(/^1 statement changed: \d+ rows stale/);
    expect(gaps).toBe(0);
  });

  it("says in one line what is wrong with the policy", async () => {
    const wrong = await synthesize("# Only a heading\n").catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(InputError);
    expect((wrong as Error).message).toMatch(/desk\.md/);
    expect((wrong as Error).message).not.toContain("\n");
  });

  it("passes on an unexpected error", async () => {
    const missing = { root, policy: join(root, "gone.md"), seed: 0 };
    await expect(synthesizeInWorker(program, missing)).rejects.toThrow(/ENOENT/);
  });
});
