import { z } from "zod";
import type { Message } from "./dataset.ts";
import { bodyOf, completionsOf, endpoint, jsonIn, retryAfter } from "./openai-endpoint.ts";
import {
  TeacherError,
  type TeacherOptions,
  type TeacherPort,
  type TeacherReply,
} from "./teacher.ts";
import { cancelled } from "./teaching/wait.ts";

export interface OpenAiOptions {
  /** As OpenAI's clients take it: `https://api.openai.com/v1`, `http://localhost:11434/v1`. */
  baseUrl: string;
  model: string;
  /** Left out where the endpoint asks for none. */
  key?: string;
  /** Milliseconds until a question is given up. */
  timeout?: number;
}

/** What of a chat completion is used (https://platform.openai.com/docs/api-reference/chat). */
const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish(),
});
const Problem = z.object({
  error: z.union([
    z.string(),
    z.object({
      message: z.string().nullish(),
      code: z.unknown().optional(),
      type: z.unknown().optional(),
    }),
  ]),
});

const defaultTimeout = 240_000;
const longestMessage = 200;

/** A model behind any endpoint that speaks OpenAI's chat completions: hosted, Ollama, vLLM. */
export class OpenAiTeacher implements TeacherPort {
  readonly #url: string;
  readonly #host: string;
  readonly #options: OpenAiOptions;
  readonly name: string;
  readonly model: string;

  /** @throws InputError when the base URL cannot be used. */
  constructor(options: OpenAiOptions) {
    const url = endpoint(options.baseUrl);
    this.#options = options;
    this.#url = completionsOf(url);
    this.#host = url.host;
    this.name = `${options.model} at ${url.host}`;
    this.model = `${url.host}${url.pathname.replace(/\/+$/, "")}/${options.model}`;
  }

  async complete(
    messages: readonly Message[],
    { signal, temperature, maxTokens }: TeacherOptions,
  ): Promise<TeacherReply> {
    const { model, key, timeout = defaultTimeout } = this.#options;
    const deadline = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({
          model,
          messages,
          stream: false,
          ...(temperature !== undefined && { temperature }),
          ...(maxTokens !== undefined && { max_tokens: maxTokens }),
        }),
        // Another address is the user's to choose: the key goes where they said, and nowhere else.
        redirect: "manual",
        signal: AbortSignal.any([signal, deadline]),
      });
      const text = await bodyOf(response);
      if (text === undefined) throw new TeacherError("failed", "The answer does not end.");
      return this.#read(response, text);
    } catch (error) {
      if (error instanceof TeacherError) throw error;
      if (signal.aborted) throw cancelled();
      const what = deadline.aborted
        ? `did not answer within ${Math.round(timeout / 1000)} seconds`
        : `cannot be reached or broke off (${reasonOf(error)})`;
      throw new TeacherError("interrupted", this.#redact(`${this.#host} ${what}.`), {
        cause: error,
      });
    }
  }

  #read(response: Response, text: string): TeacherReply {
    if (!response.ok) throw this.#problem(response, text);
    const type = response.headers.get("content-type") ?? "";
    if (!/\bjson\b/i.test(type)) {
      const said = type === "" ? "no content type" : `the content type ${type}`;
      throw new TeacherError(
        "failed",
        oneLine(`${this.#host} answers with ${said}, not with JSON. Is the base URL right?`),
      );
    }
    const parsed = Completion.safeParse(jsonIn(text));
    if (!parsed.success) {
      throw new TeacherError("interrupted", `${this.#host} gave no whole chat completion.`);
    }
    const { choices, usage } = parsed.data;
    return {
      text: choices[0]!.message.content ?? "",
      usage: { prompt: usage?.prompt_tokens ?? 0, completion: usage?.completion_tokens ?? 0 },
    };
  }

  #problem({ status, headers }: Response, text: string): TeacherError {
    const problem = Problem.safeParse(jsonIn(text)).data?.error;
    const told = typeof problem === "string" ? problem : (problem?.message ?? "");
    const code = typeof problem === "object" ? String(problem.code ?? problem.type) : "";
    const said = told === "" ? "" : `: ${oneLine(this.#redact(told))}`;
    const host = this.#host;
    if (status === 401 || status === 403) {
      const which = this.#options.key === undefined ? "asks for a key" : "refuses the key";
      return new TeacherError("forbidden", `${host} ${which} (${status}).`);
    }
    if (status === 404) {
      return new TeacherError("unavailable", `${host} has no such address or model (404)${said}`);
    }
    if (status === 402 || code === "insufficient_quota") {
      return new TeacherError("quota", `The quota at ${host} is used up (${status})${said}`);
    }
    if (status === 429) {
      const retryAfterMs = retryAfter(headers) ?? 0;
      return new TeacherError("quota", `${host} takes no more questions now (429)${said}`, {
        retryAfterMs,
      });
    }
    if (status === 408 || status >= 500) {
      const after = retryAfter(headers);
      return new TeacherError("interrupted", `${host} failed (${status})${said}`, {
        ...(after !== undefined && { retryAfterMs: after }),
      });
    }
    if (status >= 300 && status < 400) {
      return new TeacherError("failed", `${host} moved the address (${status}). Give the new one.`);
    }
    return new TeacherError("failed", `${host} refuses the question (${status})${said}`);
  }

  /** A server may say the key back in what it complains of. */
  #redact(text: string): string {
    const { key } = this.#options;
    return key === undefined || key === "" ? text : text.replaceAll(key, "…");
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? oneLine(cause.message || cause.name) : "unknown";
}

function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line;
}
