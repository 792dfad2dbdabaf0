import type { RowDetail, RowView, StatementState } from "../../protocol/dataset.ts";
import type { Review } from "../../synthesis/dataset.ts";
import { contentOf } from "../../synthesis/reviews.ts";
import { idOf, jsonOf, problemOf, soundRow, textOf } from "./row-facts.ts";
import { checkResults, type RowIndex, rowVerdicts } from "./row-index.ts";
import { shorten } from "./select.ts";

/** Characters of a row in the table, and of a broken line in its detail. */
const lineLength = 240;
const rawLength = 20_000;

const checksOf = (index: RowIndex, row: number) => {
  const mask = index.checksOf(row);
  return checkResults.filter((_, place) => mask & (1 << place));
};

/** A row as one line of the table. */
export function viewRow(
  index: RowIndex,
  row: number,
  line: Buffer,
  review: (id: string) => Review | undefined,
): RowView {
  const value = jsonOf(line);
  const id = idOf(value);
  const content = review(id)?.edit;
  const [first, ...more] = index.groupOf(row).statements.map((at) => index.statements[at]!);
  const whole =
    value === undefined ? line.toString("utf8", 0, 4 * lineLength) : lead(content ?? value);
  // Every row for pretraining begins with the policy's name.
  const text = whole.startsWith(index.identifier) ? whole.slice(index.identifier.length) : whole;
  return {
    row,
    id,
    part: index.partOf(row),
    kind: index.kinds.all[index.kind.get(row)]!,
    verdict: rowVerdicts[index.verdictOf(row)]!,
    checks: checksOf(index, row),
    ...(first && {
      statement: {
        text: shorten(first.text === "" ? first.id : first.text, lineLength),
        ...(first.category && { category: first.category }),
      },
    }),
    more: more.length,
    text: shorten(text.replaceAll(/\s+/g, " ").trim(), lineLength),
    size: index.size.get(row),
  };
}

/** What tells a row apart: the question of a dialogue, not the system's word before it. */
function lead(row: unknown): string {
  if (typeof row !== "object" || row === null || !("prompt" in row)) return textOf(row);
  if (!Array.isArray(row.prompt)) return textOf(row);
  return textOf({ ...row, prompt: (row.prompt as unknown[]).filter((each) => !isSystem(each)) });
}

const isSystem = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "role" in message && message.role === "system";

/** A row with all that there is to see of it. */
export function detailRow(
  index: RowIndex,
  row: number,
  line: Buffer,
  file: string,
  context: {
    review: (id: string) => Review | undefined;
    states: Readonly<Record<string, StatementState>>;
  },
): RowDetail {
  const value = jsonOf(line);
  const part = index.partOf(row);
  const sound = soundRow(part, value);
  const id = idOf(value);
  const review = context.review(id);
  const original = sound && contentOf(sound);
  const content = review?.edit ?? original;
  const problem = value === undefined ? whyBroken(index, row) : problemOf(part, value);
  return {
    row,
    id,
    part,
    kind: index.kinds.all[index.kind.get(row)]!,
    tier: index.tiers.all[index.tier.get(row)]!,
    teacher: index.teachers.all[index.teacher.get(row)]!,
    file,
    line: index.line.get(row),
    verdict: rowVerdicts[index.verdictOf(row)]!,
    ...(review && review.verdict !== "withdrawn" && { reviewedAt: review.at }),
    checks: checksOf(index, row),
    ...(problem !== undefined && { problem }),
    statements: index.groupOf(row).statements.map((at) => {
      const { id, text, category, section } = index.statements[at]!;
      const known = category === undefined ? "unknown" : "unread";
      const state = Object.hasOwn(context.states, id) ? context.states[id] : undefined;
      return {
        ...{ id, text, section: index.sections.all[section]!, state: state ?? known },
        ...(category && { category }),
      };
    }),
    ...(sound && content && { content }),
    ...(review?.edit && original && { original }),
    ...(!sound && { raw: shorten(line.toString("utf8", 0, 4 * rawLength), rawLength) }),
  };
}

function whyBroken(index: RowIndex, row: number): string {
  const megabytes = (index.length.get(row) / 2 ** 20).toFixed(0);
  return checksOf(index, row).includes("too-long")
    ? `the line has ${megabytes} MiB, more than a row may have`
    : "not JSON";
}
