import { Worker } from "node:worker_threads";
import type { CategoryModel, CategoryOdds, CategoryQuestion } from "../policy/model-classifier.ts";
import { CategoryAnswer, type CategoryJob } from "./category-job.ts";

interface Waiting {
  resolve: (odds: CategoryOdds[]) => void;
  reject: (error: Error) => void;
}

/** The network in a worker thread, which begins with the first question. */
export class CategoryThread implements CategoryModel {
  readonly #program: string;
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #id = 0;

  /**
   * @param program path of the bundled `category-worker.js`.
   * @param folder with the network (`media/categories`).
   */
  constructor(program: string, folder: string) {
    this.#program = program;
    this.#folder = folder;
  }

  dispose(): void {
    this.#end(new Error("the reader was closed"));
  }

  /** Rejects when the network cannot be loaded or run; the next question starts the thread anew. */
  async odds(questions: readonly CategoryQuestion[]): Promise<CategoryOdds[]> {
    if (questions.length === 0) return [];
    const worker = (this.#worker ??= this.#start());
    const job: CategoryJob = {
      id: ++this.#id,
      questions: questions.map((each) => ({ ...each, features: [...each.features] })),
    };
    try {
      return await new Promise<CategoryOdds[]>((resolve, reject) => {
        this.#waiting.set(job.id, { resolve, reject });
        worker.postMessage(job);
      });
    } finally {
      this.#waiting.delete(job.id);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { workerData: this.#folder });
    worker.unref();
    worker.on("message", (message: unknown) => {
      const { id, odds } = CategoryAnswer.parse(message);
      this.#waiting.get(id)?.resolve(odds);
    });
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#end(error);
    });
    return worker;
  }

  #end(error: Error): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
