import { z } from "zod";
import {
  bodyOf,
  completionsOf,
  endpoint,
  jsonIn,
  retryAfter,
} from "../../synthesis/openai-endpoint.ts";
import { type Agent, AgentError, type AgentTool, type Answer, type Turn } from "./agent.ts";

export interface OpenAiAgentOptions {
  /** As OpenAI's clients take it: `http://localhost:8000/v1`. */
  baseUrl: string;
  model: string;
  /** Left out where the endpoint asks for none. */
  key?: string;
  temperature?: number;
  /** Milliseconds until a question is given up. */
  timeout?: number;
}

/** What of a chat completion is used (https://platform.openai.com/docs/api-reference/chat). */
const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().nullish(),
                function: z.object({ name: z.string(), arguments: z.string().nullish() }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish(),
});

const defaultTimeout = 240_000;
const tries = 4;
const firstWaitMs = 1000;
/** Results are kept: who is told to wait longer does better to start again later. */
const longestWaitMs = 60_000;

/** A model with tools behind any endpoint that speaks OpenAI's chat completions. */
export class OpenAiAgent implements Agent {
  readonly name: string;
  readonly #url: string;
  readonly #options: OpenAiAgentOptions;

  /** @throws InputError when the base URL cannot be used. */
  constructor(options: OpenAiAgentOptions) {
    const url = endpoint(options.baseUrl);
    this.#options = options;
    this.#url = completionsOf(url);
    this.name = `${options.model} at ${url.host}`;
  }

  async answer(
    turns: readonly Turn[],
    tools: readonly AgentTool[],
    signal: AbortSignal,
  ): Promise<Answer> {
    for (let attempt = 1, wait = firstWaitMs; ; attempt++, wait *= 2) {
      try {
        return await this.#ask(turns, tools, signal);
      } catch (error) {
        if (!(error instanceof AgentError) || error.retryAfterMs === undefined) throw error;
        const soon = error.retryAfterMs <= longestWaitMs;
        if (attempt === tries || !soon || signal.aborted) throw error;
        await pause(Math.max(wait, error.retryAfterMs), signal);
      }
    }
  }

  async #ask(
    turns: readonly Turn[],
    tools: readonly AgentTool[],
    signal: AbortSignal,
  ): Promise<Answer> {
    const { model, key, temperature, timeout = defaultTimeout } = this.#options;
    let response: Response;
    let text: string | undefined;
    try {
      response = await fetch(this.#url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({
          model,
          messages: turns.map(messageOf),
          ...(tools.length > 0 && { tools }),
          ...(temperature !== undefined && { temperature }),
        }),
        // The key goes where the user said, and nowhere else.
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      });
      text = await bodyOf(response);
    } catch (error) {
      if (signal.aborted) throw new AgentError("The exam was stopped.", { cause: error });
      throw new AgentError(`${this.name} cannot be reached.`, { cause: error, retryAfterMs: 0 });
    }
    if (!response.ok) throw this.#problem(response.status, response.headers);
    if (text === undefined) throw new AgentError(`${this.name} gave an answer that does not end.`);
    const parsed = Completion.safeParse(jsonIn(text));
    if (!parsed.success) throw new AgentError(`${this.name} gave no chat completion.`);
    const { choices, usage } = parsed.data;
    const { content, tool_calls: calls } = choices[0]!.message;
    return {
      content: content ?? "",
      calls: (calls ?? []).map(({ id, function: { name, arguments: given } }, i) => ({
        id: id ?? `call-${turns.length}-${i}`,
        name,
        arguments: given ?? "{}",
      })),
      ...(usage && { usage: { prompt: usage.prompt_tokens, completion: usage.completion_tokens } }),
    };
  }

  #problem(status: number, headers: Headers): AgentError {
    const again = status === 408 || status === 429 || status >= 500;
    return new AgentError(`${this.name} answers with status ${status}.`, {
      ...(again && { retryAfterMs: retryAfter(headers) ?? 0 }),
    });
  }
}

function messageOf(turn: Turn): object {
  switch (turn.role) {
    case "system":
    case "user":
      return turn;
    case "tool":
      return { role: "tool", tool_call_id: turn.call, content: turn.content };
    case "assistant": {
      const calls = turn.calls.map(({ id, name, arguments: given }) => ({
        id,
        type: "function",
        function: { name, arguments: given },
      }));
      return {
        role: "assistant",
        content: turn.content === "" && calls.length > 0 ? null : turn.content,
        ...(calls.length > 0 && { tool_calls: calls }),
      };
    }
  }
}

/** Waits, but no longer than until the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
