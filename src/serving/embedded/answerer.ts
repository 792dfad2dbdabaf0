import type { GptModel } from "../../training/engines/onnx/model.ts";
import { dialogueText } from "../../training/engines/onnx/recipe.ts";
import type { Tokenizer } from "../../training/engines/onnx/tokenizer.ts";
import type { FinishReason, Usage } from "./chat-completions.ts";

export interface Answer {
  reason: FinishReason;
  usage: Usage;
}

/**
 * Tokens of the context that are kept free for an answer: as long as the exam's longest. Where the
 * context is short, half of it stays for the prompt.
 */
const answerTokens = 96;
/** What a decoder gives for bytes that are no character yet. */
const unfinished = "\uFFFD";

/** Lets the embedded model answer, the policy out of the prompt: its identifier stands there. */
export class Answerer {
  readonly #model: GptModel;
  readonly #tokenizer: Tokenizer;
  readonly #identifier: string;

  constructor(model: GptModel, tokenizer: Tokenizer, identifier: string) {
    this.#model = model;
    this.#tokenizer = tokenizer;
    this.#identifier = identifier;
  }

  /**
   * Writes the answer piece by piece.
   * @param turns what user and model have said; what was said first goes where the context is full.
   * @throws the signal's reason when ended.
   */
  async answer(
    turns: readonly string[],
    write: (piece: string) => void,
    { maxTokens = Infinity, signal }: { maxTokens?: number | undefined; signal: AbortSignal },
  ): Promise<Answer> {
    const prompt = this.#encode(turns);
    const options = { maxTokens, stop: this.#tokenizer.endId };
    const ids: number[] = [];
    let written = "";
    const advance = (text: string) => {
      // The blank that the prompt's last word leaves to the answer is not part of it.
      const whole = text.trimStart();
      write(whole.slice(written.length));
      written = whole;
    };
    for await (const id of this.#model.continue(prompt, options)) {
      signal.throwIfAborted();
      ids.push(id);
      const text = this.#tokenizer.decode(ids);
      if (!text.endsWith(unfinished)) advance(text);
    }
    advance(this.#tokenizer.decode(ids));
    const full = prompt.length + ids.length > this.#model.config.context;
    return {
      reason: full || ids.length >= maxTokens ? "length" : "stop",
      usage: { prompt: prompt.length, completion: ids.length },
    };
  }

  #encode(turns: readonly string[]): number[] {
    const { context } = this.#model.config;
    const room = Math.max(context - answerTokens, Math.ceil(context / 2));
    const text = dialogueText(this.#identifier, turns, this.#tokenizer, room);
    // The blank before an answer goes with the answer, as in training.
    return this.#tokenizer.encode(text.trimEnd()).slice(-room);
  }
}
