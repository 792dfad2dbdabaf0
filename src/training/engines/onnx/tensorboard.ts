import { appendFileSync, mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import Pbf from "pbf";
import type { NewRunEvent } from "../../events.ts";

type Scalars = Readonly<Record<string, number>>;
type StepEvent = Extract<NewRunEvent, { type: "step" }>;

/**
 * Writes the curves of a run as TensorBoard's event files, a folder for each arm and stage, with the
 * names that transformers' own callback gives them, so that the runs of both engines lie over each
 * other. Each process writes files of its own; where a resumed run takes steps again, the newer count.
 */
export class TensorBoardLog {
  readonly #folder: string;
  readonly #files = new Map<string, string>();

  /** @param folder is made when the first step is taken. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  note(event: NewRunEvent): void {
    if (event.type !== "step") return;
    const { arm = "internalized", stage, step } = event;
    const at = Date.now() / 1000;
    const name = `${arm}-${stage}`;
    let file = this.#files.get(name);
    if (file === undefined) {
      const folder = join(this.#folder, name);
      mkdirSync(folder, { recursive: true });
      file = join(folder, `events.out.tfevents.${Math.floor(at)}.${hostname()}.${process.pid}`);
      appendFileSync(file, record(opening(at)));
      appendFileSync(file, record(beginning(at, step)));
      this.#files.set(name, file);
    }
    appendFileSync(file, record(scalarsAt(at, step, scalarsOf(event))));
  }
}

function scalarsOf({ loss, heldOutLoss, lr, tokens, tokensPerSecond }: StepEvent): Scalars {
  return {
    "train/loss": loss,
    ...(heldOutLoss !== undefined && { "eval/loss": heldOutLoss }),
    "train/learning_rate": lr,
    "train/num_tokens": tokens,
    "train/tokens_per_second": tokensPerSecond,
  };
}

/** Field numbers of Event, Summary and SessionLog: tensorboard/compat/proto/{event,summary}.proto. */
const fileVersion = "brain.Event:2";
const sessionStart = 1;

const opening = (at: number): Uint8Array => {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, at);
  pbf.writeStringField(3, fileVersion);
  return pbf.finish();
};

/** Tells TensorBoard to forget what an earlier process wrote of this step and later ones. */
function beginning(at: number, step: number): Uint8Array {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, at);
  pbf.writeVarintField(2, step);
  pbf.writeMessage(7, (status: number, log: Pbf) => log.writeVarintField(1, status), sessionStart);
  return pbf.finish();
}

export function scalarsAt(at: number, step: number, scalars: Scalars): Uint8Array {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, at);
  pbf.writeVarintField(2, step);
  pbf.writeMessage(5, writeSummary, scalars);
  return pbf.finish();
}

function writeSummary(scalars: Scalars, pbf: Pbf): void {
  for (const scalar of Object.entries(scalars)) pbf.writeMessage(1, writeValue, scalar);
}

function writeValue([tag, value]: [string, number], pbf: Pbf): void {
  pbf.writeStringField(1, tag);
  pbf.writeFloatField(2, value);
}

/** A TFRecord: length, its checksum, the bytes, their checksum; all little-endian. */
export function record(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + 16);
  const view = new DataView(whole.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, masked(whole.subarray(0, 8)), true);
  whole.set(bytes, 12);
  view.setUint32(12 + bytes.length, masked(bytes), true);
  return whole;
}

/** A checksum that is safe to store beside what it is of: tensorflow/core/lib/hash/crc32c.h. */
function masked(bytes: Uint8Array): number {
  const sum = crc32c(bytes);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

const polynomial = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli), RFC 3720, appendix B.4; Node's zlib has another polynomial. */
export function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = table[(sum ^ byte) & 0xff]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
