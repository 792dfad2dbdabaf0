import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import Pbf from "pbf";
import { expect, test } from "vitest";
import {
  crc32c,
  record,
  TensorBoardLog,
} from "../../../../../src/training/engines/onnx/tensorboard.ts";
import { temporaryFolder } from "../../fixture.ts";

test("the checksum is that of RFC 3720, appendix B.4", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
});

/** The bytes of each record, by their lengths. */
function records(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    found.push(bytes.slice(at + 12, at + 12 + length));
    at += length + 16;
  }
  return found;
}

test("records follow each other, whatever is in them", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (contents) => {
      const file = Buffer.concat(contents.map(record));
      expect(records(file).map((bytes) => [...bytes])).toEqual(contents.map((bytes) => [...bytes]));
    }),
  );
});

test("an arm and stage have a file, which tells where the process began", () => {
  const folder = temporaryFolder();
  const log = new TensorBoardLog(folder);
  const step = { lr: 1e-3, tokensPerSecond: 9000, tokens: 500, loss: 4 } as const;
  log.note({ type: "stage", name: "cpt", steps: 9, arm: "internalized" });
  log.note({ type: "step", stage: "cpt", arm: "internalized", step: 7, ...step });
  log.note({ type: "step", stage: "cpt", arm: "internalized", step: 8, ...step, heldOutLoss: 5 });
  log.note({ type: "step", stage: "sft", arm: "sft-only", step: 1, ...step });
  expect(readdirSync(folder).sort()).toEqual(["internalized-cpt", "sft-only-sft"]);
  const [name, ...more] = readdirSync(join(folder, "internalized-cpt"));
  expect(more).toEqual([]);
  const events = records(readFileSync(join(folder, "internalized-cpt", name!)));
  expect(events).toHaveLength(4);
  expect(Buffer.from(events[0]!).includes("brain.Event:2")).toBe(true);
  const stepOf = (event: Uint8Array) =>
    new Pbf(event).readFields<{ step: number }>(
      (tag, result, pbf) => {
        if (tag === 2) result.step = pbf.readVarint();
      },
      { step: 0 },
    ).step;
  expect(events.map(stepOf)).toEqual([0, 7, 7, 8]);
  expect(events.map((event) => Buffer.from(event).includes("eval/loss"))).toEqual([
    false,
    false,
    false,
    true,
  ]);
});
