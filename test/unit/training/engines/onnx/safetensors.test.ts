import fc from "fast-check";
import { expect, test } from "vitest";
import {
  readSafetensors,
  writeSafetensors,
} from "../../../../../src/training/engines/onnx/safetensors.ts";

const tensor = fc.array(fc.nat({ max: 4 }), { maxLength: 3 }).chain((dims) => {
  const size = dims.reduce((a, b) => a * b, 1);
  return fc.record({
    dims: fc.constant(dims),
    data: fc.float32Array({ minLength: size, maxLength: size }),
  });
});
const name = fc.string().filter((text) => text !== "__metadata__" && text !== "__proto__");

test("reading gives back what was written", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, tensor)), (entries) => {
      const tensors = new Map(entries);
      const read = readSafetensors(writeSafetensors(tensors, { step: "7" }));
      expect(read).toEqual({ tensors, metadata: { step: "7" } });
    }),
  );
});

test("any cut of a file is refused by one clear line", () => {
  const file = writeSafetensors(
    new Map([["a", { dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]),
  );
  for (let length = 0; length < file.length; length++) {
    expect(() => readSafetensors(file.subarray(0, length))).toThrow(/^safetensors: /);
  }
});

test("any bytes are read or refused, never worse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        readSafetensors(bytes);
      } catch (error) {
        expect((error as Error).name).toBe("InputError");
      }
    }),
  );
});

test("other types than F32 are named", () => {
  const header = '{"w":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}} ';
  const file = new Uint8Array(8 + header.length + 2);
  file[0] = header.length;
  file.set(new TextEncoder().encode(header), 8);
  expect(() => readSafetensors(file)).toThrow("w is F16, not F32");
});

test("reads from a Buffer without sharing its memory", () => {
  const data = Float32Array.of(1, 2, 3);
  const file = Buffer.from(writeSafetensors(new Map([["x", { dims: [3], data }]])));
  const { tensors } = readSafetensors(file);
  file.fill(0);
  expect(tensors.get("x")).toEqual({ dims: [3], data });
});
