import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { InputError } from "../policy/errors.ts";
import { SynthesisAnswer, type SynthesisJob } from "./synthesis-job.ts";

/**
 * Parses a policy file and saves its dataset, in a worker thread.
 * @param program path of the bundled `synthesizer.js`.
 * @param onPlan told, before anything is written, what will be made anew.
 * @returns the dataset folder, its rows, and how many requirements of coverage are not met.
 * @throws {InputError} when the policy or its tools cannot be read, or there are no statements.
 */
export async function synthesizeInWorker(
  program: string,
  job: SynthesisJob,
  onPlan: (words: string) => void = () => undefined,
): Promise<{ folder: string; rows: number; gaps: number }> {
  const worker = new Worker(program, { workerData: job });
  try {
    const messages = on(worker, "message", { close: ["exit"] }) as AsyncIterable<[unknown]>;
    for await (const [message] of messages) {
      const answer = SynthesisAnswer.parse(message);
      if (answer.type === "wrong") throw new InputError(answer.message, answer.hint);
      if (answer.type === "done") return answer;
      onPlan(answer.words);
    }
    throw new Error("The synthesizer ended without an answer.");
  } finally {
    await worker.terminate();
  }
}
