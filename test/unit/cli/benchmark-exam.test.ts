import { mkdir, readFile, writeFile } from "node:fs/promises";
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

test("an endpoint that is busy for long ends the exam", async () => {
  const { exam } = await benchmark();
  const { baseUrl, asked } = await startAgent(() => ({
    status: 429,
    headers: { "retry-after": "86400" },
  }));
  const { code, log } = await exam(baseUrl, "--limit", "1");
  expect([code, log]).toEqual([1, expect.stringContaining("status 429")]);
  expect(asked).toHaveLength(1);
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
      "no such folder",
    ],
    [exam("ftp://x"), "the base URL is neither http nor https"],
    [exam("http://x/v1?key=k"), "the base URL has a name, a password, a query or a fragment in it"],
    [exam("http://x/v1", "--trials", "0"), "--trials is a number from 1"],
  ] as const) {
    const { code, log } = await result;
    expect([code, log]).toEqual([2, expect.stringContaining(message)]);
    expect(log.trim().split("\n")).toHaveLength(1);
  }
});

const toolFile = `
class CloseTicket(Tool):
    @staticmethod
    def invoke(data, ticket_id: str, reason: str) -> str:
        return explode()

    @staticmethod
    def get_info():
        return {
            "type": "function",
            "function": {
                "name": "close_ticket",
                "description": ("Closes a ticket. " "For good."),
                "parameters": {"type": "object", "properties": {"ticket_id": {"type": "string"}}},
            },
        }
`;
const readFileTool = toolFile
  .replaceAll("close_ticket", "get_ticket")
  .replace("CloseTicket", "GetTicket");
const tasksFile = `
from tau_bench.types import Task, Action

TASKS = [
    Task(
        annotator="0",
        user_id="u_1",
        instruction='Your name is Uma. Close "T-1", and ask for its price.',
        actions=[
            Action(name="get_ticket", kwargs={"ticket_id": "T-1"}),
            Action(name="close_ticket", kwargs={"ticket_id": "T-1", "reasons": ["a", None, True]}),
        ],
        outputs=["1200"],
    ),
]
`;

test("a folder of τ-bench is read without running its Python", async () => {
  const { ingrain, cwd } = await setUp();
  await mkdir(join(cwd, "desk", "data"), { recursive: true });
  await mkdir(join(cwd, "desk", "tools"));
  const write = (path: string, text: string) => writeFile(join(cwd, "desk", path), text);
  const { baseUrl } = await startAgent((messages) => {
    expect(messages[0]!.content).toBe("# Desk\n");
    const tools = messages.filter(({ role }) => role === "tool");
    const ticket_id = "T-1";
    if (tools.length === 0) return { calls: [{ name: "get_ticket", arguments: { ticket_id } }] };
    expect(tools[0]!.content).toContain('"price":1200');
    if (tools.length > 1) return { content: "It is closed; it was 1,200 euros." };
    return {
      calls: [{ name: "close_ticket", arguments: { reasons: ["a", null, true], ticket_id } }],
    };
  });
  const exam = () => ingrain("exam", "--benchmark", "desk", "--base-url", baseUrl, "--model", "m");
  expect((await exam()).log).toContain(
    "the policy (wiki.md or policy.md) and the tasks (tasks_test.py, tasks.py or tasks.json) missing in",
  );
  await write("wiki.md", "# Desk\n");
  expect((await exam()).log).toMatch(/benchmark: the tasks .* missing in/);
  await write("tasks_test.py", "TASKS = [Task(instruction=make())]");
  expect((await exam()).log).toContain("tasks_test.py, task 0 cannot be read");
  await write("tasks_test.py", tasksFile);
  await write("tools/close_ticket.py", toolFile);
  await write("tools/get_ticket.py", readFileTool);
  await write("data/tickets.json", '{"T-1":{"price":1200}}');
  const { code, out, log } = await exam();
  expect([code, out]).toEqual([0, expect.stringContaining("1 tasks, 1 trials\nsuccess")]);
  expect(out).toContain("100.0 %");
  expect(log).toBe(
    "tools: their Python is not run; actions are compared in place of the final database\n",
  );
});

test("a folder of τ²-bench is read, and what is not there is named", async () => {
  const { ingrain, cwd } = await setUp();
  await mkdir(join(cwd, "desk"));
  const task = {
    id: "x",
    user_scenario: { instructions: { reason_for_call: "Close T-1.", known_info: "You are Uma." } },
    evaluation_criteria: {
      actions: [{ action_id: "0", name: "close_ticket", arguments: { ticket_id: "T-1" } }],
      communicate_info: [],
    },
  };
  await writeFile(join(cwd, "desk", "policy.md"), "# Desk\n");
  await writeFile(join(cwd, "desk", "tasks.json"), JSON.stringify([task]));
  await writeFile(join(cwd, "desk", "db.toml"), "a = 1\n");
  const { baseUrl } = await startAgent((messages) =>
    messages.some(({ role }) => role === "tool")
      ? { content: "Closed." }
      : { calls: [{ name: "close_ticket", arguments: { ticket_id: "T-1" } }] },
  );
  const { out, log } = await ingrain(
    ...["exam", "--benchmark", "desk", "--base-url", baseUrl, "--model", "m"],
  );
  expect(out).toContain("100.0 %");
  expect(log).toMatch(/tools: no schema was found.*\ndata: no JSON database.*\ndb\.toml: not read/);
});
