import { runtimeDomain, type Graph, type Value } from "./graph.ts";

/*
 * The differentiable operators. Activations are [T, B, W]: time, sequence of the batch, channel.
 * Time comes first so that a head of the attention is a strided view (see attention.ts).
 */

/** Row `indices[...]` of `table` [R, W]: the embedding. Result [...indices, W]. */
export function gather(graph: Graph, table: Value, indices: Value): Value {
  const output = graph.node("Gather", [table, indices], { axis: 0 });
  return graph.differentiable(output, [table], (gradient) => [
    scatterAdd(graph, zerosLike(graph, table), indices, gradient),
  ]);
}

/** Rows `rows` [L] of the activations [T, B, W], counted t·B + b. Result [L, W]. */
export function selectRows(graph: Graph, x: Value, rows: Value, width: number): Value {
  const flat = asMatrix(graph, x, width);
  const output = graph.node("Gather", [flat, rows], { axis: 0 });
  return graph.differentiable(output, [x], (gradient) => {
    const scattered = scatterAdd(graph, zerosLike(graph, flat), rows, gradient);
    return [graph.node("Reshape", [scattered, graph.node("Shape", [x])])];
  });
}

/** `x` [..., I] times `weight` [O, I] transposed, as torch's Linear without bias: [..., O]. */
export function linear(
  graph: Graph,
  x: Value,
  weight: Value,
  inputs: number,
  outputs: number,
): Value {
  const output = timesMatrix(graph, x, weight, inputs, outputs, { transB: 1 });
  return graph.differentiable(output, [x, weight], (gradient) => [
    timesMatrix(graph, gradient, weight, outputs, inputs),
    graph.node("Gemm", [asMatrix(graph, gradient, outputs), asMatrix(graph, x, inputs)], {
      transA: 1,
    }),
  ]);
}

/** Elementwise sum of two tensors of one shape. */
export function add(graph: Graph, a: Value, b: Value): Value {
  const output = graph.node("Add", [a, b]);
  return graph.differentiable(output, [a, b], (gradient) => [gradient, gradient]);
}

/** Elementwise product of two tensors of one shape. */
export function multiply(graph: Graph, a: Value, b: Value): Value {
  const output = graph.node("Mul", [a, b]);
  return graph.differentiable(output, [a, b], (gradient) => [
    graph.node("Mul", [gradient, b]),
    graph.node("Mul", [gradient, a]),
  ]);
}

/** `x` [..., W] times a factor per channel [W]. */
export function scaleChannels(graph: Graph, x: Value, factors: Value, width: number): Value {
  const output = graph.node("Mul", [x, factors]);
  return graph.differentiable(output, [x, factors], (gradient) => {
    const products = asMatrix(graph, graph.node("Mul", [gradient, x]), width);
    return [
      graph.node("Mul", [gradient, factors]),
      graph.node("ReduceSum", [products, graph.integers([0])], { keepdims: 0 }),
    ];
  });
}

/** Each position's predecessor in time; zeros before the first. `x` and result [T, B, W]. */
export function previous(graph: Graph, x: Value): Value {
  const later = graph.integers([1, 0, 0, -1, 0, 0]);
  const earlier = graph.integers([-1, 0, 0, 1, 0, 0]);
  const output = graph.node("Pad", [x, later]);
  return graph.differentiable(output, [x], (gradient) => [graph.node("Pad", [gradient, earlier])]);
}

/** Layer normalisation (Ba et al. 2016, arXiv 1607.06450) over the last axis, without gain. */
export function normalize(graph: Graph, x: Value, width: number): Value {
  const ones = graph.floats(new Array<number>(width).fill(1));
  const [output, , inverseDeviation] = graph.nodes("LayerNormalization", [x, ones], 3, {
    axis: -1,
    epsilon: { float: 1e-5 },
  }) as [Value, Value, Value];
  return graph.differentiable(output, [x], (gradient) => {
    // dx = (dy − mean(dy) − y·mean(dy·y)) / σ, each mean over the channels.
    const mean = (value: Value) =>
      graph.node("ReduceMean", [value, graph.integers([-1])], { keepdims: 1 });
    const along = mean(graph.node("Mul", [gradient, output]));
    const centred = graph.node("Sub", [gradient, mean(gradient)]);
    const tangent = graph.node("Sub", [centred, graph.node("Mul", [output, along])]);
    return [graph.node("Mul", [tangent, inverseDeviation])];
  });
}

/** x·sigmoid(x), the Swish of SwiGLU (Shazeer 2020, arXiv 2002.05202). */
export function silu(graph: Graph, x: Value): Value {
  const sigmoid = graph.node("Sigmoid", [x]);
  const output = graph.node("Mul", [x, sigmoid]);
  return graph.differentiable(output, [x], (gradient) => {
    // With y = x·s: dy/dx = s + y·(1 − s) = s + y − y·s.
    const slope = graph.node("Sub", [
      graph.node("Add", [sigmoid, output]),
      graph.node("Mul", [output, sigmoid]),
    ]);
    return [graph.node("Mul", [gradient, slope])];
  });
}

/**
 * Summed cross-entropy of the logits `x`·`table`ᵀ against `targets` [L], in nats; `x` [L, W],
 * `table` [V, W]. One operator, so that neither the logits' gradient nor one-hot targets are ever
 * written down: with p the softmax, dx = p·table − table[target], and dtable = pᵀ·x less each x
 * at its target's row.
 */
