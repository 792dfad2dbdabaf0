/** Does all of a work that gives others turns, at once. */
export function finish(turns: Generator<void, void>): void {
  while (turns.next().done !== true);
}
