import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { InputError } from "../../../policy/errors.ts";
import { learnVocabulary, smallestVocabulary, specialTokens, tokenizerJson } from "./bpe.ts";

/**
 * Learns a byte-level BPE from the texts and returns the content of a Hugging Face
 * `tokenizer.json`. Deterministic: the same texts in the same order give the same file.
 * @param vocabulary the largest number of tokens; a small corpus may yield fewer.
 * @throws InputError when the vocabulary cannot hold the bytes and the special tokens.
 */
export function trainTokenizer(texts: readonly string[], vocabulary: number): string {
  if (!Number.isInteger(vocabulary) || vocabulary < smallestVocabulary) {
    throw new InputError(
      `a vocabulary of ${vocabulary} tokens is too small: it must hold at least ${smallestVocabulary}`,
    );
  }
  return tokenizerJson(learnVocabulary(texts, vocabulary));
}

const TokenizerFile = z.looseObject({
  model: z.looseObject({ type: z.literal("BPE"), vocab: z.record(z.string(), z.int()) }),
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })),
});

/** A `tokenizer.json` read by Hugging Face's library; special tokens in a text become their ids. */
export class Tokenizer {
  /** Id of the token that ends a text or an answer. */
  readonly endId: number;
  /** Number of token ids. */
  readonly vocabularySize: number;
  readonly #tokenizer: HuggingFaceTokenizer;

  private constructor(tokenizer: HuggingFaceTokenizer, vocabularySize: number, endId: number) {
    this.#tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
    this.endId = endId;
  }

  /** @throws InputError when the content is not a BPE tokenizer with an end token. */
  static fromJson(json: string): Tokenizer {
    const file = TokenizerFile.safeParse(parseJson(json));
    if (!file.success) throw new InputError("not a tokenizer.json of a BPE tokenizer");
    const { model, added_tokens } = file.data;
    const end = added_tokens.find(({ content }) => content === specialTokens[0]);
    if (!end) throw new InputError(`the tokenizer has no token ${specialTokens[0]}`);
    const ids = [...Object.values(model.vocab), ...added_tokens.map(({ id }) => id)];
    const size = ids.reduce((largest, id) => Math.max(largest, id), 0) + 1;
    return new Tokenizer(new HuggingFaceTokenizer(file.data, {}), size, end.id);
  }

  encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The inverse of {@link encode}; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: readonly number[]): string {
    if (ids.length === 0) return "";
    return this.#tokenizer.decode([...ids], {
      skip_special_tokens: false,
      clean_up_tokenization_spaces: false,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
