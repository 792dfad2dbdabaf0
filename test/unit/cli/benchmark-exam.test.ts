import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Query } from "../../../src/benchmark/world.ts";
import { BenchmarkReport } from "../../../src/benchmark/harness/results.ts";
import { readBenchmark } from "../../../src/workspace/benchmarks.ts";
import { type Heard, type Said, startAgent } from "../benchmark/harness/server.ts";
import { setUp } from "./fixture.ts";

const knobs = ["--queries", "12", "--missing", "1", "--intents", "2"];

async function benchmark() {
  const own = await setUp();
  await own.ingrain("generate", "--seed", "4", ...knobs, "--out", "bench");
  const { queries } = await readBenchmark(join(own.cwd, "bench"));
  const exam = (baseUrl: string, ...more: string[]) =>
    own.ingrain("exam", "--benchmark", "bench", "--base-url", baseUrl, "--model", "m", ...more);
  return { ...own, queries, exam };
}

/** Does what is right, one call at a time, and then says the terms. */
function perfect(queries: readonly Query[], messages: readonly Heard[]): Said {
  const asked = messages.find(({ role }) => role === "user")!.content;
  const { actions, outputs } = queries.find(({ instruction }) => instruction === asked)!;
  const next = actions[messages.filter(({ role }) => role === "tool").length];
  if (next === undefined) return { content: `Done: ${outputs.join(", ")}.` };
  return { calls: [{ name: next.tool, arguments: next.arguments }] };
}

test("an agent that does right passes, and every axis is told with its interval", async () => {
  const { queries, exam, env } = await benchmark();
  env["INGRAIN_AGENT_KEY"] = "k-1";
  const server = await startAgent((messages) => perfect(queries, messages));
  const { code, out } = await exam(server.baseUrl, "--trials", "2", "--json");
  expect(code).toBe(0);
  const report = BenchmarkReport.parse(JSON.parse(out));
  expect(report).toMatchObject({ accuracy: 1, tasks: 12, trials: 24, passHat: { 1: 1, 2: 1 } });
  expect(Object.keys(report.byAxis)).toEqual([
    "depth",
    "intents",
    "missing",
    "distractors",
    "style",
  ]);
  expect(report.byAxis["intents"]!["2"]).toMatchObject({ accuracy: 1, n: 24 });
  expect(report.promptTokens).toBeGreaterThan(100);
  expect(server.most()).toBeGreaterThan(1);
  expect(server.asked[0]!.authorization).toBe("Bearer k-1");
  expect(server.asked[0]!.messages[0]!.content).toContain("# ");
});

test("an agent that does too much, too little or says nothing fails", async () => {
  const { queries, exam } = await benchmark();
  const withOutputs = queries.filter(({ outputs }) => outputs.length > 0).length;
  expect(withOutputs).toBeGreaterThan(0);
  const accuracy = async (react: (messages: Heard[]) => Said) => {
    const { baseUrl } = await startAgent(react);
    const { out } = await exam(baseUrl, "--json");
    return BenchmarkReport.parse(JSON.parse(out)).accuracy;
  };
  expect(await accuracy(() => ({ content: "I cannot help." }))).toBe(0);
  const silent = await accuracy((messages) => {
    const said = perfect(queries, messages);
    return said.calls ? said : { content: "Done." };
  });
  expect(silent).toBeCloseTo(1 - withOutputs / 12);
  const twice = await accuracy((messages) => {
    const { calls, content } = perfect(queries, messages);
    return calls ? { calls: [...calls, ...calls] } : { content: content! };
  });
  expect(twice).toBe(0);
  expect(await accuracy(() => ({ calls: [{ name: "nothing", arguments: "not JSON" }] }))).toBe(0);
});

test("results on disk are gone on with, and not mixed with those of another exam", async () => {
  const { queries, exam, cwd } = await benchmark();
  let answers = 0;
  const broken = await startAgent((messages) =>
    ++answers > 20 ? { status: 400 } : perfect(queries, messages),
  );
  const call = ["--results", "trials.jsonl", "--concurrency", "1"];
  const { code, log } = await exam(broken.baseUrl, ...call);
  expect(code).toBe(1);
  expect(log).toContain("answers with status 400");
  const path = join(cwd, "trials.jsonl");
  const kept = (await readFile(path, "utf8")).trim().split("\n").length - 1;
  expect(kept).toBeGreaterThan(0);

  // The same endpoint is well again; half a line was left by a process that was killed.
  answers = -1000;
  await writeFile(path, '{"task":"q-00', { flag: "a" });
  const before = broken.asked.length;
  const again = await exam(broken.baseUrl, ...call);
  expect(again.code).toBe(0);
  expect(again.log).toContain(`${kept} trials are known already`);
  expect(again.out).toMatch(/12 tasks, 12 trials\nsuccess {19,22}100\.0 %/);
  const perTask = (broken.asked.length - before) / (12 - kept);
  expect(perTask).toBeLessThan(8);
  const other = await exam(broken.baseUrl, ...call, "--prompt", "identifier");
  expect(other.code).toBe(2);
  expect(other.log).toContain("the file holds results of something else");
});

test("an endpoint that is busy is asked again", async () => {
  const { queries, exam } = await benchmark();
  let answers = 0;
  const { baseUrl } = await startAgent((messages) =>
    answers++ === 0 ? { status: 429, headers: { "retry-after": "0" } } : perfect(queries, messages),
  );
  expect((await exam(baseUrl, "--limit", "1")).out).toContain("100.0 %");
});

test("a model may play the user", async () => {
  const { queries, exam } = await benchmark();
  const { baseUrl } = await startAgent((messages, model) => {
    if (model !== "u") {
      const asked = messages.find(({ role }) => role === "user")!.content;
      return { content: asked === "Hello, it is about my request." ? "Which?" : "No." };
    }
    expect(messages[0]!.content).toContain(queries[0]!.instruction);
    const said = messages.filter(({ role }) => role === "assistant").length;
    return { content: said === 0 ? "Hello, it is about my request." : "[DONE]" };
  });
  const { code, out } = await exam(baseUrl, "--user-model", "u", "--limit", "1");
  expect([code, out]).toEqual([0, expect.stringContaining("0.0 %")]);
});

test("a wrong call is told in one line", async () => {
  const { ingrain, exam } = await benchmark();
  for (const [result, message] of [
    [ingrain("exam"), "which run shall be examined"],
    [ingrain("exam", "--benchmark", "bench"), "the exam needs an agent"],
    [
      ingrain("exam", "--benchmark", "none", "--base-url", "http://x/v1", "--model", "m"),
      "is missing",
    ],
    [exam("ftp://x"), "the base URL is no http address"],
    [exam("http://x/v1", "--trials", "0"), "--trials is a number from 1"],
  ] as const) {
    const { code, log } = await result;
    expect([code, log]).toEqual([2, expect.stringContaining(message)]);
    expect(log.trim().split("\n")).toHaveLength(1);
  }
});
