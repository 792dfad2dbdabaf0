import { z } from "zod";
import { InputError } from "../policy/errors.ts";
import type { Message } from "./dataset.ts";
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
/** An answer of this size is no answer; in bytes. */
const largestAnswer = 4 * 1024 * 1024;
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
    this.#url = `${url.origin}${url.pathname.replace(/\/+$/, "")}/chat/completions`;
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

/**
 * The base URL, checked.
 * @throws InputError when it is no http address, or holds what must not be written down.
 */
export function endpoint(baseUrl: string): URL {
  const shown = baseUrl.length > 80 ? `${baseUrl.slice(0, 79)}…` : baseUrl;
  if (!URL.canParse(baseUrl)) {
    throw new InputError(
      `the base URL is no address (${shown})`,
      "Example: http://localhost:8000/v1",
    );
  }
  const url = new URL(baseUrl);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new InputError(
      "the base URL has a name, a password, a query or a fragment in it",
      "Give the key apart from it.",
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new InputError(`the base URL is neither http nor https (${shown})`);
  }
  return url;
}

/** Whether a key sent to the address could be read on the way. */
export function isUnencrypted({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > largestAnswer) throw new TeacherError("failed", "The answer does not end.");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Seconds or a date (RFC 9110, 10.2.3), in milliseconds from now. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
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
