import { z } from "zod";
import { Category } from "../policy/statement.ts";
import { RowEdit, Verdict } from "../synthesis/dataset.ts";

/**
 * The messages between the dataset inspector, the thread that reads the dataset, and the webview;
 * snapshots of what is on the screen.
 */

export const Part = z.enum(["cpt", "sft", "exam"]);
export type Part = z.infer<typeof Part>;

/** What counts of a row's reviews: the newest, unless it took the others back. */
export const RowVerdict = z.enum(["none", "approved", "rejected", "edited"]);
export type RowVerdict = z.infer<typeof RowVerdict>;

/** What the inspector finds when it reads a row. */
export const CheckResult = z.enum([
  "passed",
  "not-json",
  "too-long",
  "schema",
  "duplicate",
  "duplicate-id",
  "unknown-statement",
  "stale",
]);
export type CheckResult = z.infer<typeof CheckResult>;

export const FacetName = z.enum([
  "part",
  "category",
  "kind",
  "tier",
  "verdict",
  "check",
  "teacher",
  "section",
  "statement",
]);
export type FacetName = z.infer<typeof FacetName>;

export const SortKey = z.enum(["file", "kind", "statement", "size", "verdict"]);
export type SortKey = z.infer<typeof SortKey>;

export const DatasetQuery = z.object({
  /** A row has one of the values of every facet that is named. */
  filters: z.partialRecord(FacetName, z.array(z.string())),
  /** Words that the row or one of its statements contains, in any case. */
  search: z.string(),
  sort: z.object({ by: SortKey, descending: z.boolean() }),
});
export type DatasetQuery = z.infer<typeof DatasetQuery>;

/** What the webview shows of the dataset. */
export const DatasetLook = z.object({
  /** Counts what the webview asks for: an answer to an older question is not shown. */
  asked: z.int(),
  query: DatasetQuery,
  view: z.enum(["rows", "charts"]),
  /** The first row to send, by its place among those that match. */
  offset: z.int().min(0),
  limit: z.int().min(0).max(500),
  /** The place of the selected row. */
  position: z.int().min(0),
  /** The row that stays selected where the query still has it, and `position` where it has not. */
  row: z.int().min(0).optional(),
});
export type DatasetLook = z.infer<typeof DatasetLook>;

export const firstQuery: DatasetQuery = {
  filters: {},
  search: "",
  sort: { by: "file", descending: false },
};
export const firstLook: DatasetLook = {
  asked: 0,
  query: firstQuery,
  view: "rows",
  offset: 0,
  limit: 60,
  position: 0,
};

/** The statements of a row, those first that its rows are filtered by. */
export function sourcesOf(
  { statements }: Pick<RowDetail, "statements">,
  { query }: DatasetLook,
): string[] {
  const wanted = query.filters.statement ?? [];
  const ids = statements.map(({ id }) => id);
  const first = ids.filter((id) => wanted.includes(id));
  return [...first, ...ids.filter((id) => !wanted.includes(id))];
}

/** A row as the table shows it: one line. */
export const RowView = z.object({
  /** Its number in the index, for as long as the dataset is open. */
  row: z.int(),
  id: z.string(),
  part: Part,
  kind: z.string(),
  verdict: RowVerdict,
  checks: z.array(CheckResult),
  /** The first of its statements. */
  statement: z.object({ category: Category.optional(), text: z.string() }).optional(),
  /** How many more it has. */
  more: z.int(),
  /** The beginning of what is read or asked. */
  text: z.string(),
  size: z.int(),
});
export type RowView = z.infer<typeof RowView>;

/** What became of a statement since the row was made; `unknown` to the dataset's own manifest. */
export const StatementState = z.enum([
  "same",
  "changed",
  "recategorized",
  "removed",
  "unknown",
  "unread",
]);
export type StatementState = z.infer<typeof StatementState>;

/** The selected row, whole. */
export const RowDetail = z.object({
  row: z.int(),
  id: z.string(),
  part: Part,
  kind: z.string(),
  tier: z.string(),
  teacher: z.string(),
  file: z.string(),
  line: z.int(),
  verdict: RowVerdict,
  reviewedAt: z.string().optional(),
  checks: z.array(CheckResult),
  /** Why it is no sound row, in words. */
  problem: z.string().optional(),
  statements: z.array(
    z.object({
      id: z.string(),
      category: Category.optional(),
      text: z.string(),
      section: z.string(),
      state: StatementState,
    }),
  ),
  /** Its words, as they were edited; absent when it is no sound row. */
  content: RowEdit.optional(),
  /** Its words before the edit. */
  original: RowEdit.optional(),
  /** The line as it lies in the file, where it is no sound row: its beginning. */
  raw: z.string().optional(),
});
export type RowDetail = z.infer<typeof RowDetail>;

export const FacetView = z.object({
  name: FacetName,
  /** How many rows have each value, under all filters but this one; those without a row left out. */
  values: z.array(z.object({ value: z.string(), label: z.string(), count: z.int() })),
  /** Values that the list leaves out. */
  more: z.int(),
});
export type FacetView = z.infer<typeof FacetView>;

