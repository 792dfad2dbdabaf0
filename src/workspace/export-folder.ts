import { InputError } from "../policy/errors.ts";
import { type ExportFormat, exportFiles } from "../synthesis/export/export.ts";
import { applyReviews, type ReviewEffect } from "../synthesis/reviews.ts";
import { readDataset } from "../training/dataset-folder.ts";
import { publishFolder, writeFiles } from "../training/files.ts";
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
  const files = exportFiles(dataset, effect, format);
  if (!(await publishFolder(target, (draft) => writeFiles(draft, files)))) {
    throw new InputError(`something is there already: ${target}`);
  }
  const { cpt, sft, exam } = dataset;
  return { folder: target, cpt: cpt.length, sft: sft.length, exam: exam.length, effect };
}
