import type { Span } from "../policy/statement.ts";

/** Lines of a document from the first to the last, counted from 0. */
export interface Fold {
  first: number;
  last: number;
}

const item = /^[\s>]*(?:[-*+]|\d{1,9}[.)])\s/;

/**
 * Which lines fold: the branches of every statement that is a list, under its lead-in. VS Code's
 * own Markdown support folds sections and single items, and of ranges that begin on one line it
 * keeps only one; so a lead-in that is an item itself is left to it.
 * @param lines the lines of the document.
 * @param lineAt the line of an offset.
 */
export function foldsOf(
  statements: readonly Span[],
  lines: readonly string[],
  lineAt: (offset: number) => number,
): Fold[] {
  return statements.flatMap(({ start, end }) => {
    const first = lineAt(start);
    const content = lineAt(end);
    const isList = lines.slice(first + 1, content + 1).some((line) => item.test(line));
    if (!isList || item.test(lines[first] ?? "")) return [];
    // All but one of the empty lines below, as in the ranges of the items: ranges must nest.
    let next = content + 1;
    while (next < lines.length && lines[next]!.trim() === "") next++;
    return [{ first, last: Math.max(content, next - 2) }];
  });
}
