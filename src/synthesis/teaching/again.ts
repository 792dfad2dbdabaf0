import type { ParsedPolicy } from "../../policy/statement.ts";
import type { CptRow, Dataset, SftRow } from "../dataset.ts";
import { nothingRegenerated } from "../regeneration.ts";
import type { Ask } from "./ask.ts";
import { teachInstead } from "./instead.ts";
import { checkAnswers, rowsOf, teach, type TeachOptions, withTaught } from "./teach.ts";
import { type Task, tasksOf } from "./tasks.ts";

/**
 * The grammar's dataset with a teacher's rows, and with what was made anew of them.
 * @param ask is called once for all rows, and once more for each that was made anew by itself.
 */
export async function teachWith(
  ask: Ask,
  dataset: Dataset,
  policy: ParsedPolicy,
  options: TeachOptions,
): Promise<Dataset> {
  const { seed, regenerated = nothingRegenerated } = dataset.manifest;
  const answers = await ask(tasksOf(policy, seed, regenerated.teacher));
  let taught = teach(dataset, policy, answers, options);
  for (const entry of regenerated.rows) {
    const other = await teachInstead(ask, taught, policy, entry, options);
    if (other && "dataset" in other) taught = other.dataset;
  }
  return taught;
}

/** What a teacher is asked for about one statement, in the round that the manifest has. */
export function tasksAbout(
  { manifest: { seed, regenerated = nothingRegenerated } }: Pick<Dataset, "manifest">,
  policy: ParsedPolicy,
  id: string,
): Task[] {
  return tasksOf(policy, seed, regenerated.teacher).filter(({ statement }) => statement.id === id);
}

/**
 * Puts other rows in the place of all that a teacher wrote about a statement. The rows of other
 * statements stay, and so does the order.
 */
export async function teachStatement(
  ask: Ask,
  dataset: Dataset,
  policy: ParsedPolicy,
  id: string,
  options: TeachOptions,
): Promise<Dataset> {
  const answers = await ask(tasksAbout(dataset, policy, id));
  const { passed, refused } = checkAnswers(dataset, policy, answers, options);
  const made = rowsOf(passed, dataset, options);
  const kept = dataset.refused?.filter(({ statements }) => statements[0] !== id);
  const order = new Map(policy.statements.map((statement, index) => [statement.id, index]));
  const rows = {
    cpt: inOrder([...dataset.cpt.filter(isOther(id)), ...made.cpt], order),
    sft: inOrder([...dataset.sft.filter(isOther(id)), ...made.sft], order),
  };
  const before = { ...dataset, ...(kept && { refused: kept }) };
  return withTaught(before, rows, { refused, answers }, options);
}

const isOther =
  (id: string) =>
  ({ teacher, statements }: CptRow | SftRow): boolean =>
    teacher === undefined || statements[0] !== id;

/** The grammar's rows, then a teacher's by statement, as both were written. */
function inOrder<Row extends CptRow | SftRow>(
  rows: readonly Row[],
  order: ReadonlyMap<string, number>,
): Row[] {
  const place = ({ teacher, statements }: Row) =>
    teacher === undefined ? -1 : order.get(statements[0]!)!;
  return [...rows].sort((a, b) => place(a) - place(b));
}
