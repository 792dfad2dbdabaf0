import { Worker } from "node:worker_threads";
import type { z } from "zod";

interface Waiting<Answer> {
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/**
 * Calls to a worker thread that answers each by its id. The thread begins with the first call, and
 * anew with the next one after it ended.
 */
export class ThreadCalls<Answer extends { id: number }> {
  readonly #program: string;
  readonly #answer: z.ZodType<Answer>;
  readonly #workerData: unknown;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #worker: Worker | undefined;
  #id = 0;

  /**
   * @param program path of the bundled program of the thread.
   * @param answer what the thread sends back.
   * @param workerData what the program is given when it begins.
   */
  constructor(program: string, answer: z.ZodType<Answer>, workerData?: unknown) {
    this.#program = program;
    this.#answer = answer;
    this.#workerData = workerData;
  }

  /** Rejects when the thread ends before it answers. */
  async call(job: object): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#id;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        worker.postMessage({ ...job, id });
      });
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Ends the thread; whoever waits gets the error. */
  end(error: Error): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { workerData: this.#workerData });
    worker.unref();
    worker.on("message", (message: unknown) => {
      const answer = this.#answer.parse(message);
      this.#waiting.get(answer.id)?.resolve(answer);
    });
    worker.on("error", (error) => {
      if (worker === this.#worker) this.end(error);
    });
    return worker;
  }
}
