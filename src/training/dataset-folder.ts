import { createHash } from "node:crypto";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CptRow, type Dataset, DatasetManifest, ExamItem, SftRow } from "../synthesis/dataset.ts";
import { datasetFiles, parseRows } from "../synthesis/jsonl.ts";
import { readJson, readRequired, readRequiredBytes } from "./files.ts";

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

/** SHA-256 over the row files as they are now, in the order that the manifest's hash has. */
export async function hashDataset(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["cpt.jsonl", "sft.jsonl", "exam.jsonl"]) {
    hash.update(await readRequiredBytes(join(folder, file), "a file of the dataset"));
  }
  return hash.digest("hex");
}

export async function copyDataset(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await Promise.all(datasetFiles.map((file) => copyFile(join(from, file), join(to, file))));
}
