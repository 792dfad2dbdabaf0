import { z } from "zod";

/**
 * What of OpenAI's chat completions the embedded server speaks
 * (https://platform.openai.com/docs/api-reference/chat).
 */

const TextPart = z.object({ type: z.literal("text"), text: z.string() });
const Content = z.union([z.string(), z.array(TextPart)]);

const ChatMessage = z.object({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: Content,
});

export const ChatRequest = z.object({
  model: z.string(),
  messages: z.array(ChatMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().nullish(),
  stop: z.unknown().optional(),
  logprobs: z.boolean().nullish(),
  tools: z.array(z.unknown()).nullish(),
  functions: z.array(z.unknown()).nullish(),
  response_format: z.object({ type: z.string() }).nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** A request that is refused, with the status and the words of the answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What is asked, once it is clear that the model can do it. */
export interface Asked {
  /** What user and model have said, in turn; the last word is the user's. */
  turns: string[];
  stream: boolean;
  includeUsage: boolean;
  maxTokens: number | undefined;
}

/**
 * Reads a request. The model always gives its likeliest answer: a temperature changes nothing.
 * @param identifier the only system message there is.
 * @throws Refusal in one line, for what the embedded model cannot do.
 */
export function readRequest(body: unknown, model: string, identifier: string): Asked {
  const parsed = ChatRequest.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new Refusal(400, `The request is not valid: ${issue.path.join(".")}: ${issue.message}`);
  }
  const request = parsed.data;
  if (request.model !== model) {
    throw new Refusal(404, `There is no model ${request.model}. This server has ${model}.`);
  }
  const cannot = missingAbility(request);
  if (cannot !== undefined) throw new Refusal(400, `The embedded model ${cannot}.`);
  const said = request.messages.map(({ role, content }) => ({ role, text: textOf(content) }));
  const system = said.filter(({ role }) => role === "system" || role === "developer");
  if (system.some(({ text }) => text.trim() !== identifier)) {
    throw new Refusal(
      400,
      `The embedded model reads no system message but the policy's identifier, ${identifier}.`,
    );
  }
  const turns = said.filter((message) => !system.includes(message));
  if (turns.at(-1)?.role !== "user") {
    throw new Refusal(400, "The last message is not the user's.");
  }
  return {
    turns: turns.map(({ text }) => text),
    stream: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
  };
}

function missingAbility(request: ChatRequest): string | undefined {
  const { tools, functions, n, logprobs, stop, response_format: format } = request;
  if ((tools?.length ?? 0) + (functions?.length ?? 0) > 0) return "calls no tools";
  if ((n ?? 1) !== 1) return "gives one answer a request";
  if (logprobs === true) return "tells no log-probabilities";
  if (stop !== undefined && stop !== null) return "knows no stop sequences";
  if ((format?.type ?? "text") !== "text") return "answers in plain text alone";
  return undefined;
}

const textOf = (content: z.infer<typeof Content>): string =>
  typeof content === "string" ? content : content.map(({ text }) => text).join("");

/** Counted by the embedded model's own tokenizer. */
export interface Usage {
  prompt: number;
  completion: number;
}

/** `length` where the answer was cut off. */
export type FinishReason = "stop" | "length";

/** The parts of one answer, streamed or whole. */
export class Completion {
  readonly #shared: { id: string; created: number; model: string };

  constructor(id: string, model: string, created = Math.floor(Date.now() / 1000)) {
    this.#shared = { id: `chatcmpl-${id}`, created, model };
  }

  whole(content: string, reason: FinishReason, usage: Usage): object {
    return {
      ...this.#shared,
      object: "chat.completion",
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: reason }],
      usage: usageOf(usage),
    };
  }

  opening(): object {
    return this.#chunk([{ index: 0, delta: { role: "assistant", content: "" } }]);
  }

  piece(content: string): object {
    return this.#chunk([{ index: 0, delta: { content }, finish_reason: null }]);
  }

  closing(reason: FinishReason): object {
    return this.#chunk([{ index: 0, delta: {}, finish_reason: reason }]);
  }

  usage(usage: Usage): object {
    return { ...this.#chunk([]), usage: usageOf(usage) };
  }

  #chunk(choices: object[]) {
    return { ...this.#shared, object: "chat.completion.chunk", choices };
  }
}

const usageOf = ({ prompt, completion }: Usage) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});
