/** How long work may go on before others get a turn, in milliseconds. */
const sliceMs = 20;

/**
 * Does work in slices, and gives others a turn between them. The first slice is done before this
 * returns, so that little work is done at once.
 * @param goOn asked after each turn of the others.
 * @returns whether the work was done to its end.
 */
export async function inSlices(
  work: Generator<void, void>,
  goOn: () => boolean = () => true,
): Promise<boolean> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      if (work.next().done === true) return true;
    } while (performance.now() < end);
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (!goOn()) return false;
  }
}
