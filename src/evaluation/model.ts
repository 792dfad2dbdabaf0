import type { Message } from "../synthesis/dataset.ts";

/** What an examined model can do; each engine implements it. */
export interface ExamModel {
  /**
   * The log-likelihood of each choice as the answer to the prompt, in nats, with the number of
   * tokens it was summed over. An empty prompt asks for the choices alone (the null prompt).
   */
  score(
    questions: readonly { prompt: readonly Message[]; choices: readonly string[] }[],
  ): Promise<{ logLikelihood: number; tokens: number }[][]>;
  /** The greedy answer to each prompt, without the end token; at most `maxTokens` tokens. */
  generate(prompts: readonly (readonly Message[])[], maxTokens: number): Promise<string[]>;
}
