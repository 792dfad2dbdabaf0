import { Worker } from "node:worker_threads";
import type { Logger } from "../editor/logger.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import { TeacherError, type TeacherPort } from "../synthesis/teacher.ts";
import type { AskEstimate } from "../synthesis/teaching/ask.ts";
import { SynthesisAnswer, type SynthesisJob, type SynthesisReply } from "./synthesis-job.ts";

/** Who answers the worker's questions, and who watches. */
export interface SynthesisCompany {
  teacher?: TeacherPort;
  /** Stops the teacher; the grammar alone takes a second and does not stop. */
  signal?: AbortSignal;
  progress?: (answered: number, all: number) => void;
  /** Told, before anything is written, what will be made anew. */
  plan?: (words: string) => void;
}

/** What will be made anew shows while the work goes on, and stands in the log afterwards. */
export function planTeller(
  report: (message: string) => void,
  logger: Pick<Logger, "info">,
): (words: string) => void {
  return (words) => {
    logger.info(words);
    report(words);
  };
}

export interface MadeDataset {
  /** The dataset folder. */
  folder: string;
  rows: number;
  /** Requirements of coverage that are not met. */
  gaps: number;
  /** Rows of the teacher that failed a check. */
  refused: number;
  /** What was made anew, in one line; absent when the dataset was. */
  words?: string | undefined;
}

/**
 * Parses a policy file and saves its dataset, in a worker thread.
 * @param program path of the bundled `synthesizer.js`.
 * @throws {InputError} when the policy or its tools cannot be read, or there are no statements.
 * @throws {TeacherError} when the teacher ended it; what was answered is in the cache.
 */
export async function synthesizeInWorker(
  program: string,
  job: Omit<SynthesisJob, "estimate">,
  company: SynthesisCompany = {},
): Promise<MadeDataset> {
  const answer = await work(program, job, company);
  if (answer.type !== "done") throw new Error(`the worker said ${answer.type}`);
  return answer;
}

/** What the job's teacher would use; nothing is asked and nothing is written. */
export async function estimateInWorker(program: string, job: SynthesisJob): Promise<AskEstimate> {
  const answer = await work(program, { ...job, estimate: true }, {});
  if (answer.type !== "estimate") throw new Error(`the worker said ${answer.type}`);
  return answer;
}

type LastWord = Extract<SynthesisAnswer, { type: "done" | "estimate" }>;

async function work(
  program: string,
  job: SynthesisJob,
  { teacher, signal, progress, plan }: SynthesisCompany,
): Promise<LastWord> {
  const worker = new Worker(program, { workerData: job });
  const questions = new AbortController();
  const stop = () => {
    worker.postMessage({ type: "stop" } satisfies SynthesisReply);
    questions.abort();
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise<LastWord>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("The worker thread ended without a last word.")));
      worker.on("message", (message: unknown) => {
        const answer = SynthesisAnswer.parse(message);
        switch (answer.type) {
          case "ask":
            void reply(worker, teacher, answer, questions.signal);
            return;
          case "progress":
            progress?.(answer.answered, answer.all);
            return;
          case "plan":
            plan?.(answer.words);
            return;
          case "wrong":
            reject(new InputError(answer.message, answer.hint));
            return;
          case "stopped":
            reject(new TeacherError(answer.kind, answer.message));
            return;
          default:
            resolve(answer);
        }
      });
      if (signal?.aborted) stop();
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    questions.abort();
    await worker.terminate();
  }
}

async function reply(
  worker: Worker,
  teacher: TeacherPort | undefined,
  { id, messages }: Extract<SynthesisAnswer, { type: "ask" }>,
  signal: AbortSignal,
): Promise<void> {
  worker.postMessage(await answered().catch(failed));

  async function answered(): Promise<SynthesisReply> {
    if (!teacher) throw new TeacherError("failed", "There is no teacher.");
    const { text, usage } = await teacher.complete(messages, { signal });
    return { type: "reply", id, text, usage };
  }

  function failed(error: unknown): SynthesisReply {
    if (!(error instanceof TeacherError)) {
      const message = messageOf(error);
      return { type: "error", id, kind: "failed", message };
    }
    const { kind, message, retryAfterMs } = error;
    return {
      type: "error",
      id,
      kind,
      message,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
}
