import type { Graph, Value } from "./graph.ts";

export interface AdamWOptions {
  beta1: number;
  beta2: number;
  clipNorm: number;
}

/** One parameter with its moments, and what the backward pass found for it. */
export interface Trained {
  weight: Value;
  firstMoment: Value;
  secondMoment: Value;
  gradient: Value;
  decays: boolean;
}

/** Scalars that change at each step. */
export interface StepScalars {
  /** rate·√(1 − β2^t) / (1 − β1^t): both of Adam's corrections, moved into the rate. */
  correctedRate: Value;
  /** ε·√(1 − β2^t), which that move asks for. */
  correctedEpsilon: Value;
  /** 1 − rate · weightDecay. */
  retained: Value;
  /** 1 / (number of loss tokens): turns the summed gradient into that of the mean. */
  scale: Value;
}

export interface Updated {
  weight: Value;
  firstMoment: Value;
  secondMoment: Value;
}

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2)
 * after clipping the gradient's global norm (Pascanu et al. 2013, arXiv 1211.5063). Done tensor by
 * tensor, so that a tensor stays in the cache through all the steps of its update.
 * @returns the new values, and the gradient's norm before clipping.
 */
export function adamW(
  graph: Graph,
  trained: readonly Trained[],
  { beta1, beta2, clipNorm }: AdamWOptions,
  { correctedRate, correctedEpsilon, retained, scale }: StepScalars,
): { updated: Updated[]; norm: Value } {
  const op = (operator: string, ...inputs: Value[]) => graph.node(operator, inputs);
  const squares = trained.map(({ gradient }) => sum(graph, op("Mul", gradient, gradient)));
  const norm = op("Mul", op("Sqrt", total(graph, squares)), scale);
  const clip = op("Min", graph.scalar(1), op("Div", graph.scalar(clipNorm), norm));
  const factor = op("Mul", clip, scale);
  const firstShare = op("Mul", factor, graph.scalar(1 - beta1));
  const secondShare = op("Mul", op("Mul", factor, factor), graph.scalar(1 - beta2));
  const updated = trained.map(({ weight, firstMoment, secondMoment, gradient, decays }) => {
    const first = op(
      "Add",
      op("Mul", firstMoment, graph.scalar(beta1)),
      op("Mul", gradient, firstShare),
    );
    const second = op(
      "Add",
      op("Mul", secondMoment, graph.scalar(beta2)),
      op("Mul", op("Mul", gradient, gradient), secondShare),
    );
    const deviation = op("Add", op("Sqrt", second), correctedEpsilon);
    const change = op("Div", op("Mul", first, correctedRate), deviation);
    const kept = decays ? op("Mul", weight, retained) : weight;
    return { weight: op("Sub", kept, change), firstMoment: first, secondMoment: second };
  });
  return { updated, norm };
}

/**
 * All elements summed. The WebGPU provider gives each result of a reduction to one group of threads:
 * row by row first, so that a large matrix keeps more than one busy.
 */
function sum(graph: Graph, x: Value): Value {
  const rows =
    graph.device === "cpu"
      ? x
      : graph.node("ReduceSum", [x, graph.integers([-1])], { keepdims: 1 });
  return graph.node("ReduceSum", [rows], { keepdims: 0 });
}

/** Sums pair by pair: no node has more than two inputs, which GPU providers limit. */
function total(graph: Graph, values: readonly Value[]): Value {
  const [first, ...rest] = values;
  if (!first) throw new Error("nothing to sum");
  return rest.reduce((sum, value) => graph.node("Add", [sum, value]), first);
}
