import { Tensor } from "onnxruntime-node";
import { describe, test } from "vitest";
import {
  add,
  crossEntropy,
  gather,
  linear,
  multiply,
  normalize,
  previous,
  scaleChannels,
  selectRows,
  silu,
} from "../../../../../../src/training/engines/onnx/graph/operators.ts";
import { attention, rotate } from "../../../../../../src/training/engines/onnx/graph/attention.ts";
import { contextFeeds } from "../../../../../../src/training/engines/onnx/feeds.ts";
import { expectTrueGradientsOn } from "./finite-differences.ts";

const integers = (values: number[], dims: number[]) =>
  new Tensor("int64", BigInt64Array.from(values, BigInt), dims);

/** Each spelling of the graph, on the CPU: what a GPU gets is made of standard operators too. */
describe.each(["cpu", "gpu"] as const)("gradients equal central differences, %s", (device) => {
  const expectTrueGradients = expectTrueGradientsOn(device);

  test("gather, a row taken twice", async () => {
    const indices = integers([2, 0, 2, 3], [2, 2]);
    await expectTrueGradients(
      { table: [5, 3] },
      [2, 2, 3],
      (graph, { table, indices }) => gather(graph, table!, indices!),
      { indices },
    );
  });

  test("selectRows", async () => {
    await expectTrueGradients(
      { x: [3, 2, 4] },
      [3, 4],
      (graph, { x, rows }) => selectRows(graph, x!, rows!, 4),
      { rows: integers([5, 0, 2], [3]) },
    );
  });

  test("linear", async () => {
    await expectTrueGradients({ x: [2, 3, 4], weight: [5, 4] }, [2, 3, 5], (graph, inputs) =>
      linear(graph, inputs["x"]!, inputs["weight"]!, 4, 5),
    );
  });

  test("add", async () => {
    await expectTrueGradients({ a: [2, 3], b: [2, 3] }, [2, 3], (graph, { a, b }) =>
      add(graph, a!, b!),
    );
  });

  test("a value used twice gets the sum of both gradients", async () => {
    await expectTrueGradients({ a: [2, 3] }, [2, 3], (graph, { a }) =>
      add(graph, multiply(graph, a!, a!), a!),
    );
  });

  test("multiply", async () => {
    await expectTrueGradients({ a: [2, 3], b: [2, 3] }, [2, 3], (graph, { a, b }) =>
      multiply(graph, a!, b!),
    );
  });

  test("scaleChannels", async () => {
    await expectTrueGradients({ x: [3, 2, 4], factors: [4] }, [3, 2, 4], (graph, inputs) =>
      scaleChannels(graph, inputs["x"]!, inputs["factors"]!, 4),
    );
  });

  test("previous", async () => {
    await expectTrueGradients({ x: [3, 2, 2] }, [3, 2, 2], (graph, { x }) => previous(graph, x!));
  });

  test("normalize", async () => {
    await expectTrueGradients({ x: [2, 2, 6] }, [2, 2, 6], (graph, { x }) =>
      normalize(graph, x!, 6),
    );
  });

  test("silu", async () => {
    await expectTrueGradients({ x: [3, 4] }, [3, 4], (graph, { x }) => silu(graph, x!));
  });

  test("crossEntropy, a target taken twice", async () => {
    await expectTrueGradients(
      { x: [3, 4], table: [5, 4] },
      [],
      (graph, { x, table, targets }) =>
        crossEntropy(graph, x!, table!, targets!, { width: 4, vocabulary: 5 }),
      { targets: integers([1, 4, 1], [3]) },
    );
  });

  test("rotate", async () => {
    const angles = [0, 0, 0.5, 0.1, 1, 0.2];
    await expectTrueGradients(
      { x: [3, 2, 8] },
      [3, 2, 8],
      (graph, { x, positions }) =>
        rotate(graph, x!, {
          positions: positions!,
          cosines: graph.floats(angles.map(Math.cos), [3, 2]),
          sines: graph.floats(angles.map(Math.sin), [3, 2]),
          negativeSines: graph.floats(
            angles.map((angle) => -Math.sin(angle)),
            [3, 2],
          ),
          heads: 2,
        }),
      { positions: contextFeeds(3, 2).positions },
    );
  });

  test("attention", async () => {
    await expectTrueGradients(
      { q: [3, 2, 4], k: [3, 2, 4], v: [3, 2, 4] },
      [3, 2, 4],
      (graph, { q, k, v, mask }) => attention(graph, q!, k!, v!, mask!, { heads: 2, width: 4 }),
      { mask: contextFeeds(3, 2).mask },
    );
  });
});
