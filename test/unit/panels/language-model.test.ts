import { beforeEach, describe, expect, it, vi } from "vitest";
import { LanguageModelTeacher } from "../../../src/panels/language-model.ts";
import type { Message } from "../../../src/synthesis/dataset.ts";

/** What of VS Code the teacher uses, as its documentation tells it. */
vi.mock("vscode", () => {
  class LanguageModelError extends Error {
    static NoPermissions = (message?: string) => new LanguageModelError("NoPermissions", message);
    static Blocked = (message?: string) => new LanguageModelError("Blocked", message);
    static NotFound = (message?: string) => new LanguageModelError("NotFound", message);
    readonly code: string;
    constructor(code: string, message?: string) {
      super(message);
      this.code = code;
    }
  }
  return {
    LanguageModelError,
    LanguageModelChatMessage: {
      User: (content: string) => ({ role: "user", content }),
      Assistant: (content: string) => ({ role: "assistant", content }),
    },
    CancellationTokenSource: class {
      readonly token = { isCancellationRequested: false };
      cancel() {
        this.token.isCancellationRequested = true;
      }
      dispose() {
        return undefined;
      }
    },
  };
});
const vscode = await import("vscode");

const send = vi.fn();
const chat = {
  name: "Model One",
  vendor: "acme",
  id: "one",
  version: "3",
  sendRequest: send,
  countTokens: (text: string | { content: string }) =>
    Promise.resolve((typeof text === "string" ? text : text.content).length),
};
const teacher = new LanguageModelTeacher(
  chat as unknown as ConstructorParameters<typeof LanguageModelTeacher>[0],
  "To test.",
);
const messages: Message[] = [
  { role: "system", content: "Be short." },
  { role: "user", content: "Hello" },
  { role: "assistant", content: "Hi" },
];
const parts = (...texts: string[]) =>
  Promise.resolve({
    text: (async function* () {
      for (const text of texts) yield await Promise.resolve(text);
    })(),
  });
const ask = (signal = new AbortController().signal) => teacher.complete(messages, { signal });

beforeEach(() => void vi.clearAllMocks());

describe("LanguageModelTeacher", () => {
  it("sends the messages, joins the answer and counts the tokens", async () => {
    send.mockReturnValue(parts("Good ", "day"));
    expect(teacher).toMatchObject({ name: "Model One", model: "acme/one/3" });
    expect(await ask()).toEqual({ text: "Good day", usage: { prompt: 16, completion: 8 } });
    expect(send).toHaveBeenCalledWith(
      [
        { role: "user", content: "Be short." },
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Hi" },
      ],
      { justification: "To test.", modelOptions: {} },
      expect.anything(),
    );
  });

  it("passes sampling on where it is asked for", async () => {
    send.mockReturnValue(parts("a"));
    const { signal } = new AbortController();
    await teacher.complete(messages, { signal, temperature: 0, maxTokens: 5 });
    expect(send.mock.calls[0]![1]).toMatchObject({
      modelOptions: { temperature: 0, max_tokens: 5 },
    });
  });

  it.each([
    ["forbidden", () => vscode.LanguageModelError.NoPermissions("no consent")],
    ["quota", () => vscode.LanguageModelError.Blocked("quota\nused up")],
    ["unavailable", () => vscode.LanguageModelError.NotFound("gone")],
    ["failed", () => new Error("the network\nbroke")],
  ])("tells %s in one line, with the model's name", async (kind, error) => {
    const thrown = error();
    send.mockRejectedValue(thrown);
    const told = await ask().catch((problem: unknown) => problem);
    expect(told).toMatchObject({ name: "TeacherError", kind, cause: thrown });
    expect((told as Error).message).toMatch(/^[^\n]*Model One[^\n]*$/);
  });

  it("tells an error within the answer in the same way", async () => {
    send.mockResolvedValue({
      text: (async function* () {
        yield await Promise.resolve("half an");
        throw vscode.LanguageModelError.Blocked("quota");
      })(),
    });
    await expect(ask()).rejects.toMatchObject({ kind: "quota" });
  });

  it("cancels the request, and takes no half answer for a whole one", async () => {
    const controller = new AbortController();
    send.mockImplementation((_messages, _options, token: { isCancellationRequested: boolean }) => ({
      text: (async function* () {
        yield await Promise.resolve("half");
        controller.abort();
        expect(token.isCancellationRequested).toBe(true);
      })(),
    }));
    await expect(ask(controller.signal)).rejects.toMatchObject({ kind: "cancelled" });
    send.mockRejectedValue(new Error("Canceled"));
    await expect(ask(AbortSignal.abort())).rejects.toMatchObject({ kind: "cancelled" });
  });
});
