/**
 * Calls a task when it is asked for, one call at a time and with a rest between two: many requests
 * in a row make one call. What is asked for while a call goes on is followed by one more, so the
 * last call always sees the last state.
 */
export class Pacer {
  readonly #task: () => Promise<void>;
  readonly #restMs: number;
  #pending: ReturnType<typeof setTimeout> | undefined;
  /** When the next call may begin, in milliseconds since the epoch. */
  #next = 0;
  #working = false;
  #stale = false;

  /**
   * @param task handles its own errors.
   * @param restMs the shortest time from the end of a call to the next, in milliseconds.
   */
  constructor(task: () => Promise<void>, restMs: number) {
    this.#task = task;
    this.#restMs = restMs;
  }

  request(): void {
    if (this.#working) {
      this.#stale = true;
      return;
    }
    this.#pending ??= setTimeout(() => void this.#work(), Math.max(0, this.#next - Date.now()));
  }

  async #work(): Promise<void> {
    this.#pending = undefined;
    this.#working = true;
    try {
      await this.#task();
    } finally {
      this.#working = false;
      this.#next = Date.now() + this.#restMs;
      const stale = this.#stale;
      this.#stale = false;
      if (stale) this.request();
    }
  }
}
