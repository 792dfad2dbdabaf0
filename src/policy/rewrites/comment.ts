import { type Edit, lineBreakOf, type Target } from "./rewrite.ts";

/** The end of the statement before: a comment after it belongs to this one. */
export function endBefore({ statements, statement }: Target): number {
  return Math.max(0, ...statements.map(({ end }) => end).filter((end) => end <= statement.start));
}

/**
 * Where a comment on a statement may go: the line before it, with the same indent, where the
 * statement begins its line; else directly before its first word, as in a table.
 */
export function* placesOf({ text, statement }: Target, comment: string): Generator<Edit> {
  const { start } = statement;
  const lineStart =
    Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  const lead = text.slice(lineStart, start);
  const begins =
    /^(?<indent>[ \t>]*)(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?[*_~"“(]*$/.exec(lead);
  if (begins !== null) {
    const line = `${begins.groups!["indent"]!}${comment}${lineBreakOf(text)}`;
    yield { start: lineStart, end: lineStart, text: line };
  }
  yield { start, end: start, text: `${comment} ` };
}
