import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { InputError } from "../../policy/errors.ts";

/** A line of a file, as it lies on the disk. */
export interface Line {
  /** Where it begins, in bytes. */
  offset: number;
  /** Bytes, without the line's end. */
  length: number;
  /** 1-based. */
  number: number;
  /** What it holds; undefined when it is longer than a line may be. */
  bytes: Buffer | undefined;
  /** Whether a newline ends it: the last line of a growing file has none yet. */
  ended: boolean;
}

export interface LineReaderOptions {
  /** Where to begin, in bytes; the beginning of a line. */
  offset?: number;
  /** The number of the line that begins there. */
  number?: number;
  chunkBytes?: number;
  /** Lines that are longer are told of and not held. */
  maxLineBytes?: number;
}

/** No row that a person can read is longer. */
export const maxLineBytes = 8 * 2 ** 20;
const newline = 0x0a;

/**
 * The lines of a file from an offset on, in batches of what one read of the disk brought. Never
 * more than a chunk and a line are in memory, however large the file is.
 */
export async function* readLines(
  path: string,
  options: LineReaderOptions = {},
): AsyncGenerator<Line[]> {
  const file = await openFile(path);
  try {
    yield* cutLines(file, options);
  } finally {
    await file.close();
  }
}

/** What the editor reads between two looks at what else there is to do. */
const bytesAtOnce = 64 * 1024;

/**
 * The lines of a file that are not empty, each with its place (`path:number`). Files may have
 * gigabytes: between two reads of the disk others get their turn.
 */
export async function* eachLine(path: string): AsyncGenerator<{ line: string; where: string }> {
  for await (const lines of readLines(path, { chunkBytes: bytesAtOnce })) {
    await setImmediate();
    for (const { bytes, length, number } of lines) {
      if (length > 0) yield { line: String(bytes), where: `${path}:${number}` };
    }
  }
}

/**
 * Opens a file to read it. A pipe or a device would never end, and opening one may never end
 * either.
 * @throws InputError when it is no regular file.
 */
export async function openFile(path: string): Promise<FileHandle> {
  const { O_RDONLY, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | (O_NONBLOCK || 0));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new InputError(`not a regular file: ${path}`);
}

async function* cutLines(
  file: FileHandle,
  {
    offset = 0,
    number = 1,
    chunkBytes = 2 ** 20,
    maxLineBytes: longest = maxLineBytes,
  }: LineReaderOptions,
): AsyncGenerator<Line[]> {
  /** The beginning of a line whose end is not read yet, piece by piece. */
  let held: Buffer[] = [];
  let length = 0;
  let start = offset;
  let at = offset;
  const finish = (rest: Buffer, ended: boolean): Line => {
    const whole = length + rest.length;
    const bytes = whole > longest ? undefined : Buffer.concat([...held, rest]);
    const line = { offset: start, length: whole, number, bytes, ended };
    held = [];
    length = 0;
    number++;
    start += whole + 1;
    return line;
  };
  for (;;) {
    const { bytesRead, buffer } = await file.read(
      Buffer.allocUnsafe(chunkBytes),
      0,
      chunkBytes,
      at,
    );
    if (bytesRead === 0) break;
    at += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      lines.push(finish(chunk.subarray(from, end), true));
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    if (length + rest.length <= longest) held.push(rest);
    else held = [];
    length += rest.length;
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [finish(Buffer.alloc(0), false)];
}
