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

const large = { sequences: 16, tokens: 256, steps: 5, warmup: 2 };

/** What a GPU is for. */
export const largeSizes: Readonly<Record<string, BenchSize>> = {
  "14M": {
    config: { layers: 6, heads: 6, width: 384, context: 256, vocabulary: 8192 },
    ...large,
  },
  "34M": {
    config: { layers: 8, heads: 8, width: 512, context: 256, vocabulary: 16_384 },
    ...large,
  },
  "98M": {
    config: { layers: 12, heads: 12, width: 768, context: 256, vocabulary: 16_384 },
    ...large,
  },
};

/** @throws Error that names the sizes there are. */
export function sizeOf(name: string): BenchSize {
  const all = { ...sizes, ...largeSizes };
  const size = all[name];
  if (!size) throw new Error(`unknown size ${name}; one of ${Object.keys(all).join(", ")}`);
  return size;
}
