import { parsePolicy } from "../../../../src/policy/parse.ts";
import type { AnswerCache } from "../../../../src/synthesis/teaching/ask.ts";
import type { TaskAnswer } from "../../../../src/synthesis/teaching/prompts.ts";
import { policyText } from "../../training/fixture.ts";

export const policy = parsePolicy(policyText, { path: "key-desk.md" });

export class MemoryCache implements AnswerCache {
  readonly answers = new Map<string, TaskAnswer>();

  get(key: string): Promise<TaskAnswer | undefined> {
    return Promise.resolve(this.answers.get(key));
  }

  put(key: string, answer: TaskAnswer): Promise<void> {
    this.answers.set(key, answer);
    return Promise.resolve();
  }
}
