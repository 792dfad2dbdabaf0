import { join, resolve } from "node:path";
import { answer, examine } from "../evaluation/exam.ts";
import type { ExamModel } from "../evaluation/model.ts";
import { type Part, partOf } from "../evaluation/part.ts";
import type { Arm } from "../evaluation/report.ts";
import { InputError } from "../policy/errors.ts";
import type { DatasetManifest, ExamItem } from "../synthesis/dataset.ts";
import { toJsonl } from "../synthesis/jsonl.ts";
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
  const { engine } = await readSpec(folder);
  const asked = await readAsked(io, folder, options);
  if (engine !== "onnx") return examineReal(io, folder, asked.exam, options);
  if (options.probes) throw new InputError("--probes needs a run of the engine trl");
  return withEmbedded(folder, asked.manifest, (model) =>
    examineEmbedded(io, model, asked.exam, asked.manifest),
  );
}

/**
 * Prints what the model of a run answers, a JSON line a question as it comes.
 * @throws InputError as above, and of another engine than the embedded one.
 */
export async function printAnswers(io: Io, folder: string, options: ExamineOptions): Promise<void> {
  const { engine, id } = await readSpec(folder);
  if (engine !== "onnx") {
    throw new InputError(
      `--answers needs a run of the embedded engine, and ${id} is of ${engine}`,
      "Without it: ingrain exam RUN",
    );
  }
  if (options.probes) throw new InputError("--probes needs a run of the engine trl");
  const { exam, manifest } = await readAsked(io, folder, options);
  await withEmbedded(folder, manifest, async (model) => {
    for await (const answers of answer(model, exam)) io.out(toJsonl(answers));
  });
}

/** What is asked, and of which dataset. */
async function readAsked(io: Io, folder: string, options: ExamineOptions) {
  const { dataset } = runFiles(folder);
  const manifest = await readManifest(dataset);
  const { exam: other } = options;
  const path = other === undefined ? join(dataset, "exam.jsonl") : resolve(io.cwd, other);
  const exam = partOf(await readExam(path), manifest.statements, options);
  if (exam.length === 0) throw new InputError(`the exam has no questions (${path})`);
  return { exam, manifest };
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

async function withEmbedded<T>(
  folder: string,
  { identifier }: DatasetManifest,
  work: (model: ExamModel) => Promise<T>,
): Promise<T> {
  const { config, tokenizer, weights } = await readModel(runFiles(folder).model);
  const gpt = await GptModel.create(config, weights);
  try {
    return await work(new OnnxExamModel(gpt, tokenizer, identifier, config.context));
  } finally {
    await gpt.release();
  }
}

function examineEmbedded(
  io: Io,
  model: ExamModel,
  exam: readonly ExamItem[],
  { statements }: DatasetManifest,
): Promise<Arm> {
  let shown = 0;
  return examine(model, exam, statements, (done, total) => {
    const quarter = Math.floor((4 * done) / total);
    if (quarter === shown) return;
    shown = quarter;
    io.log(`Exam: ${done}/${total}\n`);
  });
}
