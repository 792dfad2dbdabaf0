import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AnswerCache } from "../synthesis/teaching/ask.ts";
import { TaskAnswer } from "../synthesis/teaching/prompts.ts";
import { isMissing, writeWhole } from "../training/files.ts";
import type { IngrainFolder } from "./folder.ts";

/**
 * Answers of teachers under `.ingrain/cache/teacher`, a file each, written whole or not at all. A
 * file that is no answer counts as none: the folder may come from anyone, and its rows pass the same
 * checks as those of a teacher.
 */
export class FileAnswerCache implements AnswerCache {
  readonly #folder: string;

  constructor({ cache }: IngrainFolder) {
    this.#folder = join(cache, "teacher");
  }

  async get(key: string): Promise<TaskAnswer | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(this.#path(key), "utf8"));
      return TaskAnswer.safeParse(value).data;
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async put(key: string, answer: TaskAnswer): Promise<void> {
    const path = this.#path(key);
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, `${JSON.stringify(answer)}\n`);
  }

  /** Two levels: a folder of many thousand files is slow to look at. */
  #path(key: string): string {
    return join(this.#folder, key.slice(0, 2), `${key}.json`);
  }
}
