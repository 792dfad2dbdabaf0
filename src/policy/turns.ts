/** Does all of a work that gives others turns, at once. */
export function finish<T>(turns: Generator<void, T>): T {
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
  }
}
