import { readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "../policy/errors.ts";
import { type AnyRow, type Dataset, RefusedRow } from "../synthesis/dataset.ts";
import { parseRows, refusedFile } from "../synthesis/jsonl.ts";
import { hashDataset, readDataset } from "../training/dataset-folder.ts";
import { isMissing } from "../training/files.ts";
import type { IngrainFolder } from "./folder.ts";
import { carryReviews, type Remake, saveRemake } from "./remake.ts";

/** A dataset in which some rows are others. */
export interface Regeneration extends Remake {
  previous: string;
  /** Whether the previous one was regenerated itself: this one takes its place then. */
  replaces: boolean;
  /** What was done, in one line without a full stop. */
  words: string;
}

export const synthesizeFirst = "Synthesize the dataset first: only what changed is made anew.";

/**
 * Writes what was made anew beside the dataset that it comes from, with its reviews. That one stays
 * when a synthesis made it; when it was regenerated itself, this one takes its place, so that a
 * hundred rows made anew are not a hundred datasets.
 * @returns the new folder.
 */
export async function saveRegeneration(
  ingrain: IngrainFolder,
  { previous, replaces, ...made }: Regeneration,
  target?: string,
): Promise<string> {
  const folder = await saveRemake(ingrain, { ...made, previous }, target);
  const superseded = replaces && dirname(previous) === ingrain.datasets && previous !== folder;
  if (!superseded) return folder;
  const gone = join(ingrain.datasets, `.gone-${basename(previous)}`);
  await rm(gone, { recursive: true, force: true });
  try {
    await rename(previous, gone);
  } catch {
    // Someone holds it, as Windows lets them: it stays, as after a synthesis.
    return folder;
  }
  // What another window wrote until now.
  await carryReviews(gone, folder);
  await rm(gone, { recursive: true, force: true });
  return folder;
}

/**
 * A dataset as it lies on the disk, to the byte.
 * @throws InputError when it is broken, or is not what was made.
 */
export async function readMade(folder: string): Promise<Dataset> {
  const { manifest } = await readDataset(folder);
  if ((await hashDataset(folder)) !== manifest.sha256) {
    throw new InputError("the rows were changed since the dataset was made", synthesizeFirst);
  }
  const refused = await refusedRows(folder);
  return {
    manifest,
    cpt: await rawRows(join(folder, "cpt.jsonl")),
    sft: await rawRows(join(folder, "sft.jsonl")),
    exam: await rawRows(join(folder, "exam.jsonl")),
    ...(refused && { refused }),
  };
}

/** The rows of a file that is checked already; a schema would put their fields in another order. */
async function rawRows<Row extends AnyRow>(path: string): Promise<Row[]> {
  const lines = (await readFile(path, "utf8")).split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Row);
}

async function refusedRows(folder: string): Promise<RefusedRow[] | undefined> {
  const path = join(folder, refusedFile);
  try {
    return parseRows(RefusedRow, await readFile(path, "utf8"), path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
