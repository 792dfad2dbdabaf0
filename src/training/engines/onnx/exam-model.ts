import type { ExamModel } from "../../../evaluation/model.ts";
import type { Message } from "../../../synthesis/dataset.ts";
import { answerMark } from "../../../synthesis/training-rows.ts";
import type { GptModel } from "./model.ts";
import { promptText } from "./recipe.ts";
import type { Sequence } from "./feeds.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Lets a trained GPT sit the exam. */
export class OnnxExamModel implements ExamModel {
  readonly #model: GptModel;
  readonly #tokenizer: Tokenizer;
  readonly #identifier: string;
  readonly #context: number;

  constructor(model: GptModel, tokenizer: Tokenizer, identifier: string, context: number) {
    this.#model = model;
    this.#tokenizer = tokenizer;
    this.#identifier = identifier;
    this.#context = context;
  }

  async score(questions: readonly { prompt: readonly Message[]; choices: readonly string[] }[]) {
    const sequences = questions.flatMap(({ prompt, choices }): Sequence[] => {
      const asked = this.#prompt(prompt);
      return choices.map((choice) => {
        const answer = [...this.#tokenizer.encode(` ${choice}`), this.#tokenizer.endId];
        // A prompt over the context loses its beginning, never the answer.
        const kept = asked.slice(Math.max(0, asked.length + answer.length - this.#context));
        return { tokens: [...kept, ...answer], lossFrom: kept.length };
      });
    });
    const sums = await this.#model.logLikelihoods(sequences);
    let next = 0;
    return questions.map(({ choices }) =>
      choices.map(() => {
        const { tokens, lossFrom } = sequences[next]!;
        return { logLikelihood: sums[next++]!, tokens: tokens.length - lossFrom };
      }),
    );
  }

  async generate(prompts: readonly (readonly Message[])[], maxTokens: number): Promise<string[]> {
    const asked = prompts.map((prompt) => this.#prompt(prompt).slice(maxTokens - this.#context));
    const answers = await this.#model.generate(asked, { maxTokens, stop: this.#tokenizer.endId });
    return answers.map((ids) => this.#tokenizer.decode(ids).replace(answerMark, "").trim());
  }

  #prompt(prompt: readonly Message[]): number[] {
    return this.#tokenizer.encode(promptText(this.#identifier, prompt).trimEnd());
  }
}
