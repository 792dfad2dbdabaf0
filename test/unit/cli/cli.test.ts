import { existsSync, readdirSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ParsedPolicy } from "../../../src/policy/statement.ts";
import { EventWriter } from "../../../src/training/events-file.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { policyText, smallDataset, writeDataset } from "../training/fixture.ts";
import { setUp } from "./fixture.ts";

/** Wrong input: exit code 2, nothing on standard output, one line that says what and where. */
async function expectWrong(result: Promise<{ code: number; out: string; log: string }>) {
  const { code, out, log } = await result;
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(log).toMatch(/^ingrain: [^\n]+\n$/);
  return log;
}

test("parse prints what the contract says", async () => {
  const { ingrain, cwd } = await setUp();
  const { code, out } = await ingrain("parse", "key-desk.md", "--json");
  expect(code).toBe(0);
  const parsed = ParsedPolicy.parse(JSON.parse(out));
  expect(parsed.policy.path).toBe("key-desk.md");
  for (const { start, end } of parsed.statements) {
    expect(policyText.slice(start, end).trim()).not.toBe("");
  }
  expect((await ingrain("parse", "key-desk.md")).out).toContain("Greet every guest by name.");
  expect(readdirSync(cwd)).toEqual(["key-desk.md"]);
});

test("a policy cannot command the terminal, and JSON keeps it as it is", async () => {
  const { ingrain, cwd } = await setUp();
  const text = "# De\u001bsk\n\nGreet \u001b[2Jevery\u0007 guest\u009b1m by\u007f name.\n";
  await writeFile(join(cwd, "policy.md"), text);
  const { out } = await ingrain("parse", "policy.md");
  expect(out).toContain("Desk: 1 statement");
  expect(out).toContain("Greet [2Jevery guest1m by name.");
  const json = (await ingrain("parse", "policy.md", "--json")).out;
  for (const written of [out, json]) expect(written).not.toMatch(/[^\P{Cc}\n]/u);
  const { statements } = ParsedPolicy.parse(JSON.parse(json));
  expect(statements[0]!.text).toBe("Greet \u001b[2Jevery\u0007 guest\u009b1m by\u007f name.");
  const { log } = await ingrain("parse", "\u001b]0;title\u0007.md");
  expect(log).toBe("ingrain: no such file (]0;title.md)\n");
});

test("synthesize writes one dataset folder, and --out another place", async () => {
  const { ingrain, cwd } = await setUp();
  const { code, out } = await ingrain("synthesize", "key-desk.md", "--seed", "3", "--json");
  expect(code).toBe(0);
  const { folder, manifest } = JSON.parse(out) as {
    folder: string;
    manifest: { command: string; seed: number };
  };
  expect(folder.startsWith(join(cwd, ".ingrain", "datasets"))).toBe(true);
  expect(manifest).toMatchObject({
    seed: 3,
    command: "ingrain synthesize key-desk.md --seed 3",
    policy: { path: "key-desk.md" },
  });
  const elsewhere = await ingrain("synthesize", "key-desk.md", "--out", "rows");
  expect(elsewhere.out).toContain(join(cwd, "rows"));
  expect(existsSync(join(cwd, "rows", "cpt.jsonl"))).toBe(true);
  expect(readdirSync(join(cwd, ".ingrain", "datasets"))).toHaveLength(1);
});

test("synthesize --regenerate makes another row, and a later synthesis keeps it", async () => {
  const { ingrain } = await setUp();
  const none = await ingrain("synthesize", "key-desk.md", "--regenerate", "c-1");
  expect([none.code, none.log]).toEqual([2, expect.stringContaining("no dataset (key-desk.md)")]);
  const first = await ingrain("synthesize", "key-desk.md", "--json");
  const before = JSON.parse(first.out) as { folder: string };
  const rows = (await readFile(join(before.folder, "sft.jsonl"), "utf8")).trimEnd().split("\n");
  const { id } = JSON.parse(rows.at(-1)!) as { id: string };
  const { code, out } = await ingrain("synthesize", "key-desk.md", "--regenerate", id, "--json");
  expect(code).toBe(0);
  const made = JSON.parse(out) as { folder: string; manifest: object };
  expect(made.manifest).toMatchObject({
    command: `ingrain synthesize key-desk.md --regenerate ${id}`,
    regenerated: { rows: [{ row: id, take: 0 }] },
  });
  const again = await ingrain("synthesize", "key-desk.md", "--json");
  expect((JSON.parse(again.out) as { folder: string }).folder).toBe(made.folder);
  const unknown = await ingrain("synthesize", "key-desk.md", "--regenerate", "c-none");
  expect([unknown.code, unknown.log]).toEqual([2, expect.stringContaining("no row c-none")]);
});

