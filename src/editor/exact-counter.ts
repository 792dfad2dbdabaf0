import { InputError } from "../policy/errors.ts";
import { ThreadCalls } from "./thread-calls.ts";
import { TokenAnswer, type TokenJob } from "./token-job.ts";

/** Counts tokens with a `tokenizer.json`, in a worker thread that lives as long as it is of use. */
export class ExactCounter {
  readonly #calls: ThreadCalls<TokenAnswer>;
  readonly #limitMs: number;

  /**
   * @param program path of the bundled `token-worker.js`.
   * @param limitMs how long one count may take before the thread is ended.
   */
  constructor(program: string, limitMs = 30_000) {
    this.#calls = new ThreadCalls(program, TokenAnswer);
    this.#limitMs = limitMs;
  }

  dispose(): void {
    this.#calls.end(new InputError("counting was ended"));
  }

  /**
   * @returns the tokens of each text, in their order.
   * @throws {InputError} when the file cannot be read as a tokenizer, or takes too long.
   */
  async count(path: string, texts: string[]): Promise<number[]> {
    const seconds = this.#limitMs / 1000;
    const timer = setTimeout(
      () => this.#calls.end(new InputError(`${path} took more than ${seconds} seconds to count`)),
      this.#limitMs,
    );
    try {
      const answer = await this.#calls.call({ path, texts } satisfies Omit<TokenJob, "id">);
      if (answer.type === "wrong") throw new InputError(answer.message);
      return answer.counts;
    } finally {
      clearTimeout(timer);
    }
  }
}
