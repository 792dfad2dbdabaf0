import type { TrlHyperparameters } from "./hyperparameters.ts";

/** The size of a model, as its files tell it. */
export interface ModelShape {
  parameters: number;
  layers: number;
  width: number;
  /** Width of the feed-forward layers. */
  inner: number;
  vocabulary: number;
}

const gibibyte = 2 ** 30;
/** What CUDA and its libraries take before the first tensor. */
const runtimeBytes = 1.2 * gibibyte;
/** Tokens whose logits are computed at once; see TRL's chunked loss. */
const logitTokens = 256;

/**
 * Peak bytes on one device in training. Weights: 2 bytes a parameter in bfloat16, 4 in float32, about
 * 0.6 in 4 bits with their scales; what is trained takes 16 (weight, gradient and two moments in
 * float32). Activations: with checkpointing the input of every layer and all of one layer, else all of
 * all layers. An estimate of ours; the report of a run has what was measured.
 */
export function peakBytes(
  shape: ModelShape,
  hyperparameters: TrlHyperparameters,
  onGpu: boolean,
): number {
  const { method, loraRank, batchSize, contextTokens, gradientCheckpointing } = hyperparameters;
  const half = onGpu && hyperparameters.precision !== "float32" ? 2 : 4;
  const { parameters, layers, width, inner, vocabulary } = shape;
  const adapter = layers * loraRank * (8 * width + 3 * (width + inner));
  const weights =
    method === "full"
      ? 16 * parameters
      : (method === "qlora" ? 0.6 : half) * parameters + 16 * adapter;
  const tokens = batchSize * contextTokens;
  const layer = tokens * (16 * width + 6 * inner) * half;
  const activations = gradientCheckpointing
    ? tokens * width * layers * half + layer
    : layer * layers;
  const logits = Math.min(tokens, logitTokens) * vocabulary * 4 * 3;
  return weights + activations + logits + (onGpu ? runtimeBytes : 0.5 * gibibyte);
}

/** Bytes that a run writes at most: two checkpoints, the weights of a stage and the model. */
export function diskBytes(shape: ModelShape, { method, loraRank }: TrlHyperparameters): number {
  const adapter = shape.layers * loraRank * (8 * shape.width + 3 * (shape.width + shape.inner));
  const trained = method === "full" ? shape.parameters : adapter;
  return 2 * 12 * trained + 2 * 4 * trained + 0.1 * gibibyte;
}

/** Dense bfloat16 operations a second that the vendors give, by a part of the device's name. */
const peakOperations: readonly (readonly [name: string, perSecond: number])[] = [
  ["B200", 2250e12],
  ["H200", 989e12],
  ["H100", 989e12],
  ["A100", 312e12],
  ["L40S", 362e12],
  ["L4", 121e12],
  ["A10", 125e12],
  ["5090", 210e12],
  ["4090", 165e12],
  ["3090", 71e12],
  ["T4", 65e12],
  ["V100", 125e12],
];
/** The share of them that training reaches: our guess, on the careful side. */
const utilisation = 0.3;

/**
 * Seconds of the training steps; undefined for a device that is not known.
 * @param tokens of all stages and epochs.
 */
export function trainingSeconds(
  shape: ModelShape,
  { method, gradientCheckpointing }: TrlHyperparameters,
  tokens: number,
  device: string,
  devices = 1,
): number | undefined {
  const perSecond = peakOperations.find(([name]) => device.includes(name))?.[1];
  if (perSecond === undefined) return undefined;
  // Forward 2, backward 4 operations a parameter and token; frozen weights need no gradient of theirs.
  const operations = (method === "full" ? 6 : 4) + (gradientCheckpointing ? 2 : 0);
  return (operations * shape.parameters * tokens) / (perSecond * utilisation * devices);
}
