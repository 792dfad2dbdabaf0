import { readFile } from "node:fs/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { readPolicyText } from "../classifier/read-policy.ts";
import { decodePolicy, requireStatements } from "../policy/decode.ts";
import { InputError } from "../policy/errors.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import { describeBrokenReviews, describePlan } from "../protocol/plan.ts";
import { TeacherError } from "../synthesis/teacher.ts";
import { teachWith } from "../synthesis/teaching/again.ts";
import { areAnswered, type Ask, askAll, estimateAsking } from "../synthesis/teaching/ask.ts";
import { PatientTeacher } from "../synthesis/teaching/patient-teacher.ts";
import type { Task } from "../synthesis/teaching/tasks.ts";
import { FileAnswerCache } from "../workspace/answer-cache.ts";
import { policyPath } from "../workspace/datasets.ts";
import { ingrainFolder, type IngrainFolder } from "../workspace/folder.ts";
import { knownTasks } from "../workspace/keep-ids.ts";
import { type Again, Regenerator } from "../workspace/regenerate.ts";
import { saveRegeneration } from "../workspace/regenerated-files.ts";
import { prepareDataset, type Remake, saveRemake } from "../workspace/remake.ts";
import { RemoteTeacher } from "./remote-teacher.ts";
import { type JobTeacher, type SynthesisAnswer, SynthesisJob } from "./synthesis-job.ts";

/** The worker thread that makes a dataset: seconds of computing, away from the editor. */

async function make(job: SynthesisJob, port: MessagePort): Promise<SynthesisAnswer> {
  const { root, policy, categories, teacher, regenerate } = job;
  const path = policyPath(root, policy);
  const text = decodePolicy(await readFile(policy), path);
  const parsed = requireStatements(
    await readPolicyText(text, {
      path,
      network: categories,
      warn: (line) => port.postMessage({ type: "plan", words: line } satisfies SynthesisAnswer),
    }),
  );
  const desk = teacher && teacherDesk(teacher, ingrainFolder(root), parsed.policy.title, port);
  return regenerate
    ? makeAnew(job, regenerate, parsed, desk, port)
    : makeDataset(job, parsed, desk, port);
}

async function makeDataset(
  { root, policy, seed, estimate, teacher, weights }: SynthesisJob,
  read: ParsedPolicy,
  desk: TeacherDesk | undefined,
  port: MessagePort,
): Promise<SynthesisAnswer> {
  const folder = ingrainFolder(root);
  if (estimate && desk) return desk.estimate(await knownTasks(folder, read, seed));
  const command = commandOf(read, ["--seed", String(seed)], teacher);
  const remake = await prepareDataset(folder, read, policy, {
    ...{ seed, command },
    ...(weights && { weights }),
    ...(desk && { enrich: (parsed, written) => teachWith(desk.ask, written, parsed, desk) }),
  });
  port.postMessage({ type: "plan", words: describePlan(remake.plan) } satisfies SynthesisAnswer);
  return done(remake, await saveRemake(folder, remake), port);
}

/** Other rows in a dataset that is there. */
async function makeAnew(
  { root, policy, teacher, estimate }: SynthesisJob,
  { folder, target }: NonNullable<SynthesisJob["regenerate"]>,
  parsed: ParsedPolicy,
  desk: TeacherDesk | undefined,
  port: MessagePort,
): Promise<SynthesisAnswer> {
  const id = "row" in target ? target.row : target.statement;
  const command = commandOf(parsed, ["--regenerate", id], teacher);
  const regenerator = await Regenerator.open(folder, parsed, policy, command);
  if (estimate && desk) return desk.estimate(await regenerator.questions(target, desk));
  const made = await regenerator.make(target, desk);
  const answer = done(made, await saveRegeneration(ingrainFolder(root), made), port);
  return { ...answer, words: made.words };
}

/** The same on the command line. */
function commandOf(
  { policy }: ParsedPolicy,
  options: readonly string[],
  teacher: JobTeacher | undefined,
): string {
  const named = teacher?.arguments.map((argument) => JSON.stringify(argument)) ?? [];
  return ["ingrain", "synthesize", JSON.stringify(policy.path), ...options, ...named].join(" ");
}

function done(
  { dataset, brokenReviews }: Pick<Remake, "dataset" | "brokenReviews">,
  folder: string,
  port: MessagePort,
): Extract<SynthesisAnswer, { type: "done" }> {
  if (brokenReviews.length > 0) {
    const words = describeBrokenReviews(brokenReviews);
    port.postMessage({ type: "plan", words } satisfies SynthesisAnswer);
  }
  const { counts, coverage } = dataset.manifest;
  return {
    type: "done",
    folder,
    rows: counts.cpt + counts.sft + counts.exam,
    gaps: coverage?.gaps.length ?? 0,
    refused: dataset.refused?.length ?? 0,
  };
}

/** The teacher at the other end of the port, with the answers that it gave before. */
interface TeacherDesk extends Again {
  estimate: (tasks: readonly Task[]) => Promise<SynthesisAnswer>;
}

function teacherDesk(
  { kind, name, model, concurrency, arguments: named }: JobTeacher,
  folder: IngrainFolder,
  title: string,
  port: MessagePort,
): TeacherDesk {
  const cache = new FileAnswerCache(folder);
  const remote = new RemoteTeacher(port, { kind, name, model, concurrency, arguments: named });
  const ask: Ask = async (tasks) => {
    const { answers } = await askAll(new PatientTeacher(remote), title, tasks, {
      ...{ cache, concurrency, signal: remote.stopped },
      progress: (answered, all) =>
        port.postMessage({ type: "progress", answered, all } satisfies SynthesisAnswer),
    });
    return answers;
  };
  return {
    teacher: kind,
    model,
    ask,
    isAnswered: (tasks) => areAnswered(title, tasks, { model }, cache),
    estimate: async (tasks) => ({
      type: "estimate",
      ...(await estimateAsking(title, tasks, { model }, cache)),
    }),
  };
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
