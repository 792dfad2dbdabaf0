import { join, resolve } from "node:path";
import { examine } from "../evaluation/exam.ts";
import type { Arm } from "../evaluation/report.ts";
import { InputError } from "../policy/errors.ts";
import { readExam, readManifest } from "../training/dataset-folder.ts";
import { OnnxExamModel } from "../training/engines/onnx/exam-model.ts";
import { GptModel } from "../training/engines/onnx/model.ts";
import { readModel } from "../training/engines/onnx/saved-model.ts";
import { readSpec, runFiles } from "../training/run-folder.ts";
import type { Io } from "./io.ts";

/**
 * Examines the model of a run.
 * @param other an `exam.jsonl` that is asked instead of the run's own.
 * @throws InputError when the run has no model that this version knows, or the exam is broken.
 */
export async function examineRun(io: Io, folder: string, other: string | undefined): Promise<Arm> {
  const files = runFiles(folder);
  const spec = await readSpec(folder);
  if (spec.engine !== "onnx") {
    throw new InputError(
      `only models of the embedded engine are examined again, and ${spec.id} is of ${spec.engine}`,
      "Its report has the exam of its run: ingrain runs show",
    );
  }
  const manifest = await readManifest(files.dataset);
  const path = other === undefined ? join(files.dataset, "exam.jsonl") : resolve(io.cwd, other);
  const exam = await readExam(path);
  if (exam.length === 0) throw new InputError(`the exam has no questions (${path})`);
  const { config, tokenizer, weights } = await readModel(files.model);
  const model = await GptModel.create(config, weights);
  try {
    let shown = 0;
    return await examine(
      new OnnxExamModel(model, tokenizer, manifest.identifier, config.context),
      exam,
      manifest.statements,
      (done, total) => {
        const quarter = Math.floor((4 * done) / total);
        if (quarter === shown) return;
        shown = quarter;
        io.log(`Exam: ${done}/${total}\n`);
      },
    );
  } finally {
    await model.release();
  }
}
