import { env } from "onnxruntime-node";
import { expect, test } from "vitest";
import { runtimeVersion } from "../../../../../src/training/engines/onnx/runtime.ts";

test("the version is the one that the runtime itself tells", () => {
  expect(runtimeVersion).toBe(env.versions.node);
});
