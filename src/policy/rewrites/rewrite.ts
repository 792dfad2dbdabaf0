import type { Edit } from "../blocks.ts";
import { equalLists } from "../lists.ts";
import type { Statement } from "../statement.ts";

/** Something the author may do to a statement with one choice. */
export interface Rewrite {
  title: string;
  edits: readonly Edit[];
}

/** A rewrite that leaves words for the author to fill in. */
export interface Skeleton {
  title: string;
  /** Where it is inserted. */
  offset: number;
  before: string;
  /** Stands selected, to be typed over. */
  placeholder: string;
  after: string;
}

/** Reads a text as a policy; a rewrite is offered only when the reading bears it out. */
export type Read = (text: string) => Promise<readonly Statement[]>;

/** A policy, and the statement of it that is to be rewritten. */
export interface Target {
  text: string;
  statements: readonly Statement[];
  statement: Statement;
}

/** Longer stretches without a heading are not read again for every look at the cursor's actions. */
const maxRegion = 100_000;

/** The statement's section by itself, so that a check needs not read the whole policy again. */
export interface Region {
  /** Where the region begins in the policy. */
  offset: number;
  text: string;
  statements: readonly Statement[];
  /** Which of them is the target. */
  index: number;
}

/** @returns undefined when the section by itself does not read as it does within the policy. */
export async function regionOf(
  { text, statements, statement }: Target,
  read: Read,
): Promise<Region | undefined> {
  const at = statements.indexOf(statement);
  if (at < 0) return undefined;
  const belongs = (other: Statement | undefined): boolean =>
    other !== undefined && equalLists(other.section, statement.section);
  let first = at;
  while (belongs(statements[first - 1])) first--;
  let last = at;
  while (belongs(statements[last + 1])) last++;
  const before = statements[first - 1];
  const lineBreak = before === undefined ? -1 : text.indexOf("\n", before.end);
  const offset = before === undefined || lineBreak < 0 ? 0 : lineBreak + 1;
  const end = statements[last + 1]?.start ?? text.length;
  if (end - offset > maxRegion || offset > statement.start) return undefined;
  const part = text.slice(offset, end);
  const found = await read(part);
  const index = found.findIndex(({ start }) => start + offset === statement.start);
  const alike = found[index]?.text === statement.text && found.length >= last - first + 1;
  return alike ? { offset, text: part, statements: found, index } : undefined;
}

/** The region's text with edits made, whose offsets are into the policy. */
export function applied({ text, offset }: Region, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, { start, end, text: words }) =>
        result.slice(0, start - offset) + words + result.slice(end - offset),
      text,
    );
}
