import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect } from "vitest";
import {
  type Device,
  Graph,
  type Value,
} from "../../../../../../src/training/engines/onnx/graph/graph.ts";
import { gradients } from "../../../../../../src/training/engines/onnx/graph/gradients.ts";
import { Random } from "../../../../../../src/synthesis/random.ts";

export type Shapes = Readonly<Record<string, readonly number[]>>;
type Values = Record<string, Float32Array>;

/** Other inputs of a graph: those that nothing is differentiated by. */
export type Feeds = Readonly<Record<string, Tensor>>;

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const step = 1 / 64;

/**
 * Expects an operator's gradients, in the graph of a device, to equal central differences, by every element of every input.
 * The operator's output is reduced to a scalar by a fixed random weight on each of its elements, so
 * that an error in any one of them shows.
 */
export const expectTrueGradientsOn =
  (device: Device) =>
  async (
    shapes: Shapes,
    output: readonly number[],
    build: (graph: Graph, inputs: Readonly<Record<string, Value>>) => Value,
    feeds: Feeds = {},
  ): Promise<void> => {
    const random = new Random(7);
    const noise = (size: number) =>
      Float32Array.from({ length: size }, () => random.next() * 2 - 1);
    const values: Values = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, noise(sizeOf(shape))]),
    );
    const graph = new Graph(device);
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, graph.input(name, "float32", shape)]),
    );
    for (const [name, { type, dims }] of Object.entries(feeds)) {
      inputs[name] = graph.input(name, type === "int64" ? "int64" : "float32", dims);
    }
    const result = build(graph, inputs);
    const loss = weightedSum(graph, result, Array.from(noise(sizeOf(output))), output);
    const names = Object.keys(shapes);
    const slopes = gradients(
      graph,
      loss,
      names.map((name) => inputs[name]!),
    );
    graph.output("loss", loss, []);
    names.forEach((name, i) => graph.output(`d:${name}`, slopes[i]!, shapes[name]!));

    const session = await InferenceSession.create(graph.encode(), { intraOpNumThreads: 1 });
    const run = async () =>
      session.run({
        ...feeds,
        ...Object.fromEntries(
          names.map((name) => [name, new Tensor("float32", values[name]!, [...shapes[name]!])]),
        ),
      });
    const lossNow = async () => ((await run())["loss"] as Tensor).data[0] as number;
    const analytic = await run();
    for (const name of names) {
      const computed = (analytic[`d:${name}`] as Tensor).data as Float32Array;
      const measured = new Float32Array(computed.length);
      const data = values[name]!;
      for (let i = 0; i < data.length; i++) {
        const kept = data[i]!;
        data[i] = kept + step;
        const above = await lossNow();
        data[i] = kept - step;
        const below = await lossNow();
        data[i] = kept;
        measured[i] = (above - below) / (2 * step);
      }
      expect(computed.some((slope) => slope !== 0)).toBe(true);
      for (let i = 0; i < data.length; i++) {
        expect(Math.abs(computed[i]! - measured[i]!), `d${name}[${i}]`).toBeLessThan(
          2e-3 * Math.max(1, Math.abs(measured[i]!)),
        );
      }
    }
    await session.release();
  };

/** Σ weight·value over all elements, differentiable. */
function weightedSum(
  graph: Graph,
  value: Value,
  weights: readonly number[],
  shape: readonly number[],
): Value {
  if (shape.length === 0) return value;
  const factors = graph.floats(weights, shape);
  const sum = graph.node("ReduceSum", [graph.node("Mul", [value, factors])], { keepdims: 0 });
  return graph.differentiable(sum, [value], (gradient) => [graph.node("Mul", [factors, gradient])]);
}