test("synthesize tells what an edit makes anew before it does it, and how far rows cover it", async () => {
  const { ingrain, cwd } = await setUp();
  const first = await ingrain("synthesize", "key-desk.md");
  expect(first.log).toMatch(/^[\d,]+ rows to make, about [\d,]+ tokens\n$/);
  expect(first.out).toMatch(/Coverage: (\d+) of \1 requirements\n/);
  expect(first.out).not.toContain("Not covered");
  const datasets = readdirSync(join(cwd, ".ingrain", "datasets"));
  await writeFile(join(cwd, "key-desk.md"), policyText.replace("by name", "with a smile"));
  const { out } = await ingrain("synthesize", "key-desk.md", "--dry-run");
  expect(out).toMatch(
    /^1 statement changed: \d+ rows stale, \d+ rows to make, about [\d,]+ tokens\n/,
  );
  expect(out).toContain("  changed         Greet every guest with a smile.\n");
  expect(readdirSync(join(cwd, ".ingrain", "datasets"))).toEqual(datasets);
  const { out: json } = await ingrain("synthesize", "key-desk.md", "--dry-run", "--json");
  expect(JSON.parse(json)).toMatchObject({
    plan: { continues: true, statements: [{ reason: "changed" }] },
    coverage: { gaps: [] },
  });
  expect((await ingrain("synthesize", "key-desk.md")).log).toContain(out.split("\n")[0]);
  const again = await ingrain("synthesize", "key-desk.md");
  expect(again.log).toMatch(/^Nothing changed: all [\d,]+ rows stay\n$/);
});

test("tools that are none cost nothing but a line", async () => {
  const { ingrain, cwd } = await setUp();
  await writeFile(join(cwd, "tools.json"), '{"tools": [{}]}');
  expect(await expectWrong(ingrain("synthesize", "key-desk.md"))).toMatch(/tools\.json: tool 1: /);
  expect(readdirSync(cwd).sort()).toEqual(["key-desk.md", "tools.json"]);
});

test("the manifest tells the command as it was given, ready for a shell", async () => {
  const { ingrain, cwd } = await setUp();
  await writeFile(join(cwd, "key desk.md"), policyText);
  await mkdir(join(cwd, "work"));
  const args = ["synthesize", "key desk.md", "--seed", "2", "--out", "the rows", "--dir", "work"];
  const { out } = await ingrain(...args, "--json");
  expect(JSON.parse(out)).toMatchObject({
    manifest: {
      command: "ingrain synthesize 'key desk.md' --seed 2 --out 'the rows' --dir work",
    },
  });
});

test.each([["--help"], ["parse", "--help"], ["runs", "cancel", "--help"], ["exam", "--help"]])(
  "help goes to standard output: %s %s %s",
  async (...args) => {
    const { ingrain } = await setUp();
    const { code, out, log } = await ingrain(...args.filter((arg) => arg !== ""));
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: ingrain/);
    expect(log).toBe("");
  },
);

