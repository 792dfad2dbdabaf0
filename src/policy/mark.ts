import { lineBreakOf, lineStart } from "./lines.ts";
import type { Category, Statement } from "./statement.ts";

/** An insertion into the source: UTF-16 code units. */
export interface Insertion {
  offset: number;
  text: string;
}

/** The author's word on one statement. */
export interface Mark {
  statement: Statement;
  category: Category;
}

/**
 * Where the author's comment on a statement goes, so that the document renders as before: a line of
 * its own before a paragraph, the first line of a list item, at the end of the line before a
 * sentence that begins a line within a paragraph, and before the sentence elsewhere.
 */
export function markInsertion(source: string, { statement, category }: Mark): Insertion {
  return commentInsertion(source, statement.start, `<!-- ingrain: ${category} -->`);
}

/** The same for any comment on what begins at an offset. */
export function commentInsertion(source: string, start: number, comment: string): Insertion {
  const newline = lineBreakOf(source);
  const line = lineStart(source, start);
  const before = source.slice(line, start);
  if (/^[\s>]*$/.test(before)) {
    const end = source.startsWith("\r\n", line - 2) ? line - 2 : Math.max(0, line - 1);
    const previous = source.slice(lineStart(source, end), end);
    if (beginsParagraphAfter(previous)) {
      return { offset: line, text: `${before}${comment}${newline}` };
    }
    // Before what makes a hard line break: two spaces, or a backslash.
    const words = previous.replace(/\\$/, "").trimEnd();
    return { offset: end - previous.length + words.length, text: ` ${comment}` };
  }
  if (/^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)+$/.test(before)) {
    const indent = before.replace(/[^\s>]/g, " ");
    return { offset: start, text: `${comment}${newline}${indent}` };
  }
  return { offset: start, text: `${comment} ` };
}

/** Whether a line ends what stands before, so that the next line begins a block. */
function beginsParagraphAfter(line: string): boolean {
  return /^[\s>]*$|^\s{0,3}#{1,6}\s|^\s{0,3}(?:=+|-+)\s*$|^\s*(?:```|~~~|\|)|-->\s*$/.test(line);
}

/** The source with the insertions in it. */
export function insertInto(source: string, insertions: readonly Insertion[]): string {
  const ordered = [...insertions].sort((a, b) => a.offset - b.offset);
  let at = 0;
  let result = "";
  for (const { offset, text } of ordered) {
    result += source.slice(at, offset) + text;
    at = offset;
  }
  return result + source.slice(at);
}

/**
 * Finds an insertion for each mark, and reads the result again: it is only given when the statement
 * then has the category by the author's word, and every other statement reads as before.
 * @param statements of the source, as `read` gives them.
 * @param read called once when all marks find their place, else a few times for each that does not.
 * @returns the marks with their insertions, and those for which there is no place.
 */
export async function placeMarks<M extends Mark>(
  source: string,
  statements: readonly Statement[],
  marks: readonly M[],
  read: (source: string) => Promise<readonly Statement[]>,
): Promise<{ placed: Placed<M>[]; unplaced: M[] }> {
  const placed: Placed<M>[] = [];
  const unplaced: M[] = [];
  const settle = async (group: readonly Placed<M>[]): Promise<void> => {
    const together = [...placed, ...group];
    const insertions = together.map(({ insertion }) => insertion);
    const marked = together.map(({ mark }) => mark);
    if (readsAs(statements, marked, await read(insertInto(source, insertions)))) {
      placed.push(...group);
    } else if (group.length === 1) {
      unplaced.push(group[0]!.mark);
    } else {
      const half = group.length >> 1;
      await settle(group.slice(0, half));
      await settle(group.slice(half));
    }
  };
  if (marks.length > 0) {
    await settle(marks.map((mark) => ({ mark, insertion: markInsertion(source, mark) })));
  }
  return { placed, unplaced };
}

export interface Placed<M extends Mark> {
  mark: M;
  insertion: Insertion;
}

function readsAs(
  before: readonly Statement[],
  marks: readonly Mark[],
  now: readonly Statement[],
): boolean {
  const wanted = new Map(marks.map(({ statement, category }) => [statement.id, category]));
  return (
    now.length === before.length &&
    now.every(({ text, category, decidedBy }, index) => {
      const old = before[index]!;
      const byAuthor = wanted.has(old.id) || old.decidedBy === "author";
      return (
        text === old.text &&
        category === (wanted.get(old.id) ?? old.category) &&
        (decidedBy === "author") === byAuthor
      );
    })
  );
}
