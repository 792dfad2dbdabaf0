import type { GptConfig } from "../../../src/training/engines/onnx/gpt.ts";

export interface BenchSize {
  config: GptConfig;
  /** Sequences in a batch, and tokens in each; every token carries loss. */
  sequences: number;
  tokens: number;
  /** Steps that are timed, after `warmup` that are not. */
  steps: number;
  warmup: number;
}

/** The default model as the demo trains it, and a larger one, whose steps are mostly matrix products. */
export const sizes: Readonly<Record<string, BenchSize>> = {
  "1.1M": {
    config: { layers: 4, heads: 4, width: 128, context: 256, vocabulary: 2048 },
    sequences: 16,
    tokens: 32,
    steps: 200,
    warmup: 20,
  },
  "4.3M": {
    config: { layers: 4, heads: 8, width: 256, context: 256, vocabulary: 4096 },
    sequences: 8,
    tokens: 256,
    steps: 20,
    warmup: 3,
  },
};
