/** The time of work that is interrupted and taken up again, by the clock on the wall. */
export class Stopwatch {
  readonly #before: number;
  readonly #start: number;

  /**
   * @param before seconds that the work took before.
   * @param start when it was taken up, as `performance.now()` tells.
   */
  constructor(before: number, start = performance.now()) {
    this.#before = before;
    this.#start = start;
  }

  get seconds(): number {
    return this.#before + (performance.now() - this.#start) / 1000;
  }
}
