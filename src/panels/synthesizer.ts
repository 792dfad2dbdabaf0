import { readFile } from "node:fs/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { decodePolicy, requireStatements } from "../policy/decode.ts";
import { InputError } from "../policy/errors.ts";
import { parsePolicy } from "../policy/parse.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import type { Dataset } from "../synthesis/dataset.ts";
import { synthesize } from "../synthesis/synthesize.ts";
import { TeacherError } from "../synthesis/teacher.ts";
import { askAll, estimateAsking } from "../synthesis/teaching/ask.ts";
import { PatientTeacher } from "../synthesis/teaching/patient-teacher.ts";
import { tasksOf } from "../synthesis/teaching/tasks.ts";
import { teach } from "../synthesis/teaching/teach.ts";
import { FileAnswerCache } from "../workspace/answer-cache.ts";
import { policyPath, saveDataset } from "../workspace/datasets.ts";
import { ingrainFolder } from "../workspace/folder.ts";
import { keepIds } from "../workspace/keep-ids.ts";
import { RemoteTeacher } from "./remote-teacher.ts";
import { type JobTeacher, type SynthesisAnswer, SynthesisJob } from "./synthesis-job.ts";

/** The worker thread that makes a dataset: seconds of computing, away from the editor. */

async function make(
  { root, policy, seed, teacher, estimate }: SynthesisJob,
  port: MessagePort,
): Promise<SynthesisAnswer> {
  const path = policyPath(root, policy);
  const text = decodePolicy(await readFile(policy), path);
  const folder = ingrainFolder(root);
  const parsed = await keepIds(folder, requireStatements(parsePolicy(text, { path })));
  const cache = new FileAnswerCache(folder);
  if (estimate && teacher) {
    const tasks = tasksOf(parsed, seed);
    const told = await estimateAsking(parsed.policy.title, tasks, { model: teacher.model }, cache);
    return { type: "estimate", ...told };
  }
  const named = teacher?.arguments.map((argument) => ` ${JSON.stringify(argument)}`).join("") ?? "";
  const command = `ingrain synthesize ${JSON.stringify(path)} --seed ${seed}${named}`;
  const written = synthesize(parsed, { seed, command });
  const dataset = teacher ? await taught(parsed, written, teacher, cache, port) : written;
  const { cpt, sft, exam } = dataset.manifest.counts;
  return {
    type: "done",
    folder: await saveDataset(folder, dataset),
    rows: cpt + sft + exam,
    refused: dataset.refused?.length ?? 0,
  };
}

async function taught(
  parsed: ParsedPolicy,
  written: Dataset,
  teacher: JobTeacher,
  cache: FileAnswerCache,
  port: MessagePort,
): Promise<Dataset> {
  const remote = new RemoteTeacher(port, teacher);
  const tasks = tasksOf(parsed, written.manifest.seed);
  const { answers } = await askAll(new PatientTeacher(remote), parsed.policy.title, tasks, {
    cache,
    concurrency: teacher.concurrency,
    signal: remote.stopped,
    progress: (answered, all) =>
      port.postMessage({ type: "progress", answered, all } satisfies SynthesisAnswer),
  });
  return teach(written, parsed, answers, { teacher: teacher.kind, model: teacher.model });
}

/** An unexpected error ends the worker, and reaches the editor as its `error` event. */
async function answer(port: MessagePort): Promise<void> {
  port.postMessage(await make(SynthesisJob.parse(workerData), port).catch(explained));
}

function explained(error: unknown): SynthesisAnswer {
  if (error instanceof TeacherError) {
    return { type: "stopped", kind: error.kind, message: error.message };
  }
  if (!(error instanceof InputError)) throw error;
  const { message, hint } = error;
  return { type: "wrong", message, ...(hint !== undefined && { hint }) };
}

if (parentPort) void answer(parentPort);
