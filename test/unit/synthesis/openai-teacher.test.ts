import { describe, expect, it } from "vitest";
import { endpoint, isUnencrypted } from "../../../src/synthesis/openai-endpoint.ts";
import { OpenAiTeacher } from "../../../src/synthesis/openai-teacher.ts";
import { TeacherError } from "../../../src/synthesis/teacher.ts";
import { fails, json, type Reaction, says, startServer } from "./teaching/server.ts";

const key = "sk-secret-0123456789";
const messages = [
  { role: "system" as const, content: "Be short." },
  { role: "user" as const, content: "Hello" },
];

async function ask(
  reaction: Reaction,
  { timeout = 5000, signal = new AbortController().signal } = {},
) {
  const server = await startServer(() => reaction);
  const teacher = new OpenAiTeacher({ baseUrl: server.baseUrl, model: "tiny", key, timeout });
  const reply = teacher.complete(messages, { signal });
  return { ...server, teacher, reply };
}

async function errorOf(reaction: Reaction, options = {}): Promise<TeacherError> {
  const { reply } = await ask(reaction, options);
  const error: unknown = await reply.catch((problem: unknown) => problem);
  if (!(error instanceof TeacherError)) throw new Error(`no teacher's error: ${String(error)}`);
  expect(error.message).toMatch(/^[^\n]{1,400}$/);
  expect(error.message).not.toContain(key);
  return error;
}

describe("OpenAiTeacher", () => {
  it("asks as OpenAI's clients do, and reads answer and usage", async () => {
    const { reply, calls, teacher, baseUrl } = await ask(says("Good day"));
    expect(await reply).toEqual({ text: "Good day", usage: { prompt: 100, completion: 20 } });
    expect(calls).toEqual([
      {
        path: "/v1/chat/completions",
        authorization: `Bearer ${key}`,
        body: { model: "tiny", messages, stream: false },
      },
    ]);
    expect(teacher.model).toBe(`${baseUrl.replace("http://", "")}/tiny`);
    expect(JSON.stringify(teacher)).not.toContain(key);
  });

  it("sends no key where there is none, and sampling where it is asked for", async () => {
    const { baseUrl, calls } = await startServer(() => says("a", null));
    const teacher = new OpenAiTeacher({ baseUrl: `${baseUrl}/`, model: "tiny" });
    const { signal } = new AbortController();
    const reply = await teacher.complete(messages, { signal, temperature: 0.5 });
    expect(reply.usage).toEqual({ prompt: 0, completion: 0 });
    expect(calls[0]).toMatchObject({
      path: "/v1/chat/completions",
      authorization: undefined,
      body: { temperature: 0.5 },
    });
  });

  it.each<[string, Reaction, object, RegExp]>([
    [
      "a wrong key",
      fails(401, { message: `bad ${key}` }),
      { kind: "forbidden" },
      /refuses the key/,
    ],
    ["no such model", fails(404), { kind: "unavailable" }, /404/],
    [
      "a rate limit with its wait in seconds",
      fails(429, { message: "slow down" }, { "retry-after": "7" }),
      { kind: "quota", retryAfterMs: 7000 },
      /slow down/,
    ],
    ["a rate limit without", fails(429), { kind: "quota", retryAfterMs: 0 }, /429/],
    [
      "a quota that is used up",
      fails(429, { message: "Check your plan", code: "insufficient_quota" }),
      { kind: "quota", retryAfterMs: undefined },
      /used up/,
    ],
    ["a server's error", fails(500), { kind: "interrupted" }, /500/],
    ["an overload", fails(503, "busy", { "retry-after": "2" }), { retryAfterMs: 2000 }, /busy/],
    [
      "a wrong question",
      fails(400, { message: `no ${key}\nhere` }),
      { kind: "failed" },
      /no … here/,
    ],
    ["an address that moved", fails(308, {}, { location: "/" }), { kind: "failed" }, /moved/],
    [
      "malformed JSON",
      (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end('{"choices": [');
      },
      { kind: "interrupted" },
      /no whole chat completion/,
    ],
    [
      "another schema",
      (response) => json(response, 200, { answer: "hello" }),
      { kind: "interrupted" },
      /no whole chat completion/,
    ],
    [
      "another content type",
      (response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end("<h1>Sign in</h1>");
      },
      { kind: "failed" },
      /text\/html/,
    ],
    [
      "an answer that is cut off",
      (response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
        response.write('{"choices": [');
        setTimeout(() => response.destroy(), 20);
      },
      { kind: "interrupted" },
      /broke off/,
    ],
    [
      "an answer without end",
      (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const more = () => {
          while (response.write("x".repeat(65_536)));
        };
        response.on("drain", more);
        response.on("error", () => undefined);
        more();
      },
      { kind: "failed" },
      /does not end/,
    ],
  ])("tells %s in one line", async (_name, reaction, expected, words) => {
    const error = await errorOf(reaction);
    expect(error).toMatchObject(expected);
    expect(error.message).toMatch(words);
  });

  it("reads the wait of a rate limit as a date", async () => {
    const date = new Date(Date.now() + 30_000).toUTCString();
    const { retryAfterMs } = await errorOf(fails(429, {}, { "retry-after": date }));
    expect(retryAfterMs).toBeGreaterThan(25_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  it("gives a silent server up, and says after how long", async () => {
    const error = await errorOf(() => undefined, { timeout: 1000 });
    expect(error).toMatchObject({ kind: "interrupted" });
    expect(error.message).toMatch(/within 1 seconds/);
  });

  it("tells a server that is not there", async () => {
    const teacher = new OpenAiTeacher({ baseUrl: "http://127.0.0.1:9/v1", model: "tiny", key });
    const { signal } = new AbortController();
    await expect(teacher.complete(messages, { signal })).rejects.toMatchObject({
      kind: "interrupted",
    });
  });

  it("ends the question when it is cancelled", async () => {
    const controller = new AbortController();
    const { reply } = await ask(() => controller.abort(), { signal: controller.signal });
    await expect(reply).rejects.toMatchObject({ kind: "cancelled" });
  });
});

describe("the base URL", () => {
  it.each([
    "nonsense",
    "ftp://a/v1",
    "https://user:pass@a/v1",
    "https://a/v1?key=1",
    "file:///etc",
  ])("%s is refused", (url) => expect(() => endpoint(url)).toThrow(/base URL/));

  it("tells where a key could be read on the way", () => {
    expect(isUnencrypted(endpoint("http://example.org/v1"))).toBe(true);
    expect(isUnencrypted(endpoint("https://example.org/v1"))).toBe(false);
    expect(isUnencrypted(endpoint("http://localhost:11434/v1"))).toBe(false);
    expect(isUnencrypted(endpoint("http://127.0.0.1:8000"))).toBe(false);
  });
});
