import { categories, type Category } from "../../../src/policy/statement.ts";
import type { Label } from "./marked.ts";

/** Gold categories in rows, read ones in columns, in the order of `categories`. */
export type Confusion = number[][];

export interface Score {
  /** Statements in the labels, read by us, and cut at exactly the same places by both. */
  gold: number;
  read: number;
  exact: number;
  /** Of the labels that some read statement overlaps by more than half. */
  confusion: Confusion;
  /** Labels that no read statement overlaps: they count as misses of their category. */
  missed: Record<Category, number>;
  /** Read statements that overlap no label: they count as false finds of their category. */
  spurious: Record<Category, number>;
}

const none = (): Record<Category, number> =>
  Object.fromEntries(categories.map((category) => [category, 0])) as Record<Category, number>;

/** Holds the statements that were read against the labels of a document. */
export function score(gold: readonly Label[], read: readonly Label[]): Score {
  const confusion = categories.map(() => categories.map(() => 0));
  const missed = none();
  const spurious = none();
  const matched = new Set<Label>();
  let exact = 0;
  for (const label of gold) {
    const best = bestOverlap(label, read);
    if (best === undefined) {
      missed[label.category]++;
      continue;
    }
    matched.add(best);
    if (best.start === label.start && best.end === label.end) exact++;
    confusion[categories.indexOf(label.category)]![categories.indexOf(best.category)]!++;
  }
  for (const statement of read) {
    if (!matched.has(statement) && bestOverlap(statement, gold) === undefined)
      spurious[statement.category]++;
  }
  return { gold: gold.length, read: read.length, exact, confusion, missed, spurious };
}

function bestOverlap(label: Label, among: readonly Label[]): Label | undefined {
  let best: Label | undefined;
  let most = 0;
  for (const other of among) {
    const shared = Math.min(label.end, other.end) - Math.max(label.start, other.start);
    const share = shared / Math.min(label.end - label.start, other.end - other.start);
    if (shared > most && share > 0.5) {
      best = other;
      most = shared;
    }
  }
  return best;
}

export function sum(scores: readonly Score[]): Score {
  const total = score([], []);
  for (const one of scores) {
    total.gold += one.gold;
    total.read += one.read;
    total.exact += one.exact;
    one.confusion.forEach((row, i) => row.forEach((n, j) => (total.confusion[i]![j]! += n)));
    for (const category of categories) {
      total.missed[category] += one.missed[category];
      total.spurious[category] += one.spurious[category];
    }
  }
  return total;
}

export interface Figures {
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

/**
 * Precision and recall of a category over the statements that both sides have: a statement that is
 * cut otherwise or not at all shows in the share of exact cuts.
 */
export function figuresOf({ confusion }: Score, category: Category): Figures {
  const i = categories.indexOf(category);
  const hit = confusion[i]![i]!;
  const support = confusion[i]!.reduce((a, b) => a + b, 0);
  const found = confusion.reduce((a, row) => a + row[i]!, 0);
  const precision = found === 0 ? 0 : hit / found;
  const recall = support === 0 ? 0 : hit / support;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1, support };
}

/** The mean of the F1 of the four categories. */
export function macroF1(score: Score): number {
  return categories.reduce((a, category) => a + figuresOf(score, category).f1, 0) / 4;
}

/** The share of statements that carry the right category. */
export function accuracy({ confusion }: Score): number {
  const all = confusion.flat().reduce((a, b) => a + b, 0);
  return all === 0 ? 0 : confusion.reduce((a, row, i) => a + row[i]!, 0) / all;
}
