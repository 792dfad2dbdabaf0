import { commentInsertion } from "../mark.ts";
import { type Edit, lineBreakOf, type Target } from "./rewrite.ts";

/** The end of the statement before: a comment after it belongs to this one. */
export function endBefore({ statements, statement }: Target): number {
  return Math.max(0, ...statements.map(({ end }) => end).filter((end) => end <= statement.start));
}

/**
 * Where a comment on a statement may go, best first: where the document renders as before; the line
 * before it, with the same indent, where the statement begins its line; directly before its first
 * word.
 */
export function* placesOf({ text, statement }: Target, comment: string): Generator<Edit> {
  const { start } = statement;
  const best = commentInsertion(text, start, comment);
  yield { start: best.offset, end: best.offset, text: best.text };
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
