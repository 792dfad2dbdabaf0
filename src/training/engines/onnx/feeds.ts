import { Tensor } from "onnxruntime-node";
import { mostSequences, type GptConfig } from "./gpt.ts";

/** A text as tokens; the loss is taken on predicting `tokens[i]` for i ≥ max(lossFrom, 1). */
export interface Sequence {
  tokens: readonly number[];
  lossFrom: number;
}

/** A batch as the graphs take it. */
export type BatchFeeds = {
  tokens: Tensor;
  positions: Tensor;
  mask: Tensor;
  rows: Tensor;
  targets: Tensor;
};

/** Number of tokens of a sequence that carry loss. */
export const lossTokens = ({ tokens, lossFrom }: Sequence) =>
  Math.max(0, tokens.length - Math.max(lossFrom, 1));

/**
 * Lays sequences side by side as [T, B], padded at their ends; with a causal mask the padding is
 * seen by no real token. The rows and targets are those of the loss tokens, sequence by sequence.
 * @throws RangeError when a sequence is longer than the context plus the token it predicts, or
 * there are too many of them.
 */
export function feedsOf(config: GptConfig, batch: readonly Sequence[]): BatchFeeds {
  const longest = batch.reduce((most, { tokens }) => Math.max(most, tokens.length - 1), 1);
  if (longest > config.context) {
    throw new RangeError(
      `a sequence of ${longest + 1} tokens does not fit a context of ${config.context}`,
    );
  }
  const width = batch.length;
  if (width > mostSequences(config)) throw new RangeError(`${width} sequences in one batch`);
  const tokens = new BigInt64Array(longest * width);
  const rows: bigint[] = [];
  const targets: bigint[] = [];
  batch.forEach((sequence, b) => {
    const length = sequence.tokens.length;
    for (let t = 0; t < length - 1; t++) tokens[t * width + b] = BigInt(sequence.tokens[t]!);
    for (let i = Math.max(sequence.lossFrom, 1); i < length; i++) {
      rows.push(BigInt((i - 1) * width + b));
      targets.push(BigInt(sequence.tokens[i]!));
    }
  });
  return {
    ...contextFeeds(longest, width),
    tokens: new Tensor("int64", tokens, [longest, width]),
    rows: indices(rows),
    targets: indices(targets),
  };
}

/** Positions and causal mask of a batch of `width` sequences of `length` tokens. */
export function contextFeeds(length: number, width: number) {
  const positions = new BigInt64Array(length * width);
  for (let i = 0; i < positions.length; i++) positions[i] = BigInt(Math.floor(i / width));
  const mask = new Float32Array(length * length);
  for (let row = 0; row < length; row++)
    mask.fill(hidden, row * length + row + 1, (row + 1) * length);
  return {
    positions: new Tensor("int64", positions, [length, width]),
    mask: new Tensor("float32", mask, [length, length]),
  };
}

/** Large enough that its exponential is 0; finite, since GPUs may treat infinities loosely. */
const hidden = -1e9;

export const indices = (values: readonly bigint[]) =>
  new Tensor("int64", BigInt64Array.from(values), [values.length]);
