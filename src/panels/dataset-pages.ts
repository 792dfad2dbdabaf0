import type { Category } from "../policy/statement.ts";
import {
  type DatasetQuery,
  type DatasetSnapshot,
  pageSize,
  type RowView,
} from "../protocol/dataset.ts";
import type { CptRow, DatasetManifest, ExamItem, Message, SftRow } from "../synthesis/dataset.ts";

export type AnyRow = CptRow | SftRow | ExamItem;
type StatementView = { category: Category; text: string };

/** One page of a part's rows, of those that match the query. */
export function pageOf(
  folder: string,
  manifest: DatasetManifest,
  rows: readonly AnyRow[],
  query: DatasetQuery,
): DatasetSnapshot {
  const statements = new Map(
    manifest.statements.map(({ id, category, text }) => [id, { category, text }]),
  );
  const views = rows.map((row) => viewRow(row, query.part, statements));
  const words = query.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const matching = views.filter(
    (row) =>
      (query.kind === undefined || row.kind === query.kind) &&
      (words.length === 0 || contains(row, words)),
  );
  const lastPage = Math.max(0, Math.ceil(matching.length / pageSize) - 1) * pageSize;
  const offset = Math.min(query.offset - (query.offset % pageSize), lastPage);
  const { counts } = manifest;
  return {
    folder,
    title: manifest.policy.title,
    teacher: manifest.teacher,
    seed: manifest.seed,
    counts: { cpt: counts.cpt, sft: counts.sft, exam: counts.exam },
    kinds: [...new Set(views.map(({ kind }) => kind))],
    query: { ...query, offset },
    matches: matching.length,
    rows: matching.slice(offset, offset + pageSize),
  };
}

function contains(row: RowView, words: readonly string[]): boolean {
  const parts = [row.id, row.text, row.answer ?? "", ...row.statements.map(({ text }) => text)];
  const text = parts.join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

export function viewRow(
  row: AnyRow,
  part: RowView["part"],
  known: ReadonlyMap<string, StatementView>,
): RowView {
  const shared = {
    id: row.id,
    part,
    kind: row.kind,
    statements: row.statements.flatMap((id) => known.get(id) ?? []),
  };
  if ("text" in row) return { ...shared, ...splitAnswer(row) };
  const asked = { ...shared, text: transcript(row.prompt) };
  if ("completion" in row) return { ...asked, answer: transcript(row.completion) };
  if ("expected" in row) return { ...asked, tier: row.tier, answer: row.expected };
  const answer = row.choices[row.answer];
  return {
    ...asked,
    tier: row.tier,
    ...(answer !== undefined && { answer }),
    distractors: row.choices.filter((_, index) => index !== row.answer),
  };
}

function splitAnswer({ text, answerStart }: CptRow): { text: string; answer?: string } {
  if (answerStart === undefined) return { text };
  return { text: text.slice(0, answerStart).trimEnd(), answer: text.slice(answerStart) };
}

/** One message as it is; several with their roles before them. */
function transcript(messages: readonly Message[]): string {
  if (messages.length === 1) return messages[0]!.content;
  return messages.map(({ role, content }) => `${role}: ${content}`).join("\n");
}
