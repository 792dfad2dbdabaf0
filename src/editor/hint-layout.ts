import type { Category, Statement } from "../policy/statement.ts";
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

/** The statement around an offset, or the one with the least distance to it. */
export function nearestStatement(
  statements: readonly Statement[],
  offset: number,
): Statement | undefined {
  const distance = ({ start, end }: Statement) => Math.max(start - offset, offset - end, 0);
  return (
    statementAt(statements, offset) ?? [...statements].sort((a, b) => distance(a) - distance(b))[0]
  );
}

/** Lines of a document from the first to the last, counted from 0. */
export interface LineSpan {
  category: Category;
  first: number;
  last: number;
}

/**
 * Which lines carry the bar of which category: all lines of every statement, and where statements
 * share a line the first one's. No line has two bars.
 * @param lineAt the line of an offset.
 */
export function barLines(
  statements: readonly Statement[],
  lineAt: (offset: number) => number,
): LineSpan[] {
  let free = 0;
  return [...statements]
    .sort((a, b) => a.start - b.start)
    .flatMap(({ category, start, end }) => {
      const first = Math.max(free, lineAt(start));
      const last = lineAt(end);
      if (last < first) return [];
      free = last + 1;
      return [{ category, first, last }];
    });
}
