import { join, resolve } from "node:path";
import { answer, examine } from "../evaluation/exam.ts";
import type { ExamModel } from "../evaluation/model.ts";
import type { Arm } from "../evaluation/report.ts";
import { InputError } from "../policy/errors.ts";
import type { DatasetManifest, ExamItem } from "../synthesis/dataset.ts";
import { toJsonl } from "../synthesis/jsonl.ts";
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
  return withExaminee(io, folder, other, ({ model, exam, statements }) => {
    let shown = 0;
    return examine(model, exam, statements, (done, total) => {
      const quarter = Math.floor((4 * done) / total);
      if (quarter === shown) return;
      shown = quarter;
      io.log(`Exam: ${done}/${total}\n`);
    });
  });
}

/** Prints what the model of a run answers, a JSON line a question as it comes. Throws as above. */
export async function printAnswers(
  io: Io,
  folder: string,
  other: string | undefined,
): Promise<void> {
  await withExaminee(io, folder, other, async ({ model, exam }) => {
    for await (const answers of answer(model, exam)) io.out(toJsonl(answers));
  });
}

interface Examinee {
  model: ExamModel;
  exam: readonly ExamItem[];
  statements: DatasetManifest["statements"];
}

async function withExaminee<T>(
  io: Io,
  folder: string,
  other: string | undefined,
  work: (examinee: Examinee) => Promise<T>,
): Promise<T> {
  const files = runFiles(folder);
  const spec = await readSpec(folder);
  if (spec.engine !== "onnx") {
    throw new InputError(
      `only models of the embedded engine are examined again, and ${spec.id} is of ${spec.engine}`,
      "Its report has the exam of its run: ingrain runs show",
    );
  }
  const { identifier, statements } = await readManifest(files.dataset);
  const path = other === undefined ? join(files.dataset, "exam.jsonl") : resolve(io.cwd, other);
  const exam = await readExam(path);
  if (exam.length === 0) throw new InputError(`the exam has no questions (${path})`);
  const { config, tokenizer, weights } = await readModel(files.model);
  const gpt = await GptModel.create(config, weights);
  try {
    const model = new OnnxExamModel(gpt, tokenizer, identifier, config.context);
    return await work({ model, exam, statements });
  } finally {
    await gpt.release();
  }
}