/** Of the rows that match. */
export const DatasetCharts = z.object({
  /** Sections in the order of the policy, against categories. */
  coverage: z.array(
    z.object({
      section: z.string(),
      cells: z.array(
        z.object({
          category: Category,
          statements: z.int(),
          /** Statements of the cell that no row is made from. */
          without: z.int(),
          rows: z.int(),
        }),
      ),
    }),
  ),
  kinds: z.array(z.object({ kind: z.string(), rows: z.int() })),
  /** Characters: each bar counts the rows from its bound up to the next one. */
  lengths: z.array(z.object({ from: z.int(), rows: z.int() })),
  checks: z.array(z.object({ check: CheckResult, rows: z.int() })),
  /** Refused by the checks while the dataset was made, by reason; absent where nothing was kept. */
  refused: z.array(z.object({ reason: z.string(), rows: z.int() })).optional(),
});
export type DatasetCharts = z.infer<typeof DatasetCharts>;

export const DatasetSnapshot = z.object({
  folder: z.string(),
  title: z.string(),
  teacher: z.string(),
  seed: z.int().optional(),
  total: z.int(),
  matches: z.int(),
  look: DatasetLook,
  rows: z.array(RowView),
  detail: RowDetail.optional(),
  facets: z.array(FacetView),
  charts: DatasetCharts.optional(),
  /** What is still going on, and how much of it is done, from 0 to 1. */
  progress: z.object({ what: z.enum(["reading", "searching"]), share: z.number() }).optional(),
  /** What is wrong with the dataset, one line each; the rest shows. */
  problems: z.array(z.string()),
  /** What undo would take back. */
  undo: z.string().optional(),
  /** Why no verdict can be given here. */
  readOnly: z.string().optional(),
});
export type DatasetSnapshot = z.infer<typeof DatasetSnapshot>;

/** Panel → webview. */
export const ToDatasetView = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), snapshot: DatasetSnapshot }),
  z.object({ type: z.literal("problem"), message: z.string() }),
  /** Whether other rows are being made. */
  z.object({ type: z.literal("regenerating"), goesOn: z.boolean() }),
  /** What was done, for a line that is read out. */
  z.object({ type: z.literal("done"), message: z.string() }),
  /** A verdict or an edit that was not written, and why. */
  z.object({ type: z.literal("refused"), message: z.string() }),
]);
export type ToDatasetView = z.infer<typeof ToDatasetView>;

/** What is written to the review file. */
export const Judgement = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("judge"),
    row: z.int().min(0),
    /** What the row at that number must be called: the file may have been written anew. */
    id: z.string(),
    verdict: Verdict.exclude(["edited"]),
  }),
  z.object({
    type: z.literal("edit"),
    row: z.int().min(0),
    id: z.string(),
    edit: RowEdit,
  }),
  /** Every row that the query has; `matches` of them were on the screen. */
  z.object({
    type: z.literal("judgeAll"),
    query: DatasetQuery,
    matches: z.int(),
    verdict: Verdict.exclude(["edited"]),
  }),
  z.object({ type: z.literal("undo") }),
]);
export type Judgement = z.infer<typeof Judgement>;

/** Webview → panel. */
export const FromDatasetView = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("look"), look: DatasetLook }),
  ...Judgement.options,
  z.object({ type: z.enum(["openPolicy", "reveal"]) }),
  /** Shows where the statements come from, the first of them first. */
  z.object({ type: z.literal("showSource"), statements: z.array(z.string()) }),
  /** Makes another row in the place of one, or other rows for a statement. */
  z.object({
    type: z.literal("regenerate"),
    target: z.union([z.object({ row: z.string() }), z.object({ statement: z.string() })]),
    /** Whether a teacher wrote some of them, which is asked again then. */
    taught: z.boolean(),
  }),
]);
export type FromDatasetView = z.infer<typeof FromDatasetView>;

/** What the webview keeps across reloads, and the panel's serializer reads. */
export const DatasetViewState = z.object({ folder: z.string(), look: DatasetLook.optional() });
export type DatasetViewState = z.infer<typeof DatasetViewState>;

/** Panel → the thread that reads the dataset. */
export const ToInspector = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("open"),
    folder: z.string(),
    look: DatasetLook,
    readOnly: z.string().optional(),
  }),
  z.object({ type: z.literal("look"), look: DatasetLook }),
  /** What became of the manifest's statements, by id. */
  z.object({ type: z.literal("statements"), states: z.record(z.string(), StatementState) }),
  ...Judgement.options,
]);
export type ToInspector = z.infer<typeof ToInspector>;

/** The thread → the panel. */
export const FromInspector = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), snapshot: DatasetSnapshot }),
  z.object({ type: z.enum(["problem", "done", "refused"]), message: z.string() }),
]);
export type FromInspector = z.infer<typeof FromInspector>;

export type { RowEdit };
