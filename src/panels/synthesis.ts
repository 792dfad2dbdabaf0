import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { InputError } from "../policy/errors.ts";
import { SynthesisAnswer, type SynthesisJob } from "./synthesis-job.ts";

/**
 * Parses a policy file and saves its dataset, in a worker thread.
 * @param program path of the bundled `synthesizer.js`.
 * @returns the dataset folder.
 * @throws {InputError} when the policy cannot be read or has no statements.
 */
export async function synthesizeInWorker(
  program: string,
  job: SynthesisJob,
): Promise<{ folder: string; rows: number }> {
  const worker = new Worker(program, { workerData: job });
  try {
    const [message] = (await once(worker, "message")) as [unknown];
    const answer = SynthesisAnswer.parse(message);
    if (answer.type === "wrong") throw new InputError(answer.message, answer.hint);
    return answer;
  } finally {
    await worker.terminate();
  }
}
