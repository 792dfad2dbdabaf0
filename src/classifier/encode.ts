import type { CategoryQuestion } from "../policy/model-classifier.ts";
import type { Pieces } from "../policy/pieces.ts";

/** What the network reads of a statement. */
export interface Encoded {
  /** Ids of its first pieces, at least one; nearly all statements have fewer than the limit. */
  tokens: number[];
  features: readonly number[];
}

/** The id of what the vocabulary does not have. */
const unknown = 0;

/** A question as the network was trained on it (`test/bench/reading/model`). */
export function encode(pieces: Pieces, { text, features }: CategoryQuestion): Encoded {
  const tokens = pieces.encode(text, 96);
  return { tokens: tokens.length > 0 ? tokens : [unknown], features };
}