test.each<[string, string[], RegExp]>([
  ["an unknown command", ["prase"], /unknown command 'prase'/],
  ["no policy", ["parse"], /missing required argument 'policy'/],
  ["an unknown option", ["parse", "key-desk.md", "--loud"], /unknown option '--loud'/],
  ["a policy that is not there", ["parse", "nope.md"], /no such file \(nope\.md\)/],
  ["a folder as policy", ["parse", "."], /not a folder \(\.\)/],
  ["a seed that is no number", ["synthesize", "key-desk.md", "--seed", "x"], /"x" is not a whole/],
  ["a setting without value", ["internalize", "key-desk.md", "--set", "a"], /"a" is not KEY=VALUE/],
  ["an unknown dataset", ["train", "nope"], /no such dataset \(nope\)/],
  ["an unknown run", ["runs", "show", "nope"], /no such run \(nope\)/],
  ["an unknown run to examine", ["exam", "nope"], /no such run \(nope\)/],
  [
    "an unknown engine",
    ["internalize", "key-desk.md", "--engine", "abacus"],
    /unknown engine "abacus"/,
  ],
  [
    "an unknown device",
    ["internalize", "key-desk.md", "--device", "tpu"],
    /unknown device "tpu"; there are: auto, cpu, gpu/,
  ],
  [
    "a device for the engine that has its own",
    ["internalize", "key-desk.md", "--engine", "trl", "--model", "o/m", "--device", "gpu"],
    /--device needs --engine onnx/,
  ],
  [
    "a target for the embedded engine",
    ["internalize", "key-desk.md", "--target", "ray"],
    /--target ray needs --engine trl/,
  ],
  ...(
    [
      [["--target", "moon"], /unknown target "moon"; this version has: local, ray/],
      [["--workers", "2"], /--workers needs --target ray/],
      [["--target", "ray", "--storage", "/mnt"], /the target ray needs --address/],
      [["--target", "ray", "--address", "http://127.0.0.1:1"], /the target ray needs --storage/],
      [
        ["--target", "ray", "--address", "ray://127.0.0.1:1", "--storage", "/mnt"],
        /address of Ray's client/,
      ],
      [
        ["--target", "ray", "--address", "http://127.0.0.1:1", "--storage", "mnt"],
        /"mnt" is no place that all machines/,
      ],
      [["--target", "ray", "--python", "python3"], /--python has no place with --target ray/],
    ] as [string[], RegExp][]
  ).map(([args, message]): [string, string[], RegExp] => [
    args.join(" "),
    ["internalize", "key-desk.md", "--engine", "trl", "--model", "Qwen/Qwen3-4B", ...args],
    message,
  ]),
  [
    "an unknown hyperparameter",
    ["internalize", "key-desk.md", "--set", "speed=9"],
    /unknown hyperparameter "speed"/,
  ],
])("the call is wrong: %s", async (_, args, message) => {
  const { ingrain } = await setUp();
  expect(await expectWrong(ingrain(...args))).toMatch(message);
});

test.each<[string, string | Uint8Array, RegExp]>([
  ["an empty policy", "", /policy\.md is empty/],
  ["a policy of white space", " \n\n\t\n", /policy\.md is empty/],
  ["no statements", "# Title\n\n```\ncode only\n```\n", /policy\.md has no statements/],
  ["one word", "Help.\n", /^ingrain: policy\.md has no statements: /],
  ["not a text file", new Uint8Array([0x89, 0x50, 0, 1]), /policy\.md is not a text file/],
  ["not UTF-8", new Uint8Array([0x48, 0xff, 0xfe, 0x21]), /policy\.md is not a text file/],
  ["over 5 MB", "a ".repeat(2_700_000), /policy\.md has 5\.1 MB/],
])("the policy is wrong: %s", async (_, content, message) => {
  const { ingrain, cwd } = await setUp();
  await writeFile(join(cwd, "policy.md"), content);
  for (const command of ["parse", "synthesize", "internalize"]) {
    expect(await expectWrong(ingrain(command, "policy.md"))).toMatch(message);
  }
  expect(existsSync(join(cwd, ".ingrain"))).toBe(false);
});

test("a broken dataset line is named by file and line, and no run is left", async () => {
  const { ingrain, cwd } = await setUp();
  const dataset = await writeDataset(cwd);
  const lines = (await readFile(join(dataset, "cpt.jsonl"), "utf8")).trimEnd().split("\n");
  await appendFile(join(dataset, "cpt.jsonl"), "oops\n");
  const log = await expectWrong(ingrain("train", "dataset"));
  expect(log).toContain(`${join(dataset, "cpt.jsonl")}:${lines.length + 1}: not JSON`);
  expect(existsSync(join(cwd, ".ingrain", "runs"))).toBe(false);
});