export function crossEntropy(
  graph: Graph,
  x: Value,
  table: Value,
  targets: Value,
  { width, vocabulary }: { width: number; vocabulary: number },
): Value {
  const logits = timesMatrix(graph, x, table, width, vocabulary, { transB: 1 });
  const p = graph.node("Softmax", [logits], { axis: -1 });
  const column = graph.node("Unsqueeze", [targets, graph.integers([1])]);
  const chosen = graph.node("GatherElements", [p, column], { axis: 1 });
  // A probability may underflow to 0; the loss shown then stops at 87 nats, the gradient is exact.
  const floored = graph.node("Max", [chosen, graph.scalar(1e-38)]);
  const logarithms = graph.node("Log", [floored]);
  const loss = graph.node("Neg", [graph.node("ReduceSum", [logarithms], { keepdims: 0 })]);
  return graph.differentiable(loss, [x, table], (gradient) => {
    const dx = graph.node("Sub", [
      graph.node("MatMul", [p, table]),
      graph.node("Gather", [table, targets], { axis: 0 }),
    ]);
    const dense = graph.node("Gemm", [p, x], { transA: 1 });
    const dtable = scatterAdd(graph, dense, targets, graph.node("Neg", [x]));
    return [graph.node("Mul", [dx, gradient]), graph.node("Mul", [dtable, gradient])];
  });
}

/**
 * `x` [..., I] times a `matrix` [I, O], or [O, I] with `transB`: [..., O]. The WebGPU provider gets
 * it as one product of two matrices, which fills its tiles and reads the second one transposed.
 */
export function timesMatrix(
  graph: Graph,
  x: Value,
  matrix: Value,
  inputs: number,
  outputs: number,
  options: { transB?: 1 } = {},
): Value {
  if (graph.device === "cpu") {
    return options.transB
      ? batchMatMul(graph, x, matrix, options)
      : graph.node("MatMul", [x, matrix]);
  }
  const product = graph.node("Gemm", [asMatrix(graph, x, inputs), matrix], { ...options });
  const outer = graph.node("Shape", [x], { start: 0, end: -1 });
  const shape = graph.node("Concat", [outer, graph.integers([outputs])], { axis: 0 });
  return graph.node("Reshape", [product, shape]);
}

/** log of the softmax over the last axis. */
export function logSoftmax(graph: Graph, logits: Value): Value {
  if (graph.device === "cpu") return graph.node("LogSoftmax", [logits], { axis: -1 });
  // The WebGPU provider lacks the operator, and would carry all logits to the CPU.
  const last = graph.integers([-1]);
  const largest = graph.node("ReduceMax", [logits, last], { keepdims: 1 });
  const shifted = graph.node("Sub", [logits, largest]);
  const sum = graph.node("ReduceSum", [graph.node("Exp", [shifted]), last], { keepdims: 1 });
  return graph.node("Sub", [shifted, graph.node("Log", [sum])]);
}

interface MatMulOptions {
  transA?: 1;
  transB?: 1;
  /** The operand is [M, batch, K] instead of [batch, M, K]. */
  transBatchA?: 1;
  transBatchB?: 1;
  alpha?: { float: number };
}

/**
 * Matrix products of operands that are read transposed: by ONNX Runtime's own operator without a
 * copy, where there is one. Its WebGPU provider has none and would hand each product to the CPU.
 */
export function batchMatMul(graph: Graph, a: Value, b: Value, options: MatMulOptions): Value {
  const { transA, transB, transBatchA, transBatchB, alpha } = options;
  if (graph.device === "cpu") {
    return graph.node("FusedMatMul", [a, b], { ...options }, runtimeDomain);
  }
  const left = transposed(graph, a, transA, transBatchA);
  const scaled = alpha ? graph.node("Mul", [left, graph.scalar(alpha.float)]) : left;
  return graph.node("MatMul", [scaled, transposed(graph, b, transB, transBatchB)]);
}

function transposed(graph: Graph, x: Value, matrix?: 1, batch?: 1): Value {
  if (!matrix && !batch) return x;
  const perm = !batch ? [0, 2, 1] : matrix ? [1, 2, 0] : [1, 0, 2];
  return graph.node("Transpose", [x], { perm });
}

/** [..., W] seen as [rows, W]; no copy. */
export function asMatrix(graph: Graph, x: Value, width: number): Value {
  return graph.node("Reshape", [x, graph.integers([-1, width])]);
}

function zerosLike(graph: Graph, x: Value): Value {
  const shape = graph.node("Shape", [x]);
  // The WebGPU provider lacks the former: zeros would be made on the CPU and carried over.
  return graph.device === "cpu"
    ? graph.node("ConstantOfShape", [shape])
    : graph.node("Expand", [graph.scalar(0), shape]);
}

/** `base` [R, W] with `updates` [..., W] added to its rows `indices` [...]. */
function scatterAdd(graph: Graph, base: Value, indices: Value, updates: Value): Value {
  const places = graph.node("Unsqueeze", [indices, graph.integers([-1])]);
  return graph.node("ScatterND", [base, places, updates], { reduction: "add" });
}
