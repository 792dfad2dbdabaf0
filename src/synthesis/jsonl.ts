import type { z } from "zod";
import { InputError } from "../policy/errors.ts";
import type { Dataset } from "./dataset.ts";

export const datasetFiles = ["dataset.json", "cpt.jsonl", "sft.jsonl", "exam.jsonl"] as const;
export type DatasetFile = (typeof datasetFiles)[number];

export function toJsonl(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** What a teacher wrote that failed a check; nothing trains on it, and no run copies it. */
export const refusedFile = "refused.jsonl";

/** The files of a dataset folder and what they hold. */
export function serializeDataset(
  dataset: Dataset,
): Record<DatasetFile, string> & { [refusedFile]?: string } {
  return {
    ...(dataset.refused && { [refusedFile]: toJsonl(dataset.refused) }),
    "dataset.json": `${JSON.stringify(dataset.manifest, null, 2)}\n`,
    "cpt.jsonl": toJsonl(dataset.cpt),
    "sft.jsonl": toJsonl(dataset.sft),
    "exam.jsonl": toJsonl(dataset.exam),
  };
}

/**
 * Reads the rows of one JSONL file.
 * @throws InputError that names file and line for a line that is not JSON or not such a row.
 */
export function parseRows<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
): z.output<Schema>[] {
  const rows: z.output<Schema>[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    rows.push(parseRow(schema, line, `${file}:${index + 1}`));
  }
  return rows;
}

/**
 * Reads one line of a JSONL file.
 * @param where file and line, for the error.
 * @throws InputError when it is not JSON or not such a row.
 */
export function parseRow<Schema extends z.ZodType>(
  schema: Schema,
  line: string,
  where: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new InputError(`${where}: not JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = issue.path.join(".") || "row";
    throw new InputError(`${where}: ${path}: ${issue.message}`);
  }
  return parsed.data;
}
