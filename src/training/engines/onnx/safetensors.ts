import { z } from "zod";
import { InputError } from "../../../policy/errors.ts";
import type { HostTensor } from "./gpt.ts";

/*
 * The safetensors format (https://huggingface.co/docs/safetensors): the header's length in bytes
 * (8, little-endian), the header (JSON: name → type, shape, offsets), the tensors' bytes.
 */

/** More than any header; a longer one means the bytes are something else. */
const longestHeader = 100_000_000;

/** @returns the bytes of a file with the tensors as F32, and texts under `__metadata__`. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> =
    Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let size = 0;
  for (const [name, { dims, data }] of tensors) {
    header[name] = {
      dtype: "F32",
      shape: dims,
      data_offsets: [size, (size += data.byteLength)],
    };
  }
  // Padded with spaces, so that the tensors start aligned and can be mapped into memory.
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + padded + size).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  let offset = 8 + padded;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

export interface Safetensors {
  tensors: Map<string, HostTensor>;
  metadata: Record<string, string>;
}

const Metadata = z.record(z.string(), z.string());
const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/** @throws InputError when the bytes are not a whole safetensors file of F32 tensors. */
export function readSafetensors(file: Uint8Array): Safetensors {
  const { header, body } = splitHeader(file);
  const { __metadata__, ...entries } = header;
  const metadata = Metadata.safeParse(__metadata__ ?? {});
  if (!metadata.success) throw new InputError("safetensors: __metadata__ holds more than texts");
  const tensors = new Map(
    Object.entries(entries).map(([name, value]) => [name, readTensor(name, value, body)]),
  );
  return { tensors, metadata: metadata.data };
}

function splitHeader(file: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (file.length < 8) throw new InputError("safetensors: the file is too short");
  const size = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (size > longestHeader || 8 + size > file.length) {
    throw new InputError("safetensors: the file is cut off, or no safetensors file");
  }
  const text = new TextDecoder().decode(file.subarray(8, 8 + size));
  return { header: parseHeader(text), body: file.subarray(8 + size) };
}

function parseHeader(text: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw new InputError("safetensors: the header is not a JSON object");
  }
}

function readTensor(name: string, value: unknown, body: Uint8Array): HostTensor {
  const entry = Entry.safeParse(value);
  if (!entry.success) throw new InputError(`safetensors: the entry of ${name} is malformed`);
  const { dtype, shape, data_offsets } = entry.data;
  const [from, to] = data_offsets;
  if (dtype !== "F32") throw new InputError(`safetensors: ${name} is ${dtype}, not F32`);
  if (to - from !== 4 * shape.reduce((a, b) => a * b, 1)) {
    throw new InputError(`safetensors: ${name} has another size than its shape says`);
  }
  if (to > body.length) throw new InputError(`safetensors: ${name} reaches past the file's end`);
  // Copied: the bytes may be unaligned, and the file is not to live as long as the tensor. A Buffer
  // would share its memory with a slice.
  return { dims: shape, data: new Float32Array(new Uint8Array(body.subarray(from, to)).buffer) };
}
