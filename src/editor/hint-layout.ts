import type { Statement } from "../policy/statement.ts";
import { categoryWord } from "../protocol/words.ts";

export interface Hint {
  /** Where the hint stands: an offset into the document. */
  offset: number;
  word: string;
  /** The statements that end here, outermost last. */
  statements: Statement[];
}

/**
 * What closes the statement, so that the hint stands after it: emphasis, quotes, brackets, and the
 * last bar of a table row, which would lose its column to a hint before it.
 */
const closers = /[*_~`"”’)\]]*(?:[ \t]*\|(?=[ \t]*(?:\r|\n|$)))?/y;

/**
 * Where the category words go: after the end of every statement of the range, and after the marks
 * that close it (`**`, a quote, a bracket). Statements with one end share one hint.
 */
export function layoutHints(
  statements: readonly Statement[],
  text: string,
  from: number,
  to: number,
): Hint[] {
  const hints = new Map<number, Hint>();
  for (const statement of statements) {
    closers.lastIndex = statement.end;
    const offset = statement.end + (closers.exec(text)?.[0].length ?? 0);
    if (offset < from || offset > to) continue;
    const word = categoryWord[statement.category];
    const known = hints.get(offset);
    if (!known) {
      hints.set(offset, { offset, word, statements: [statement] });
      continue;
    }
    known.statements.push(statement);
    if (!known.word.split(", ").includes(word)) known.word += `, ${word}`;
  }
  return [...hints.values()].sort((a, b) => a.offset - b.offset);
}

/** The smallest statement around an offset. */
export function statementAt(
  statements: readonly Statement[],
  offset: number,
): Statement | undefined {
  return statements
    .filter(({ start, end }) => start <= offset && offset <= end)
    .sort((a, b) => a.end - a.start - (b.end - b.start))[0];
}

/** What may stand between a line's indent and its first statement: markers of lists, quotes, tables. */
const markers = /^([ \t]*)(?:(?:[-*+]|\d{1,9}[.)]|>|\|)[ \t]*)*(?:\[[ xX]\][ \t]*)?$/;

/**
 * Where the bar of a statement begins, as a column: before the markers of its line, so that the
 * bars of a list stand in one line, or at the space that parts it from the sentence before.
 * @param before the text of the line up to the statement.
 */
export function barColumn(before: string): number {
  const indent = markers.exec(before)?.[1];
  if (indent !== undefined) return indent.length;
  return before.endsWith(" ") ? before.length - 1 : before.length;
}
