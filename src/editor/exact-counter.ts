import { Worker } from "node:worker_threads";
import { InputError } from "../policy/errors.ts";
import { TokenAnswer, type TokenJob } from "./token-job.ts";

interface Waiting {
  resolve: (counts: number[]) => void;
  reject: (error: Error) => void;
}

/** Counts tokens with a `tokenizer.json`, in a worker thread that lives as long as it is of use. */
export class ExactCounter {
  readonly #program: string;
  readonly #limitMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #id = 0;

  /**
   * @param program path of the bundled `token-worker.js`.
   * @param limitMs how long one count may take before the thread is ended.
   */
  constructor(program: string, limitMs = 30_000) {
    this.#program = program;
    this.#limitMs = limitMs;
  }

  dispose(): void {
    this.#end(new InputError("counting was ended"));
  }

  /**
   * @returns the tokens of each text, in their order.
   * @throws {InputError} when the file cannot be read as a tokenizer, or takes too long.
   */
  async count(path: string, texts: string[]): Promise<number[]> {
    const worker = (this.#worker ??= this.#start());
    const job: TokenJob = { id: ++this.#id, path, texts };
    const seconds = this.#limitMs / 1000;
    const timer = setTimeout(
      () => this.#end(new InputError(`${path} took more than ${seconds} seconds to count`)),
      this.#limitMs,
    );
    try {
      return await new Promise<number[]>((resolve, reject) => {
        this.#waiting.set(job.id, { resolve, reject });
        worker.postMessage(job);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(job.id);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#program);
    worker.unref();
    worker.on("message", (message: unknown) => this.#settle(TokenAnswer.parse(message)));
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#end(error);
    });
    return worker;
  }

  #settle(answer: TokenAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (answer.type === "counted") waiting?.resolve(answer.counts);
    else waiting?.reject(new InputError(answer.message));
  }

  /** Ends the thread; the next count starts another. */
  #end(error: Error): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
