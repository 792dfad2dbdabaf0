import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { TeacherError, type TeacherPort, type TeacherUsage } from "../teacher.ts";
import {
  estimateBatch,
  instructionsFor,
  materialOf,
  readAnswer,
  type TaskAnswer,
  taskPrompt,
} from "./prompts.ts";
import { type TaughtKind, taughtKinds, type Task } from "./tasks.ts";

/** Answers that were paid for, by `answerKey`. */
export interface AnswerCache {
  get(key: string): Promise<TaskAnswer | undefined>;
  put(key: string, answer: TaskAnswer): Promise<void>;
}

export interface Sampling {
  /** Names the model and where it answers, as the teacher does. */
  model: string;
  /** Left to the model when not given. */
  temperature?: number;
}

export interface AskOptions {
  cache: AnswerCache;
  temperature?: number;
  /** Questions under way at a time. */
  concurrency: number;
  signal: AbortSignal;
  /** Called with the number of tasks that are answered, and of all. */
  progress?: (answered: number, all: number) => void;
}

export interface Asked {
  answers: ReadonlyMap<Task, TaskAnswer>;
  /** What was used now; answers from the cache use nothing. */
  usage: TeacherUsage;
}

/** Puts tasks to a teacher, or to what it answered before. @throws TeacherError */
export type Ask = (tasks: readonly Task[]) => Promise<ReadonlyMap<Task, TaskAnswer>>;

/** Tasks in one question: enough to share the instructions, few enough to answer with care. */
const batchSize = 4;
/** A task whose answer cannot be read is put once more, alone. */
const takes = 2;

/**
 * The name of an answer: the same statement, prompt, model and sampling are never paid for twice,
 * unless its rows are made anew.
 * @param take which time the same is asked, from 0.
 */
export function answerKey(title: string, task: Task, sampling: Sampling, take: number): string {
  const { model, temperature } = sampling;
  const { kind, round } = task;
  const again = round === 0 ? [] : [round];
  const asked = [instructionsFor(task), title, kind, materialOf(task), ...again];
  return bytesToHex(
    sha256(utf8ToBytes(JSON.stringify([1, model, temperature ?? null, take, asked]))),
  );
}

/**
 * Puts all tasks to a teacher, those of one kind in batches. What is answered goes to the cache at
 * once, so that whatever ends the work, the next call goes on from there.
 * @throws TeacherError that ended it: cancelled, no quota, no permission, no such model.
 */
export async function askAll(
  teacher: TeacherPort,
  title: string,
  tasks: readonly Task[],
  { cache, temperature, concurrency, signal, progress }: AskOptions,
): Promise<Asked> {
  const chosen = temperature !== undefined && { temperature };
  const sampling = { model: teacher.model, ...chosen };
  const answers = new Map<Task, TaskAnswer>();
  const usage: TeacherUsage = { prompt: 0, completion: 0 };
  for (let take = 0; take < takes; take++) {
    const key = (task: Task) => answerKey(title, task, sampling, take);
    const unread = tasks.filter((task) => answers.get(task)?.problem !== undefined || take === 0);
    const open = await withoutCached(unread, key, cache, answers);
    progress?.(answered(answers), tasks.length);
    await eachOf(batchesOf(open, take === 0 ? batchSize : 1), concurrency, async (batch) => {
      const reply = await teacher.complete(taskPrompt(title, batch), { signal, ...chosen });
      usage.prompt += reply.usage.prompt;
      usage.completion += reply.usage.completion;
      for (const [index, answer] of readAnswer(reply.text, batch).entries()) {
        await cache.put(key(batch[index]!), answer);
        answers.set(batch[index]!, answer);
      }
      progress?.(answered(answers), tasks.length);
    });
  }
  // In the order of the tasks, whichever was answered first: the same answers make the same dataset.
  const ordered = tasks.flatMap((task): [Task, TaskAnswer][] => {
    const answer = answers.get(task);
    return answer ? [[task, answer]] : [];
  });
  return { answers: new Map(ordered), usage };
}

export interface AskEstimate {
  /** Tasks that are not answered yet, and all. */
  open: number;
  all: number;
  questions: number;
  /** Tokens, about. */
  usage: TeacherUsage;
}

/** What `askAll` would use, as far as one can tell before. */
export async function estimateAsking(
  title: string,
  tasks: readonly Task[],
  sampling: Sampling,
  cache: AnswerCache,
): Promise<AskEstimate> {
  const key = (task: Task) => answerKey(title, task, sampling, 0);
  const open = await withoutCached(tasks, key, cache, new Map());
  const batches = batchesOf(open, batchSize);
  const usage = { prompt: 0, completion: 0 };
  for (const batch of batches) {
    const { prompt, completion } = estimateBatch(title, batch);
    usage.prompt += prompt;
    usage.completion += completion;
  }
  return { open: open.length, all: tasks.length, questions: batches.length, usage };
}

/** Whether `askAll` would ask nothing. */
export async function areAnswered(
  title: string,
  tasks: readonly Task[],
  sampling: Sampling,
  cache: AnswerCache,
): Promise<boolean> {
  for (const task of tasks) {
    for (let take = 0; take < takes; take++) {
      const answer = await cache.get(answerKey(title, task, sampling, take));
      if (answer === undefined) return false;
      if (answer.problem === undefined) break;
    }
  }
  return true;
}

async function withoutCached(
  tasks: readonly Task[],
  key: (task: Task) => string,
  cache: AnswerCache,
  answers: Map<Task, TaskAnswer>,
): Promise<Task[]> {
  const open: Task[] = [];
  for (const task of tasks) {
    const known = await cache.get(key(task));
    if (known) answers.set(task, known);
    else open.push(task);
  }
  return open;
}

function answered(answers: ReadonlyMap<Task, TaskAnswer>): number {
  return [...answers.values()].filter(({ problem }) => problem === undefined).length;
}

function batchesOf(tasks: readonly Task[], size: number): Task[][] {
  return taughtKinds.flatMap((kind: TaughtKind) => {
    const same = tasks.filter((task) => task.kind === kind);
    return Array.from({ length: Math.ceil(same.length / size) }, (_, index) =>
      same.slice(index * size, (index + 1) * size),
    );
  });
}

/**
 * Works on some items at a time. The first error ends it: what is under way ends first, so that no
 * answer that was paid for is lost.
 */
async function eachOf<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, worker));
  if (failures.length > 0) throw worst(failures);
}

/** A cancelled question follows from another failure, or from the user; it tells least. */
function worst(failures: readonly unknown[]): unknown {
  const told = failures.find(
    (error) => !(error instanceof TeacherError) || error.kind !== "cancelled",
  );
  return told ?? failures[0];
}
