/** Tokens to learn from; the loss counts the predictions of `tokens[i]` for `i >= max(lossFrom, 1)`. */
export interface Sequence {
  tokens: readonly number[];
  lossFrom: number;
}
