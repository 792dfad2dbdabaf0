import { describe, expect, test } from "vitest";
import { initialWeights } from "../../../../../../src/training/engines/onnx/gpt.ts";
import { Graph, mostBuffers } from "../../../../../../src/training/engines/onnx/graph/graph.ts";
import { inferenceGraph } from "../../../../../../src/training/engines/onnx/model.ts";
import { lossGraph, trainingGraph } from "../../../../../../src/training/engines/onnx/session.ts";
import { readingGraph } from "../../../../../../src/training/engines/onnx/trained-state.ts";

const config = { layers: 12, heads: 2, width: 16, context: 32, vocabulary: 300 };
const optimizer = { seed: 1, beta1: 0.9, beta2: 0.98, weightDecay: 0.1, clipNorm: 1 };

describe("graphs for a GPU", () => {
  const graphs = {
    training: () => trainingGraph(config, { ...optimizer, device: "gpu" }),
    loss: () => lossGraph(config, "gpu"),
    inference: () => inferenceGraph(config, initialWeights(config, 1), "gpu"),
    reading: () => readingGraph(config),
  };

  /** What the WebGPU provider hands to the CPU, with its operands carried over. */
  const missing = ["FusedMatMul", "ConstantOfShape", "LogSoftmax"];

  test.each(Object.entries(graphs))("%s: no operator that the provider lacks", (_, build) => {
    const bytes = Buffer.from(build());
    expect(missing.filter((operator) => bytes.includes(operator))).toEqual([]);
  });

  test("for the CPU they are spelled with them", () => {
    const bytes = Buffer.from(trainingGraph(config, optimizer));
    expect(bytes.includes("FusedMatMul")).toBe(true);
  });
});

test("no operator takes more buffers than a shader has, whatever the device", () => {
  const graph = new Graph();
  const value = graph.input("x", "float32", [1]);
  const inputs = new Array<typeof value>(mostBuffers - 1).fill(value);
  expect(graph.nodes("Concat", inputs, 1, { axis: 0 })).toHaveLength(1);
  expect(() => graph.nodes("Split", [value], mostBuffers)).toThrow(
    "Split takes 9 buffers; a GPU gives 8",
  );
});