test("a run is started, listed, refused a twin, shown and cancelled", async () => {
  const { ingrain, cwd } = await setUp();
  await writeDataset(cwd);
  const start = await ingrain("train", "dataset", "--detach", "--json");
  const { run, folder } = JSON.parse(start.out) as { run: string; folder: string };
  expect(start.code).toBe(0);
  expect(await expectWrong(ingrain("train", "dataset"))).toContain(run);
  expect((await ingrain("runs")).out).toContain(run);
  expect(JSON.parse((await ingrain("runs", "--json")).out)).toMatchObject([{ id: run, folder }]);
  const shown = JSON.parse((await ingrain("runs", "show", run, "--json")).out) as object;
  expect(shown).toMatchObject({ folder, spec: { id: run } });
  const cancelled = await ingrain("runs", "cancel", run, "--json");
  expect(JSON.parse(cancelled.out)).toMatchObject({ run, status: "cancelled" });
  expect(await expectWrong(ingrain("runs", "cancel", run))).toContain("cancelled");
  const resumed = await ingrain("runs", "resume", run, "--detach");
  expect(resumed).toMatchObject({ code: 0, out: `${folder}\n` });
  await ingrain("runs", "cancel", run);
});

test("Ctrl-C cancels the run that is watched, and says how to go on", async () => {
  const { ingrain, cwd, interrupt } = await setUp();
  await writeDataset(cwd);
  const watched = ingrain("train", "dataset");
  const timer = setInterval(() => {
    const [id] = existsSync(join(cwd, ".ingrain/runs"))
      ? readdirSync(join(cwd, ".ingrain/runs")).filter((name) => !name.startsWith("."))
      : [];
    if (id !== undefined && existsSync(join(cwd, ".ingrain/runs", id, "events.jsonl"))) interrupt();
  }, 50);
  const { code, out, log } = await watched;
  clearInterval(timer);
  expect(code).toBe(1);
  expect(out).toBe("");
  expect(log).toMatch(/ingrain: the run was cancelled; resume it with: ingrain runs resume \S+/);
});

test("a run that loses its process fails, and says how to go on", async () => {
  const { ingrain, cwd } = await setUp("lost");
  await writeDataset(cwd);
  const { code, log } = await ingrain("train", "dataset");
  expect(code).toBe(1);
  expect(log).toMatch(/ingrain: the trainer is gone without a last word; resume it with/);
});

test("half-written run folders are listed with a reason, and shown with exit code 2", async () => {
  const { ingrain, cwd } = await setUp();
  await mkdir(join(cwd, ".ingrain/runs/half"), { recursive: true });
  const listed = await ingrain("runs");
  expect(listed.code).toBe(0);
  expect(listed.out).toMatch(/^half +broken +the spec of the run is missing: .*run\.json\n$/);
  expect(await expectWrong(ingrain("runs", "show", "half"))).toContain("run.json");
  expect(await expectWrong(ingrain("runs", "resume", "half"))).toContain("run.json");
  expect(await expectWrong(ingrain("exam", "half"))).toContain("run.json");
});

test("the exam of a run without a model, or with another model, says so", async () => {
  const { ingrain, cwd } = await setUp("done");
  await writeDataset(cwd);
  const { folder } = JSON.parse((await ingrain("train", "dataset", "--detach", "--json")).out) as {
    folder: string;
  };
  const files = runFiles(folder);
  expect(await expectWrong(ingrain("exam", folder))).toMatch(
    /configuration is missing: .*config\.json/,
  );
  await mkdir(files.model, { recursive: true });
  await writeFile(join(files.model, "config.json"), '{"model_type": "llama"}');
  expect(await expectWrong(ingrain("exam", folder))).toMatch(/config\.json, model_type/);
  await rm(join(files.dataset, "exam.jsonl"));
  expect(await expectWrong(ingrain("exam", folder))).toContain("exam.jsonl");
});

test("a failed run is told with its hint", async () => {
  const { ingrain, cwd } = await setUp("done");
  await writeDataset(cwd, smallDataset(2));
  const { folder } = JSON.parse((await ingrain("train", "dataset", "--detach", "--json")).out) as {
    folder: string;
  };
  await rm(runFiles(folder).events, { force: true });
  new EventWriter(runFiles(folder).events).append({
    type: "failed",
    error: "The disk is full.",
    hint: "Free some space.",
  });
  const shown = await ingrain("runs", "show", folder);
  expect(shown.out).toContain("The disk is full. Free some space.");
});
