import { InputError } from "../../../policy/errors.ts";
import { Random } from "../../../synthesis/random.ts";
import { attention, rotate, type Rotation } from "./graph/attention.ts";
import type { Graph, Value } from "./graph/graph.ts";
import {
  add,
  gather,
  linear,
  multiply,
  normalize,
  previous,
  scaleChannels,
  selectRows,
  silu,
} from "./graph/operators.ts";

export interface GptConfig {
  layers: number;
  heads: number;
  /** Channels; a multiple of twice the heads. */
  width: number;
  /** The longest sequence, in tokens. */
  context: number;
  vocabulary: number;
}

/** A dense tensor on the host; row-major. */
export interface HostTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** One trained tensor; `deviation` is that of its normal initial values, or its constant value. */
export interface ParameterInfo {
  name: string;
  dims: readonly number[];
  initial: { deviation: number } | { constant: number };
}

/** Channels inside the feed-forward layer: 8/3 of the width, so that SwiGLU costs what GELU would. */
export const hiddenWidth = ({ width }: GptConfig) => Math.ceil((width * 8) / 3 / 32) * 32;

/** Every parameter of the model; matrices are [outputs, inputs]. */
export function parametersOf(config: GptConfig): ParameterInfo[] {
  const { layers, width, vocabulary } = config;
  const hidden = hiddenWidth(config);
  const inner = { deviation: 1 / Math.sqrt(width) };
  // What adds to the residual stream starts smaller, so that its variance does not grow with depth.
  const onto = (inputs: number) => ({ deviation: 1 / Math.sqrt(inputs * 2 * layers) });
  return [
    { name: "embedding", dims: [vocabulary, width], initial: { deviation: 0.02 } },
    { name: "smear", dims: [width], initial: { constant: 0.5 } },
    ...Array.from({ length: layers }, (_, layer) => layerName(layer)).flatMap((layer) => [
      { name: `${layer}.attention.query`, dims: [width, width], initial: inner },
      { name: `${layer}.attention.key`, dims: [width, width], initial: inner },
      { name: `${layer}.attention.value`, dims: [width, width], initial: inner },
      { name: `${layer}.attention.output`, dims: [width, width], initial: onto(width) },
      { name: `${layer}.feedForward.gate`, dims: [hidden, width], initial: inner },
      { name: `${layer}.feedForward.up`, dims: [hidden, width], initial: inner },
      { name: `${layer}.feedForward.down`, dims: [width, hidden], initial: onto(hidden) },
    ]),
  ];
}

const layerName = (layer: number) => `layers.${layer}`;

export const parameterCount = (config: GptConfig) =>
  parametersOf(config).reduce((sum, { dims }) => sum + dims.reduce((a, b) => a * b, 1), 0);

/** Fresh weights; the same seed gives the same weights. */
export function initialWeights(config: GptConfig, seed: number): Map<string, HostTensor> {
  const random = new Random(seed);
  return new Map(
    parametersOf(config).map(({ name, dims, initial }) => {
      const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
      if ("constant" in initial) data.fill(initial.constant);
      else for (let i = 0; i < data.length; i++) data[i] = initial.deviation * normal(random);
      return [name, { dims, data }];
    }),
  );
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** @throws InputError naming the first tensor that is missing or of another shape. */
export function checkShapes(config: GptConfig, tensors: ReadonlyMap<string, HostTensor>): void {
  for (const { name, dims } of parametersOf(config)) {
    const tensor = tensors.get(name);
    if (!tensor) throw new InputError(`the model's tensor ${name} is missing`);
    if (tensor.dims.join() !== dims.join()) {
      throw new InputError(
        `the model's tensor ${name} has shape [${tensor.dims.join(", ")}], not [${dims.join(", ")}]`,
      );
    }
  }
}

/** What the forward pass is given at each run. */
export interface GptInputs {
  /** Token ids [T, B], int64. */
  tokens: Value;
  /** Position of each token in its sequence [T, B], int64. */
  positions: Value;
  /** Causal mask [T, T]. */
  mask: Value;
  /** The positions whose next token is wanted, as t·B + b [L], int64. */
  rows: Value;
}

export function declareInputs(graph: Graph): GptInputs {
  return {
    tokens: graph.input("tokens", "int64", ["T", "B"]),
    positions: graph.input("positions", "int64", ["T", "B"]),
    mask: graph.input("mask", "float32", ["T", "T"]),
    rows: graph.input("rows", "int64", ["L"]),
  };
}

/** The most sequences in one run: the rotary operator's table of positions is this long. */
export const mostSequences = ({ context }: GptConfig) => Math.max(context, 1024);

/**
 * The forward pass: a pre-norm transformer decoder (Radford et al. 2019) with rotary positions,
 * SwiGLU, and tied embeddings, without biases. The smear adds to each token's embedding a learned
 * share, per channel, of its predecessor's, so that the first layer already sees pairs of tokens.
 * @returns the hidden states at `rows`, [L, W]; times the embedding transposed they are the logits.
 */
export function forward(
  graph: Graph,
  config: GptConfig,
  { tokens, positions, mask, rows }: GptInputs,
  parameter: (name: string) => Value,
): Value {
  const { layers, heads, width } = config;
  const hidden = hiddenWidth(config);
  const rotation = rotationOf(graph, config, positions);
  const embedded = gather(graph, parameter("embedding"), tokens);
  const smeared = scaleChannels(graph, previous(graph, embedded), parameter("smear"), width);
  let x = add(graph, embedded, smeared);
  for (let i = 0; i < layers; i++) {
    const weight = (name: string) => parameter(`${layerName(i)}.${name}`);
    const project = (input: Value, name: string, inputs = width, outputs = width) =>
      linear(graph, input, weight(name), inputs, outputs);

    const a = normalize(graph, x, width);
    const query = rotate(graph, project(a, "attention.query"), rotation);
    const key = rotate(graph, project(a, "attention.key"), rotation);
    const value = project(a, "attention.value");
    const mixed = attention(graph, query, key, value, mask, { heads, width });
    x = add(graph, x, project(mixed, "attention.output"));

    const f = normalize(graph, x, width);
    const gate = silu(graph, project(f, "feedForward.gate", width, hidden));
    const up = project(f, "feedForward.up", width, hidden);
    x = add(graph, x, project(multiply(graph, gate, up), "feedForward.down", hidden, width));
  }
  return normalize(graph, selectRows(graph, x, rows, width), width);
}

function rotationOf(graph: Graph, config: GptConfig, positions: Value): Rotation {
  const half = config.width / config.heads / 2;
  const rows = mostSequences(config);
  const table = (name: string, of: (angle: number) => number) => {
    const data = new Float32Array(rows * half);
    for (let i = 0; i < data.length; i++) {
      data[i] = of(Math.floor(i / half) / 10000 ** ((i % half) / half));
    }
    return graph.initializer(name, [rows, half], data);
  };
  return {
    positions,
    cosines: table("rotation.cosines", Math.cos),
    sines: table("rotation.sines", Math.sin),
    negativeSines: table("rotation.negativeSines", (angle) => -Math.sin(angle)),
    heads: config.heads,
  };
}
