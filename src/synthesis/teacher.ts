import type { Message } from "./dataset.ts";

/** How a teacher is asked. The same messages and sampling name the same question, for a cache. */
export interface TeacherOptions {
  /** Ends the question; `complete` then rejects with a `TeacherError` of the kind `cancelled`. */
  signal: AbortSignal;
  /** Left to the model when not given. */
  temperature?: number;
  /** The longest answer, in the model's tokens; left to the model when not given. */
  maxTokens?: number;
}

/** What a question and its answer used, in tokens. */
export interface TeacherUsage {
  prompt: number;
  completion: number;
}

export interface TeacherReply {
  text: string;
  usage: TeacherUsage;
}

/** A language model that gives opinions and writes rows, wherever it runs. */
export interface TeacherPort {
  /** What a person knows the model by. */
  readonly name: string;
  /** Names the model and its version, for a cache and a manifest. */
  readonly model: string;
  /** Asks once; it neither retries nor waits. @throws TeacherError */
  complete(messages: readonly Message[], options: TeacherOptions): Promise<TeacherReply>;
}

/**
 * - `cancelled`: the caller ended the question.
 * - `quota`: not now. It works again after `retryAfterMs`; where that is unknown, only a person can
 *   mend it.
 * - `interrupted`: the server or the way to it broke off; the same question may well be answered.
 * - `forbidden`: the user or the provider does not allow it.
 * - `unavailable`: the model is not there, or not any more.
 * - `failed`: anything else.
 */
export type TeacherErrorKind =
  "cancelled" | "quota" | "interrupted" | "forbidden" | "unavailable" | "failed";

/** A question that got no answer; the message is one line for a person. */
export class TeacherError extends Error {
  override readonly name = "TeacherError";
  readonly kind: TeacherErrorKind;
  /** Milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: TeacherErrorKind,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}
