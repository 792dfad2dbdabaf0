import { CategoryAnswer, type CategoryJob } from "../classifier/category-job.ts";
import type { CategoryModel, CategoryOdds, CategoryQuestion } from "../policy/model-classifier.ts";
import { ThreadCalls } from "./thread-calls.ts";

/** The network in a worker thread, which begins with the first question. */
export class CategoryThread implements CategoryModel {
  readonly #calls: ThreadCalls<CategoryAnswer>;

  /**
   * @param program path of the bundled `category-worker.js`.
   * @param folder with the network (`media/categories`).
   */
  constructor(program: string, folder: string) {
    this.#calls = new ThreadCalls(program, CategoryAnswer, folder);
  }

  dispose(): void {
    this.#calls.end(new Error("the reader was closed"));
  }

  /** Rejects when the network cannot be loaded or run; the next question starts the thread anew. */
  async odds(questions: readonly CategoryQuestion[]): Promise<CategoryOdds[]> {
    if (questions.length === 0) return [];
    const job: Omit<CategoryJob, "id"> = {
      questions: questions.map((each) => ({ ...each, features: [...each.features] })),
    };
    return (await this.#calls.call(job)).odds;
  }
}
