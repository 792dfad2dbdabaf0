import type { ParsedPolicy } from "../../policy/statement.ts";
import type { CptRow, Dataset, Regenerated, RefusedRow, SftRow } from "../dataset.ts";
import { NearDuplicates } from "../near-duplicates.ts";
import { normalizeAnswer } from "../normalize.ts";
import { nothingRegenerated } from "../regeneration.ts";
import { questionIn, saidIn } from "../row-text.ts";
import { answerMark } from "../training-rows.ts";
import type { Ask } from "./ask.ts";
import { textsOf } from "./check.ts";
import { assignmentOf, checkAnswers, rowsOf, type TeachOptions, withTaught } from "./teach.ts";
import { type Task, tasksOf } from "./tasks.ts";

/** Rows to choose from. */
const rowsToChoose = 3;

type TaughtRow = CptRow | SftRow;

/** What came of asking for another row. */
export type Instead =
  | { dataset: Dataset }
  /** Nothing that the teacher wrote will do; the dataset stays as it is. */
  | { refused: RefusedRow[] };

/**
 * Asks a teacher for another row in the place of one that it wrote. All others stay.
 * @param entry names the row, and tells how often another was asked for in vain.
 * @returns undefined when the dataset has no such row of a teacher.
 */
export async function teachInstead(
  ask: Ask,
  dataset: Dataset,
  policy: ParsedPolicy,
  { row: id, take }: Regenerated["rows"][number],
  options: TeachOptions,
): Promise<Instead | undefined> {
  const row = taughtRow(dataset, id);
  const task = row && taskInstead(dataset, policy, row, take);
  if (!row || !task) return undefined;
  const answers = await ask([task]);
  const known = task.known ?? [];
  const seen = new Set(known.map(normalizeAnswer));
  const { passed, refused } = checkAnswers(dataset, policy, answers, options, seen);
  const near = new NearDuplicates();
  for (const said of known) near.add(said);
  const fresh = passed.find((other) => near.add(textsOf(other).join("\n")));
  if (fresh === undefined) return { refused };
  const made = rowsOf([fresh], dataset, options);
  const put = <Row extends TaughtRow>(rows: readonly Row[], one: Row | undefined) =>
    rows.map((each) => (each.id === id && one ? one : each));
  const rows =
    "text" in row
      ? { cpt: put(dataset.cpt, made.cpt[0]), sft: dataset.sft }
      : { cpt: dataset.cpt, sft: put(dataset.sft, made.sft[0]) };
  return { dataset: withTaught(dataset, rows, { refused, answers: new Map() }, options) };
}

function taughtRow({ cpt, sft }: Dataset, id: string): TaughtRow | undefined {
  const rows: readonly TaughtRow[] = [...cpt, ...sft];
  return rows.find((row) => row.id === id && row.teacher !== undefined);
}

/** What was asked for when the row came, for that row's case alone, with what is there already. */
export function taskInstead(
  { cpt, sft, manifest }: Dataset,
  policy: ParsedPolicy,
  row: TaughtRow,
  take: number,
): Task | undefined {
  const { seed, regenerated = nothingRegenerated } = manifest;
  const [id] = row.statements;
  const tasks = tasksOf(policy, seed, regenerated.teacher).filter(
    ({ kind, statement }) => kind === row.kind && statement.id === id,
  );
  const own = (other: TaughtRow) =>
    other.teacher !== undefined &&
    other.kind === row.kind &&
    other.statements[0] === id &&
    other.made?.assignment === row.made?.assignment;
  const rows: readonly TaughtRow[] = [...cpt, ...sft];
  const known = [...new Set(rows.filter(own).map(wordsOf))];
  for (const task of tasks) {
    const cases = task.cases.filter((one) => assignmentOf(one) === row.made?.assignment);
    if (row.kind === "scenario" && cases.length === 0) continue;
    return { ...task, cases, rows: rowsToChoose, known, round: take };
  }
  return undefined;
}

/** What the teacher wrote of a row: the answer of a case is the policy's. */
function wordsOf(row: TaughtRow): string {
  if ("text" in row) {
    if (row.answerStart === undefined) return saidIn(row);
    const asked = questionIn(row);
    return row.kind === "scenario" ? asked : `${asked}\n${row.text.slice(row.answerStart)}`;
  }
  const user = row.prompt.at(-1)!.content;
  const said = row.completion.at(-1)!.content;
  const answer = said.slice(said.indexOf(answerMark) + answerMark.length);
  return row.kind === "scenario" ? user : `${user}\n${answer}`;
}
