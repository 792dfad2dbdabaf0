import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBenchmark } from "../../../src/workspace/benchmarks.ts";
import { setUp } from "./fixture.ts";

test("generate writes one new folder, and the same again without a word", async () => {
  const { ingrain, cwd } = await setUp();
  const call = ["generate", "--seed", "4", "--depth", "4", "--out", "bench"];
  const { code, out } = await ingrain(...call);
  expect(code).toBe(0);
  expect(out).toMatch(/6 tasks of depth 4, 2 databases, 60 queries\n/);
  expect(readdirSync(join(cwd, "bench")).toSorted()).toEqual([
    "benchmark.json",
    "databases",
    "policy-trees.json",
    "policy.md",
    "tasks.jsonl",
    "tools.json",
  ]);
  expect((await ingrain(...call)).code).toBe(0);
  const { manifest } = await readBenchmark(join(cwd, "bench"));
  expect(manifest.command).toBe("ingrain generate --seed 4 --depth 4 --out bench");

  const policy = readFileSync(join(cwd, "bench", "policy.md"), "utf8");
  const other = await ingrain("generate", "--seed", "5", "--out", "bench");
  expect(other.code).toBe(2);
  expect(other.log).toMatch(/^ingrain: the folder holds something else already: .*bench\n$/);
  expect(readFileSync(join(cwd, "bench", "policy.md"), "utf8")).toBe(policy);
  expect(readdirSync(cwd).toSorted()).toEqual(["bench", "key-desk.md"]);
});

test("what cannot be generated is said in one line, and nothing is written", async () => {
  const { ingrain, cwd } = await setUp();
  for (const [args, message] of [
    [["--depth", "7"], 'the knob "depth" may be 6 at most'],
    [["--depth", "x"], '"x" is not a whole number'],
    [["--depth", "6", "--databases", "1", "--fields", "1"], "a rule of depth 6 tests 6"],
    [["--style", "rude"], 'the knob "style" must be one of'],
  ] as const) {
    const { code, out, log } = await ingrain("generate", "--out", "bench", ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(log).toContain(message);
    expect(log.trim().split("\n")).toHaveLength(1);
  }
  expect((await ingrain("generate")).code).toBe(2);
  expect(readdirSync(cwd)).toEqual(["key-desk.md"]);
});

test("a folder with parts missing or broken is named part by part", async () => {
  const { ingrain, cwd } = await setUp();
  const broken = async (file: string, content?: string) => {
    const folder = join(cwd, file.replaceAll("/", "-"));
    await ingrain("generate", "--seed", "4", "--out", folder);
    if (content === undefined) rmSync(join(folder, file));
    else writeFileSync(join(folder, file), content);
    return readBenchmark(folder).then(
      () => "read",
      (error: unknown) => String(error),
    );
  };
  expect(await broken("benchmark.json")).toContain("the benchmark's manifest is missing");
  expect(await broken("policy.md")).toContain("the policy is missing");
  expect(await broken("databases/tickets.json")).toContain("the database tickets is missing");
  expect(await broken("tools.json", "{")).toContain("the list of tools is not JSON");
  expect(await broken("tasks.jsonl", '{"id":1}\n')).toMatch(/tasks\.jsonl:1: /);
});
