import type { Category, Span } from "../../../src/policy/statement.ts";

/** A statement as a reader marked it. */
export interface Label extends Span {
  category: Category;
}

export interface Labelled {
  name: string;
  text: string;
  labels: Label[];
}

export const letters = {
  F: "factual",
  B: "behavioral",
  S: "simple-conditional",
  C: "complex-conditional",
} as const satisfies Record<string, Category>;

/** Reads a document whose statements stand between `⟦F ` (or B, S, C) and `⟧`. */
export function readMarked(name: string, marked: string): Labelled {
  const labels: Label[] = [];
  let text = "";
  let at = 0;
  let open: { category: Category; start: number } | undefined;
  for (const match of marked.matchAll(/⟦([FBSC]) |⟧/g)) {
    text += marked.slice(at, match.index);
    at = match.index + match[0].length;
    if (match[1] !== undefined) {
      if (open !== undefined) throw new Error(`${name}: a mark inside a mark at ${match.index}`);
      open = { category: letters[match[1] as keyof typeof letters], start: text.length };
    } else {
      if (open === undefined) throw new Error(`${name}: nothing to close at ${match.index}`);
      labels.push({ ...open, end: text.length });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${name}: a mark is never closed`);
  return { name, text: text + marked.slice(at), labels };
}
