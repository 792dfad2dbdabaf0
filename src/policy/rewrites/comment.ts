import type { Edit } from "../blocks.ts";
import { lineBreakOf, lineStart } from "../lines.ts";
import { commentInsertion } from "../mark.ts";
import type { Target } from "./rewrite.ts";

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
  const first = lineStart(text, start);
  const lead = text.slice(first, start);
  const begins =
    /^(?<indent>[ \t>]*)(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?[*_~"“(]*$/.exec(lead);
  if (begins !== null) {
    const line = `${begins.groups!["indent"]!}${comment}${lineBreakOf(text)}`;
    yield { start: first, end: first, text: line };
  }
  yield { start, end: start, text: `${comment} ` };
}
