import { z } from "zod";
import { messageOf } from "../policy/errors.ts";
import { bodyOf, jsonIn } from "../synthesis/openai-endpoint.ts";
import { baseUrl, type Endpoint } from "./serving-folder.ts";

/** What one of the two has said. */
export interface Turn {
  role: "user" | "assistant";
  content: string;
}

/** What the answer came to; the text itself was told piece by piece. */
export interface Told {
  /** The answer was cut off: the context or its longest length was reached. */
  cutOff: boolean;
  /** Tokens of the prompt by the model's own tokenizer, where the server tells them. */
  promptTokens: number | undefined;
}

const Chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.int() }).nullish(),
});

/** Servers say what is wrong in one of these ways. */
const Problem = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
]);

const longestAnswer = 1024;
/** Characters of a line; a server that writes longer ones is none. */
const longestLine = 1024 * 1024;

/**
 * Asks a served model, the policy out of the prompt: its identifier stands as the system message.
 * The model gives its likeliest answer.
 * @param write told the answer piece by piece, as it came.
 * @throws Error in one line when the server refuses, fails or breaks off; the signal's reason when
 * ended.
 */
export async function ask(
  endpoint: Endpoint,
  turns: readonly Turn[],
  write: (piece: string) => void,
  signal: AbortSignal,
): Promise<Told> {
  const response = await fetch(`${baseUrl(endpoint)}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: endpoint.model,
      messages: [{ role: "system", content: endpoint.identifier }, ...turns],
      stream: true,
      // transformers' server tells the usage unasked, and warns of what it does not know.
      ...(endpoint.server !== "transformers" && { stream_options: { include_usage: true } }),
      temperature: 0,
      max_tokens: longestAnswer,
    }),
    redirect: "error",
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new Error(`the server cannot be reached: ${messageOf(cause)}`, { cause: error });
  });
  if (!response.ok) {
    const problem = Problem.safeParse(jsonIn((await bodyOf(response)) ?? "")).data;
    throw new Error(
      `the server refuses the question (${response.status}): ${problem ?? "no reason given"}`,
    );
  }
  const answer = new Answer(write);
  try {
    for await (const data of events(response)) answer.hear(data);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ServerFailure) throw error;
    throw new Error(brokeOff, { cause: error });
  }
  if (!answer.ended) throw new Error(brokeOff);
  return answer.told;
}

const brokeOff = "the server broke off in the middle of its answer";

/** The server itself says that it cannot go on. */
class ServerFailure extends Error {
  override readonly name = "ServerFailure";
}

/** An answer as its pieces come. */
class Answer {
  readonly told: Told = { cutOff: false, promptTokens: undefined };
  ended = false;
  readonly #write: (piece: string) => void;

  constructor(write: (piece: string) => void) {
    this.#write = write;
  }

  hear(data: string): void {
    if (data === "[DONE]") {
      this.ended = true;
      return;
    }
    const chunk = Chunk.safeParse(jsonIn(data));
    if (!chunk.success) {
      const problem = Problem.safeParse(jsonIn(data)).data;
      if (problem !== undefined) throw new ServerFailure(`the server failed: ${problem}`);
      return;
    }
    const { choices, usage } = chunk.data;
    for (const { delta, finish_reason: reason } of choices) {
      if (delta?.content) this.#write(delta.content);
      if (reason) this.ended = true;
      if (reason === "length") this.told.cutOff = true;
    }
    if (usage) this.told.promptTokens = usage.prompt_tokens;
  }
}

/** The data of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
async function* events(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? "";
    if (rest.length > longestLine) throw new Error("the server's answer is no stream of events");
    for (const line of lines) if (line.startsWith("data:")) yield line.slice(5).trim();
  }
}
