import { createHash } from "node:crypto";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CptRow, type Dataset, DatasetManifest, ExamItem, SftRow } from "../synthesis/dataset.ts";
import { type DatasetFile, datasetFiles, parseRows, serializeDataset } from "../synthesis/jsonl.ts";
import { isMissing, readJson, readRequired, readRequiredBytes } from "./files.ts";
import { reviewFile } from "./review-file.ts";

/**
 * Reads and checks a whole dataset folder.
 * @throws InputError that names the file, and the line of a broken row.
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const [manifest, cpt, sft, exam] = await Promise.all([
    readManifest(folder),
    readRows(CptRow, join(folder, "cpt.jsonl")),
    readRows(SftRow, join(folder, "sft.jsonl")),
    readExam(join(folder, "exam.jsonl")),
  ]);
  return { manifest, cpt, sft, exam };
}

/** @throws InputError when the folder has no valid `dataset.json`. */
export function readManifest(folder: string): Promise<DatasetManifest> {
  return readJson(DatasetManifest, join(folder, "dataset.json"), "the dataset's manifest");
}

/** @throws InputError that names file and line. */
export function readExam(path: string): Promise<ExamItem[]> {
  return readRows(ExamItem, path);
}

async function readRows<Schema extends Parameters<typeof parseRows>[0]>(
  schema: Schema,
  path: string,
) {
  return parseRows(schema, await readRequired(path, "a file of the dataset"), path);
}

const rowFiles = ["cpt.jsonl", "sft.jsonl", "exam.jsonl"] as const;

/** SHA-256 over the row files as they are now, in the order that the manifest's hash has. */
export async function hashDataset(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of rowFiles) {
    hash.update(await readRequiredBytes(join(folder, file), "a file of the dataset"));
  }
  return hash.digest("hex");
}

/** Copies a dataset, with its reviews when it has some. */
export async function copyDataset(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await Promise.all(datasetFiles.map((file) => copyFile(join(from, file), join(to, file))));
  await copyFile(reviewFile(from), reviewFile(to)).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** Writes other rows into the files of a dataset, and their counts and hash into its manifest. */
export async function writeRows(folder: string, { manifest, ...rows }: Dataset): Promise<void> {
  const byKind: DatasetManifest["counts"]["byKind"] = {};
  for (const { kind } of Object.values(rows).flat()) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const lengths = { cpt: rows.cpt.length, sft: rows.sft.length, exam: rows.exam.length };
  const counts = { ...manifest.counts, ...lengths, byKind };
  const files = serializeDataset({ manifest, ...rows });
  const write = (file: DatasetFile, content: string) => writeFile(join(folder, file), content);
  await Promise.all(rowFiles.map((file) => write(file, files[file])));
  const written = { ...manifest, counts, sha256: await hashDataset(folder) };
  await write("dataset.json", `${JSON.stringify(written, null, 2)}\n`);
}
