import { createHash } from "node:crypto";
import { type FileHandle, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetPart } from "../../synthesis/dataset.ts";
import { isMissing } from "../../training/files.ts";
import { type Line, openFile, readLines } from "./lines.ts";
import { jsonOf } from "./row-facts.ts";

/** How far a file is read, and what it looked like then. */
interface Mark {
  /** The end of what is read, in bytes. */
  offset: number;
  /** The number of the line there. */
  number: number;
  inode: number;
  size: number;
  modified: number;
  /** Hash of the bytes before `offset`: they change only when the file is written anew. */
  tail: string;
}

const tailBytes = 4096;

/** A file of rows that may grow while it is open, or be written anew. */
export class PartFile {
  readonly part: DatasetPart;
  readonly path: string;
  #mark: Mark | undefined;
  #handle: Promise<FileHandle> | undefined;
  /** The number of a last line that is not finished: it shows once it is. */
  unfinished: number | undefined;
  missing = false;

  constructor(folder: string, part: DatasetPart) {
    this.part = part;
    this.path = join(folder, `${part}.jsonl`);
  }

  /** Bytes that are read. */
  get read(): number {
    return this.#mark?.offset ?? 0;
  }

  async size(): Promise<number> {
    try {
      return (await stat(this.path)).size;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  /** What became of the file since it was read: nothing, more lines, or other ones. */
  async state(): Promise<"same" | "grown" | "other"> {
    const mark = this.#mark;
    const now = await stat(this.path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (now === undefined) return mark === undefined ? "same" : "other";
    if (mark === undefined) return "grown";
    if (now.size === mark.size && now.mtimeMs === mark.modified && now.ino === mark.inode) {
      return "same";
    }
    if (now.ino !== mark.inode || now.size < mark.size) return "other";
    if ((await this.#tail(mark.offset)) !== mark.tail) return "other";
    return "grown";
  }

  /** The lines that were added since the last time, blank ones left out. */
  async *lines(): AsyncGenerator<Line[]> {
    const now = await stat(this.path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    this.missing = now === undefined;
    this.unfinished = undefined;
    if (now === undefined) return;
    let { offset, number } = this.#mark ?? { offset: 0, number: 1 };
    const mark = (tail: string): Mark => ({
      ...{ offset, number, tail },
      ...{ inode: now.ino, size: now.size, modified: now.mtimeMs },
    });
    for await (const lines of readLines(this.path, { offset, number })) {
      const last = lines.at(-1)!;
      const open = !last.ended && (last.bytes === undefined || jsonOf(last.bytes) === undefined);
      if (open) this.unfinished = last.number;
      const whole = open ? lines.slice(0, -1) : lines;
      const end = whole.at(-1);
      if (end) {
        offset = end.offset + end.length + (end.ended ? 1 : 0);
        number = end.number + (end.ended ? 1 : 0);
        this.#mark = mark("");
      }
      yield whole.filter((line) => line.bytes === undefined || line.bytes.some(isInk));
    }
    this.#mark = mark(await this.#tail(offset));
  }

  /** Bytes of rows. A file that shrank meanwhile gives fewer. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    const handle = await (this.#handle ??= openFile(this.path));
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    const handle = await this.#handle?.catch(() => undefined);
    this.#handle = undefined;
    await handle?.close();
  }

  async #tail(offset: number): Promise<string> {
    const from = Math.max(0, offset - tailBytes);
    return createHash("sha256")
      .update(await this.bytes(from, offset - from))
      .digest("hex");
  }
}

/** Whether a byte is anything but a blank. */
const isInk = (byte: number): boolean => byte > 0x20;
