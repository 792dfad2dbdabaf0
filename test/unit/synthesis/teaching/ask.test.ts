import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../../src/policy/parse.ts";
import { OpenAiTeacher } from "../../../../src/synthesis/openai-teacher.ts";
import { askAll, answerKey, estimateAsking } from "../../../../src/synthesis/teaching/ask.ts";
import { PatientTeacher } from "../../../../src/synthesis/teaching/patient-teacher.ts";
import { tasksOf } from "../../../../src/synthesis/teaching/tasks.ts";
import { policyText } from "../../training/fixture.ts";
import { MemoryCache, policy } from "./fixture.ts";
import { dutiful, itemsOf } from "./dutiful.ts";
import { fails, type Reaction, says, startServer } from "./server.ts";

const title = policy.policy.title;
const tasks = tasksOf(policy, 1);
const good: Reaction = (response, body) => says(JSON.stringify(dutiful(body)))(response, body);

async function setUp(react: (call: number) => Reaction, cache = new MemoryCache()) {
  const server = await startServer(react);
  const { baseUrl } = server;
  const controller = new AbortController();
  const teacher = new PatientTeacher(new OpenAiTeacher({ baseUrl, model: "tiny" }), {
    firstWait: 1,
  });
  const ask = (concurrency = 1, temperature?: number) =>
    askAll(teacher, title, tasks, {
      ...{ cache, concurrency, signal: controller.signal },
      ...(temperature !== undefined && { temperature }),
    });
  const estimate = () => estimateAsking(title, tasks, { model: teacher.model }, cache);
  return { ...server, cache, controller, ask, estimate };
}

describe("askAll", () => {
  it("asks about statements of one kind together, each once, and then never again", async () => {
    const { ask, calls, estimate } = await setUp(() => good);
    const before = await estimate();
    expect(before).toMatchObject({ open: tasks.length, all: tasks.length });
    const { answers, usage } = await ask();
    expect(answers.size).toBe(tasks.length);
    expect(calls).toHaveLength(before.questions);
    expect(usage).toEqual({ prompt: 100 * calls.length, completion: 20 * calls.length });
    const asked = calls.flatMap(({ body }) => itemsOf(body));
    expect(asked).toHaveLength(tasks.length);
    expect(calls.length).toBeLessThan(tasks.length);

    const paid = calls.length;
    const again = await ask();
    expect(calls).toHaveLength(paid);
    expect(again).toEqual({ answers, usage: { prompt: 0, completion: 0 } });
    expect(await estimate()).toMatchObject({ open: 0, questions: 0, usage: { prompt: 0 } });
  });

  it("keeps to the number of questions under way", async () => {
    const slow: Reaction = (response, body) => void setTimeout(() => good(response, body), 30);
    const { ask, most, calls } = await setUp(() => slow);
    await ask(3);
    expect(calls.length).toBeGreaterThan(3);
    expect(most()).toBe(3);
  });

  it("goes on where it stopped: what was answered is never paid for twice", async () => {
    const cache = new MemoryCache();
    const first = await setUp((call) => (call < 2 ? good : fails(403)), cache);
    await expect(first.ask()).rejects.toMatchObject({ kind: "forbidden" });
    expect(first.calls).toHaveLength(3);
    const kept = cache.answers.size;
    expect(kept).toBeGreaterThan(0);
    // The same model at the same address: a key names both.
    const paid = first.calls.slice(0, 2).flatMap(({ body }) => itemsOf(body));
    expect(paid).toHaveLength(kept);
    expect((await first.estimate()).open).toBe(tasks.length - kept);
  });

  it("resumes after a stop with only the rest", async () => {
    let stopped = false;
    const hang: Reaction = () => undefined;
    const { ask, calls, controller, cache, baseUrl } = await setUp((call) =>
      !stopped && call >= 2 ? hang : good,
    );
    const asking = ask();
    await expect.poll(() => calls.length).toBe(3);
    controller.abort();
    await expect(asking).rejects.toMatchObject({ kind: "cancelled" });
    stopped = true;
    const kept = cache.answers.size;
    const before = calls.length;
    const teacher = new OpenAiTeacher({ baseUrl, model: "tiny" });
    const { signal } = new AbortController();
    const { answers } = await askAll(teacher, title, tasks, { cache, concurrency: 1, signal });
    expect(answers.size).toBe(tasks.length);
    expect(calls.slice(before).flatMap(({ body }) => itemsOf(body))).toHaveLength(
      tasks.length - kept,
    );
  });

  it("outlasts a rate limit and a server that stumbles", async () => {
    const { ask, calls } = await setUp((call) =>
      call === 0 ? fails(429, {}, { "retry-after": "0" }) : call === 2 ? fails(500) : good,
    );
    const { answers } = await ask();
    expect([...answers.values()].every(({ problem }) => problem === undefined)).toBe(true);
    expect(calls[1]!.body).toEqual(calls[0]!.body);
    expect(calls[3]!.body).toEqual(calls[2]!.body);
  });

  it("puts what cannot be read once more, alone, and then leaves it", async () => {
    const { ask, calls } = await setUp(() => says("I would rather talk about the weather."));
    const { answers } = await ask();
    expect([...answers.values()].map(({ problem }) => problem)).toEqual(
      tasks.map(() => "the answer is no JSON array"),
    );
    expect(calls.slice(-tasks.length).every(({ body }) => itemsOf(body).length === 1)).toBe(true);
    const paid = calls.length;
    await ask();
    expect(calls).toHaveLength(paid);
  });

  it("ends what is under way before it gives up, and keeps it", async () => {
    const slow: Reaction = (response, body) => void setTimeout(() => good(response, body), 60);
    const { ask, cache } = await setUp((call) => (call === 0 ? slow : fails(400)));
    await expect(ask(2)).rejects.toMatchObject({ kind: "failed" });
    expect(cache.answers.size).toBeGreaterThan(0);
  });
});

describe("the key of an answer", () => {
  const sampling = { model: "host/tiny" };

  it("changes with statement, kind, model, sampling and take, and with nothing else", () => {
    const task = tasks[0]!;
    const key = answerKey(title, task, sampling, 0);
    expect(answerKey(title, tasksOf(policy, 1)[0]!, sampling, 0)).toBe(key);
    const others = [
      answerKey(title, task, sampling, 1),
      answerKey(title, task, { ...sampling, temperature: 0 }, 0),
      answerKey(title, task, { model: "host/other" }, 0),
      answerKey("Another title", task, sampling, 0),
      ...tasks.slice(1).map((other) => answerKey(title, other, sampling, 0)),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });

  it("stays for every statement but the one that is edited", () => {
    const edited = parsePolicy(policyText.replace("6 euros.\n\nGreet", "7 euros.\n\nGreet"), {
      path: "key-desk.md",
    });
    const keys = (parsed: typeof policy) =>
      new Set(tasksOf(parsed, 1).map((task) => answerKey(title, task, sampling, 0)));
    const before = keys(policy);
    const fresh = [...keys(edited)].filter((key) => !before.has(key));
    // A fact's paraphrases and questions.
    expect(fresh).toHaveLength(2);
  });
});
