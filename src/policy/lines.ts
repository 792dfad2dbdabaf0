import type { Span } from "./statement.ts";

/** The lines of a text from an offset on, without their ends. */
export function* linesOf(text: string, from = 0): Generator<Span> {
  const breaks = /\r\n|\n|\r/g;
  breaks.lastIndex = from;
  let start = from;
  for (let found = breaks.exec(text); found !== null; found = breaks.exec(text)) {
    yield { start, end: found.index };
    start = breaks.lastIndex;
  }
  yield { start, end: text.length };
}

/** Where the line begins that an offset lies in, or is the end of. */
export function lineStart(text: string, offset: number): number {
  if (offset === 0) return 0;
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** The line break that a text uses. */
export function lineBreakOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
}
