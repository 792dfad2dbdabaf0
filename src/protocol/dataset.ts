import { z } from "zod";
import { Category } from "../policy/statement.ts";
import { Kind, Tier } from "../synthesis/dataset.ts";

/** The messages between the dataset panel and its webview; snapshots of one page of rows. */

export const Part = z.enum(["cpt", "sft", "exam"]);
export type Part = z.infer<typeof Part>;

export const RowView = z.object({
  id: z.string(),
  part: Part,
  kind: Kind,
  tier: Tier.optional(),
  /** The statements that the row comes from. */
  statements: z.array(z.object({ category: Category, text: z.string() })),
  /** What is read or asked. */
  text: z.string(),
  /** What is answered; for a choice, the right one. */
  answer: z.string().optional(),
  /** The other choices. */
  distractors: z.array(z.string()).optional(),
});
export type RowView = z.infer<typeof RowView>;

export const DatasetQuery = z.object({
  part: Part,
  kind: Kind.optional(),
  /** Words that the row contains, in any case. */
  search: z.string(),
  /** Rows to skip. */
  offset: z.int().min(0),
});
export type DatasetQuery = z.infer<typeof DatasetQuery>;

export const pageSize = 100;

export const DatasetSnapshot = z.object({
  folder: z.string(),
  title: z.string(),
  teacher: z.string(),
  seed: z.int(),
  /** All rows of each part. */
  counts: z.record(Part, z.int()),
  /** The kinds that the shown part has. */
  kinds: z.array(Kind),
  query: DatasetQuery,
  /** Rows that match the query. */
  matches: z.int(),
  rows: z.array(RowView),
  problem: z.string().optional(),
});
export type DatasetSnapshot = z.infer<typeof DatasetSnapshot>;

/** Panel → webview. */
export const ToDatasetView = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), snapshot: DatasetSnapshot }),
  z.object({ type: z.literal("problem"), message: z.string() }),
]);
export type ToDatasetView = z.infer<typeof ToDatasetView>;

/** Webview → panel. */
export const FromDatasetView = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("query"), query: DatasetQuery }),
  z.object({ type: z.enum(["openPolicy", "reveal"]) }),
]);
export type FromDatasetView = z.infer<typeof FromDatasetView>;

/** What the webview keeps across reloads, and the panel's serializer reads. */
export const DatasetViewState = z.object({ folder: z.string(), query: DatasetQuery.optional() });
export type DatasetViewState = z.infer<typeof DatasetViewState>;
