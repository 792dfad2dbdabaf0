import { join, resolve } from "node:path";
import { examine } from "../evaluation/exam.ts";
import { type Part, partOf } from "../evaluation/part.ts";
import type { Arm } from "../evaluation/report.ts";
import { InputError } from "../policy/errors.ts";
import type { DatasetManifest, ExamItem } from "../synthesis/dataset.ts";
import { readExam, readManifest } from "../training/dataset-folder.ts";
import { OnnxExamModel } from "../training/engines/onnx/exam-model.ts";
import { GptModel } from "../training/engines/onnx/model.ts";
import { readModel } from "../training/engines/onnx/saved-model.ts";
import { type Examined, examineTrlRun } from "../training/engines/trl/exam.ts";
import { readSpec, runFiles } from "../training/run-folder.ts";
import type { Io } from "./io.ts";

export interface ExamineOptions extends Part {
  /** An `exam.jsonl` that is asked instead of the run's own. */
  exam?: string | undefined;
  /** Of the trl engine: its interpreter, and whether to ask the evaluations beside the exam. */
  python?: string | undefined;
  probes?: boolean | undefined;
}

/**
 * Examines the model of a run, by all of an exam or a part of it.
 * @throws InputError when the run has no model that this version knows, or the exam is broken.
 */
export async function examineRun(
  io: Io,
  folder: string,
  options: ExamineOptions,
): Promise<Examined> {
  const files = runFiles(folder);
  const { engine } = await readSpec(folder);
  const manifest = await readManifest(files.dataset);
  const { exam: other } = options;
  const path = other === undefined ? join(files.dataset, "exam.jsonl") : resolve(io.cwd, other);
  const exam = partOf(await readExam(path), manifest.statements, options);
  if (exam.length === 0) throw new InputError(`the exam has no questions (${path})`);
  if (engine === "onnx" && options.probes) {
    throw new InputError("--probes needs a run of the engine trl");
  }
  return engine === "onnx"
    ? examineEmbedded(io, folder, exam, manifest)
    : examineReal(io, folder, exam, options);
}

async function examineReal(
  io: Io,
  folder: string,
  exam: readonly ExamItem[],
  { python, probes }: ExamineOptions,
): Promise<Examined> {
  const stop = new AbortController();
  const interrupt = io.onInterrupt(() => stop.abort(new InputError("the exam was stopped")));
  try {
    return await examineTrlRun(folder, exam, {
      trainer: io.trainer,
      ...(python !== undefined && { python }),
      ...(probes !== undefined && { probes }),
      signal: stop.signal,
      report: (line) => io.log(`${line}\n`),
    });
  } finally {
    interrupt.dispose();
  }
}

async function examineEmbedded(
  io: Io,
  folder: string,
  exam: readonly ExamItem[],
  { identifier, statements }: DatasetManifest,
): Promise<Arm> {
  const { config, tokenizer, weights } = await readModel(runFiles(folder).model);
  const model = await GptModel.create(config, weights);
  try {
    let shown = 0;
    return await examine(
      new OnnxExamModel(model, tokenizer, identifier, config.context),
      exam,
      statements,
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
