import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../policy/errors.ts";
import { type ExportFormat, exportFiles } from "../synthesis/export/export.ts";
import { applyReviews, type ReviewEffect } from "../synthesis/reviews.ts";
import { readDataset } from "../training/dataset-folder.ts";
import { withPath } from "../training/file-errors.ts";
import { draftFolder, hasCode } from "../training/files.ts";
import { readReviews } from "../training/review-file.ts";

export interface Exported {
  folder: string;
  cpt: number;
  sft: number;
  exam: number;
  effect: ReviewEffect;
}

/**
 * Writes a dataset, as its reviewers want it, for another tool.
 * @param target a folder that does not exist yet, or is empty.
 * @throws InputError when the dataset cannot be read, or something is there already.
 */
export async function exportDataset(
  source: string,
  format: ExportFormat,
  target: string,
): Promise<Exported> {
  const whole = await readDataset(source);
  const { dataset, effect } = applyReviews(whole, await readReviews(source));
  const draft = await draftFolder(dirname(target));
  try {
    for (const [name, content] of Object.entries(exportFiles(dataset, effect, format))) {
      await writeFile(join(draft, name), content);
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const taken = ["ENOTEMPTY", "EEXIST", "EPERM", "ENOTDIR"].some((code) => hasCode(error, code));
    if (taken) throw new InputError(`something is there already: ${target}`);
    throw withPath(error, target);
  }
  const { cpt, sft, exam } = dataset;
  return { folder: target, cpt: cpt.length, sft: sft.length, exam: exam.length, effect };
}
