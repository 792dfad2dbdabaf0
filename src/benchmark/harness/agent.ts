import type { Tool } from "../world.ts";

/** A tool as an agent sees it; a benchmark of others describes its parameters as it likes. */
export type AgentTool =
  Tool | { type: "function"; function: { name: string; description: string; parameters: unknown } };

export interface ToolCall {
  id: string;
  name: string;
  /** As the agent wrote them: JSON, or what was meant to be. */
  arguments: string;
}

/** A turn of a conversation, as OpenAI's chat completions have it. */
export type Turn =
  | { role: "system" | "user"; content: string }
  | { role: "assistant"; content: string; calls: readonly ToolCall[] }
  | { role: "tool"; call: string; content: string };

export interface Answer {
  content: string;
  calls: readonly ToolCall[];
  /** In tokens, where the agent counts them. */
  usage?: { prompt: number; completion: number };
}

/** What is put to the test: it answers a conversation, and may call tools. */
export interface Agent {
  /** What a person knows it by; results of two agents are never mixed. */
  readonly name: string;
  /** @throws AgentError when there is no answer to be had. */
  answer(turns: readonly Turn[], tools: readonly AgentTool[], signal: AbortSignal): Promise<Answer>;
}

/** No answer came; the message is one line for a person. It says nothing about the agent's skill. */
export class AgentError extends Error {
  override readonly name = "AgentError";
  /** It may work again, after so many milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}
