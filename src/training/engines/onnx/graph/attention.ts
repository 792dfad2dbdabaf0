import { batchMatMul } from "./operators.ts";
import { runtimeDomain, type Graph, type Value } from "./graph.ts";

/** The cosines and sines of rotary positions, and where each token stands. */
export interface Rotation {
  /** Position of each token [T, B], int64. */
  positions: Value;
  /** [P, D/2], a row per position. */
  cosines: Value;
  sines: Value;
  /** The sines negated: they turn back. */
  negativeSines: Value;
  heads: number;
}

/**
 * Rotary positions (Su et al. 2021, arXiv 2104.09864), the halves of a head rotated against each
 * other as in GPT-NeoX and Llama. `x` and result [T, B, H·D].
 */
export function rotate(graph: Graph, x: Value, rotation: Rotation): Value {
  const { positions, cosines, sines, negativeSines, heads } = rotation;
  const turn = (value: Value, by: Value) =>
    graph.node(
      "RotaryEmbedding",
      [value, positions, cosines, by],
      { num_heads: heads, rotary_embedding_dim: 0, interleaved: 0 },
      runtimeDomain,
    );
  const output = turn(x, sines);
  // A rotation's transpose is the rotation back.
  return graph.differentiable(output, [x], (gradient) => [turn(gradient, negativeSines)]);
}

/**
 * Causal softmax attention (Vaswani et al. 2017, arXiv 1706.03762), head by head. With time first,
 * [T, B, H·D] is [T, B·H, D] without a copy, and the matrix products read their operands with the
 * batch axis in the middle; only the four results that come out batch-first are transposed.
 * @param mask [T, T], added to the scores: 0 where row may see column, very negative elsewhere.
 */
export function attention(
  graph: Graph,
  queries: Value,
  keys: Value,
  values: Value,
  mask: Value,
  { heads, width }: { heads: number; width: number },
): Value {
  const size = width / heads;
  const alpha = { float: 1 / Math.sqrt(size) };
  const split = (x: Value) => graph.node("Reshape", [x, graph.integers([0, -1, size])]);
  /** [B·H, T, D] → [T, B, W]. */
  const join = (x: Value) =>
    graph.node("Reshape", [
      graph.node("Transpose", [x], { perm: [1, 0, 2] }),
      graph.integers([0, -1, width]),
    ]);
  const [q, k, v] = [split(queries), split(keys), split(values)];
  const scores = batchMatMul(graph, q, k, { transBatchA: 1, transBatchB: 1, transB: 1, alpha });
  const p = graph.node("Softmax", [graph.node("Add", [scores, mask])], { axis: -1 });
  const mixed = batchMatMul(graph, p, v, { transBatchB: 1 });
  const output = join(mixed);
  return graph.differentiable(output, [queries, keys, values], (gradient) => {
    const g = split(gradient);
    const dp = batchMatMul(graph, g, v, { transBatchA: 1, transBatchB: 1, transB: 1 });
    // ds = p·(dp − Σ dp·p), and the sum over the keys equals the sum of gradient·output over the
    // channels, which is smaller (Dao et al. 2022, arXiv 2205.14135, section B.2).
    const products = graph.node("Mul", [g, split(output)]);
    const sums = graph.node(
      "Transpose",
      [graph.node("ReduceSum", [products, graph.integers([-1])], { keepdims: 1 })],
      { perm: [1, 0, 2] },
    );
    const ds = graph.node("Mul", [p, graph.node("Sub", [dp, sums])]);
    return [
      join(batchMatMul(graph, ds, k, { transBatchB: 1, alpha })),
      join(batchMatMul(graph, ds, q, { transA: 1, transBatchB: 1, alpha })),
      join(batchMatMul(graph, p, g, { transA: 1, transBatchB: 1 })),
    ];
  });
}
