import { InputError } from "../policy/errors.ts";
import type { DatasetManifest, ExamItem } from "../synthesis/dataset.ts";

export interface Part {
  /** Ids of statements. */
  statements?: readonly string[];
  /** Headings: what lies below one of that name belongs to it. */
  sections?: readonly string[];
}

/**
 * The items that ask about one of the statements; all where nothing is named.
 * @throws InputError for a statement or a section that the exam does not know or ask about.
 */
export function partOf(
  exam: readonly ExamItem[],
  known: DatasetManifest["statements"],
  { statements = [], sections = [] }: Part,
): ExamItem[] {
  if (statements.length + sections.length === 0) return [...exam];
  const wanted = new Set(statements);
  const ids = new Set(known.map(({ id }) => id));
  const stranger = statements.find((id) => !ids.has(id));
  if (stranger !== undefined) throw new InputError(`the run knows no statement ${stranger}`);
  for (const heading of sections) {
    const inside = known.filter(({ section }) => section?.includes(heading));
    if (inside.length === 0) throw new InputError(`the run knows no section "${heading}"`);
    for (const { id } of inside) wanted.add(id);
  }
  const part = exam.filter((item) => item.statements.some((id) => wanted.has(id)));
  if (part.length === 0)
    throw new InputError("the exam asks nothing about that part of the policy");
  return part;
}
