import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask, type Turn } from "../../../src/serving/ask.ts";
import type { Answerer } from "../../../src/serving/embedded/answerer.ts";
import { createChatServer } from "../../../src/serving/embedded/http.ts";
import { baseUrl, type Endpoint } from "../../../src/serving/serving-folder.ts";

const user: Turn = { role: "user", content: "Key?" };
const pieces = ["6 ", "", "eu", "ros <b>. ", "\u{1F511}"];

const speaking: Pick<Answerer, "answer"> = {
  answer: (turns, write, { maxTokens }) => {
    const said = [...pieces, ` (${turns.length})`].slice(0, maxTokens);
    for (const piece of said) write(piece);
    const reason = maxTokens !== undefined && maxTokens <= pieces.length ? "length" : "stop";
    return Promise.resolve({ reason, usage: { prompt: 7, completion: said.length } });
  },
};

async function serve(answerer: Pick<Answerer, "answer"> = speaking): Promise<Endpoint> {
  const server = createChatServer({ name: "run", identifier: "desk", answerer });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { version: 1, port, server: "embedded", model: "run", identifier: "desk" };
}

const post = (endpoint: Endpoint, body: string, headers: Record<string, string> = {}) =>
  fetch(`${baseUrl(endpoint)}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

const question = (more: object = {}) => JSON.stringify({ model: "run", messages: [user], ...more });

async function asked(endpoint: Endpoint, signal = new AbortController().signal) {
  const heard: string[] = [];
  const told = await ask(endpoint, [user], (piece) => heard.push(piece), signal);
  return { heard, told };
}

describe("the embedded server", () => {
  it("streams its answer to the client", async () => {
    const { heard, told } = await asked(await serve());
    expect(heard).toEqual([...pieces.filter((piece) => piece !== ""), " (1)"]);
    expect(told).toEqual({ cutOff: false, promptTokens: 7 });
  });

  it("gives whole answers, its model and its health", async () => {
    const endpoint = await serve();
    const whole = (await (await post(endpoint, question({ max_tokens: 2 }))).json()) as object;
    expect(whole).toMatchObject({
      object: "chat.completion",
      model: "run",
      choices: [{ message: { role: "assistant", content: "6 " }, finish_reason: "length" }],
      usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    });
    const models = (await (await fetch(`${baseUrl(endpoint)}/models`)).json()) as object;
    expect(models).toMatchObject({ object: "list", data: [{ id: "run" }] });
    expect((await fetch(`http://127.0.0.1:${endpoint.port}/health`)).ok).toBe(true);
    expect((await fetch(`${baseUrl(endpoint)}/embeddings`)).status).toBe(404);
  });

  it.each([
    ["no JSON", "{", {}, 400],
    ["a page's form", question(), { "content-type": "text/plain" }, 415],
    ["too much", question({ user: "x".repeat(1_100_000) }), {}, 413],
    ["tools", question({ tools: [{}] }), {}, 400],
  ])("refuses %s in OpenAI's words", async (_, body, headers, status) => {
    const response = await post(await serve(), body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });

  it("does not answer to a name that was moved to this machine", async () => {
    const { port } = await serve();
    const sent = request({
      port,
      host: "127.0.0.1",
      path: "/v1/models",
      headers: { host: "evil.example" },
    });
    sent.end();
    const [response] = (await once(sent, "response")) as [{ statusCode: number }];
    expect(response.statusCode).toBe(403);
  });

  it("gives up the answer when the one who asked is gone, and answers the next", async () => {
    const happened: string[] = [];
    const stop = new AbortController();
    const endpoint = await serve({
      answer: (turns, write, options) => {
        if (happened.length > 0) return speaking.answer(turns, write, options);
        happened.push("asked");
        write("6");
        stop.abort(new Error("stopped"));
        return new Promise((_, reject) => {
          options.signal.addEventListener("abort", () => {
            happened.push("given up");
            reject(new Error("gone"));
          });
        });
      },
    });
    await expect(asked(endpoint, stop.signal)).rejects.toThrow("stopped");
    expect((await asked(endpoint)).heard.join("")).toContain("6 euros");
    expect(happened).toEqual(["asked", "given up"]);
  });

  it("tells the client of a failure in one line", async () => {
    const failing = await serve({ answer: () => Promise.reject(new Error("no memory")) });
    await expect(asked(failing)).rejects.toThrow("the server failed: no memory");
    expect(await (await post(failing, question())).json()).toMatchObject({
      error: { message: "no memory", type: "server_error" },
    });
    const nobody: Endpoint = { ...failing, port: 1 };
    await expect(asked(nobody)).rejects.toThrow(/cannot be reached: [^\n]+$/);
    const other = { ...(await serve()), model: "gpt" };
    await expect(asked(other)).rejects.toThrow("(404): There is no model gpt");
  });
});
