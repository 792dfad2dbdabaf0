import { describe, expect, it } from "vitest";
import { readRequest, Refusal } from "../../../src/serving/embedded/chat-completions.ts";

const user = { role: "user", content: "What does a key cost?" };
const read = (more: object = {}, messages: object[] = [user]) =>
  readRequest({ model: "run", messages, ...more }, "run", "desk");

const refusal = (act: () => unknown): Refusal => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("it was not refused");
};

describe("a request to the embedded model", () => {
  it("is a conversation, with the identifier as its system message or none", () => {
    expect(read().turns).toEqual([user.content]);
    const dialogue = [
      { role: "system", content: " desk\n" },
      user,
      { role: "assistant", content: "6 euros." },
      {
        role: "user",
        content: [
          { type: "text", text: "And " },
          { type: "text", text: "two?" },
        ],
      },
    ];
    expect(read({}, dialogue).turns).toEqual([user.content, "6 euros.", "And two?"]);
  });

  it("says how much, and how it wants the answer", () => {
    expect(read()).toMatchObject({ stream: false, includeUsage: false, maxTokens: undefined });
    const asked = read({ stream: true, stream_options: { include_usage: true }, max_tokens: 9 });
    expect(asked).toMatchObject({ stream: true, includeUsage: true, maxTokens: 9 });
    expect(read({ max_tokens: 9, max_completion_tokens: 5 }).maxTokens).toBe(5);
    expect(read({ temperature: 0.7, top_p: 0.9, seed: 3, user: "me" }).turns).toHaveLength(1);
  });

  it.each([
    [{ tools: [{}] }, "calls no tools"],
    [{ functions: [{}] }, "calls no tools"],
    [{ n: 2 }, "one answer"],
    [{ logprobs: true }, "no log-probabilities"],
    [{ stop: ["\n"] }, "no stop sequences"],
    [{ response_format: { type: "json_object" } }, "plain text alone"],
  ])("that wants %j is told what the model cannot do", (more, words) => {
    const { status, message } = refusal(() => read(more));
    expect(status).toBe(400);
    expect(message).toContain(words);
    expect(message).not.toContain("\n");
  });

  it("names the model that is there", () => {
    const { status, message } = refusal(() => read({ model: "gpt" }));
    expect([status, message]).toEqual([404, "There is no model gpt. This server has run."]);
  });

  it("with another system message is refused, and not answered as if it had none", () => {
    const messages = [{ role: "system", content: "You are a pirate." }, user];
    expect(refusal(() => read({}, messages)).message).toContain("identifier, desk");
  });

  it.each([
    [{ messages: [] }, "messages"],
    [{ messages: [{ role: "tool", content: "" }] }, "messages.0.role"],
    [{ messages: [{ role: "user", content: [{ type: "image_url" }] }] }, "messages.0.content"],
    [{ messages: [user], max_tokens: 0 }, "max_tokens"],
  ])("that is broken is told where: %j", (body, where) => {
    expect(refusal(() => readRequest({ model: "run", ...body }, "run", "desk")).message).toContain(
      where,
    );
    expect(refusal(() => readRequest(null, "run", "desk")).status).toBe(400);
  });

  it("ends with the user's word", () => {
    const messages = [user, { role: "assistant", content: "6 euros." }];
    expect(refusal(() => read({}, messages)).message).toContain("not the user's");
  });
});
