import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateInWorker, synthesizeInWorker } from "../../../src/panels/synthesis.ts";
import { InputError } from "../../../src/policy/errors.ts";
import { DatasetManifest } from "../../../src/synthesis/dataset.ts";
import { TeacherError, type TeacherPort } from "../../../src/synthesis/teacher.ts";
import { dutiful } from "../synthesis/teaching/dutiful.ts";

let root: string;
let program: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ingrain-"));
  program = join(root, "synthesizer.cjs");
  // A worker thread needs a file to run, and finds the native library beside it, as in the package.
  await symlink(join(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
  await esbuild.build({
    entryPoints: ["src/panels/synthesizer.ts"],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: program,
    external: ["onnxruntime-node"],
    logLevel: "silent",
  });
});
afterAll(() => rm(root, { recursive: true }));

async function synthesize(text: string, plan?: (words: string) => void) {
  const policy = join(root, "desk.md");
  await writeFile(policy, text);
  return synthesizeInWorker(program, { root, policy, seed: 3 }, plan && { plan });
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

describe("a teacher in the worker", () => {
  const text = "# Key desk\n\nA spare key costs 6 euros.\n\nGreet every guest by name.\n";
  const asked: unknown[] = [];
  /** Answers as it should, but for the calls that `fails` tells. */
  const teacherThat = (fails: (call: number) => TeacherError | undefined): TeacherPort => ({
    name: "Tiny",
    model: "vendor/tiny/1",
    complete: (messages, { signal }) => {
      const error = signal.aborted ? new TeacherError("cancelled", "stopped") : fails(asked.length);
      asked.push(messages);
      if (error) return Promise.reject(error);
      const rows = dutiful({ model: "tiny", messages: [...messages] });
      const usage = { prompt: 10, completion: 5 };
      return Promise.resolve({ text: JSON.stringify(rows), usage });
    },
  });
  const job = async (name: string) => {
    const policy = join(root, `${name}.md`);
    await writeFile(policy, text);
    return {
      ...{ root: join(root, name), policy, seed: 1 },
      teacher: {
        ...{ kind: "vscode.lm" as const, name: "Tiny", model: "vendor/tiny/1", concurrency: 1 },
        arguments: ["--teacher", "tiny one"],
      },
    };
  };

  it("is asked by the extension, and its rows are saved with the grammar's", async () => {
    const taught = await job("taught");
    const { open, questions } = await estimateInWorker(program, taught);
    const progress: number[] = [];
    asked.length = 0;
    const made = await synthesizeInWorker(program, taught, {
      teacher: teacherThat(() => undefined),
      progress: (answered) => progress.push(answered),
    });
    expect(asked).toHaveLength(questions);
    expect(progress.at(-1)).toBe(open);
    const manifest = DatasetManifest.parse(
      JSON.parse(await readFile(join(made.folder, "dataset.json"), "utf8")),
    );
    expect(manifest).toMatchObject({ teacher: "vscode.lm", teaching: { model: "vendor/tiny/1" } });
    expect(manifest.teaching!.rows).toBeGreaterThan(0);
    expect(manifest.command).toMatch(/ "--teacher" "tiny one"$/);
    expect(await estimateInWorker(program, taught)).toMatchObject({ open: 0, questions: 0 });
  });

  it("is asked for other rows, of a statement that is in a dataset", async () => {
    const taught = await job("again");
    const teacher = teacherThat(() => undefined);
    const { folder } = await synthesizeInWorker(program, taught, { teacher });
    const manifest = DatasetManifest.parse(
      JSON.parse(await readFile(join(folder, "dataset.json"), "utf8")),
    );
    const statement = manifest.statements.find(({ category }) => category === "behavioral")!.id;
    const anew = { ...taught, regenerate: { folder, target: { statement } } };
    const { open } = await estimateInWorker(program, anew);
    expect(open).toBeGreaterThan(0);
    expect(open).toBeLessThan(manifest.counts.statements * 3);
    asked.length = 0;
    const made = await synthesizeInWorker(program, anew, { teacher });
    expect(asked.length).toBe(open);
    expect(made.words).toMatch(/^Regenerated the statement: \d+ of its \d+ rows are others$/);
    expect(made.folder).not.toBe(folder);
    expect(await estimateInWorker(program, anew)).toMatchObject({ open: 0 });
    // What cannot be made is one line, and costs nothing.
    const row = { ...taught, regenerate: { folder, target: { row: "c-none" } } };
    await expect(synthesizeInWorker(program, row, { teacher })).rejects.toThrow("no row c-none");
  });

  it("ends the work with its error, and goes on there the next time", async () => {
    const taught = await job("stopped");
    const forbidden = new TeacherError("forbidden", "no consent");
    asked.length = 0;
    const teacher = teacherThat((call) => (call === 2 ? forbidden : undefined));
    await expect(synthesizeInWorker(program, taught, { teacher })).rejects.toMatchObject({
      name: "TeacherError",
      kind: "forbidden",
      message: "no consent",
    });
    const before = asked.length;
    const { questions } = await estimateInWorker(program, taught);
    await synthesizeInWorker(program, taught, { teacher: teacherThat(() => undefined) });
    expect(asked.length - before).toBe(questions);
    const all = asked.map((messages) => JSON.stringify(messages));
    // The one that failed is the only one asked twice.
    expect(new Set(all).size).toBe(all.length - 1);
  });

  it("stops when the user cancels", async () => {
    const taught = await job("cancelled");
    const stop = new AbortController();
    const hanging: TeacherPort = {
      name: "Tiny",
      model: "vendor/tiny/1",
      complete: (_messages, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new TeacherError("cancelled", "stopped")));
          stop.abort();
        }),
    };
    const { signal } = stop;
    const making = synthesizeInWorker(program, taught, { teacher: hanging, signal });
    await expect(making).rejects.toMatchObject({ kind: "cancelled" });
  });
});
