import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
} from "node:fs";
import { z } from "zod";
import { InputError } from "../policy/errors.ts";
import { withPath } from "./file-errors.ts";
import { isMissing } from "./files.ts";
import { RunEvent, type NewRunEvent } from "./events.ts";

const newline = 0x0a;

/**
 * Appends events to `events.jsonl`. Writing is synchronous: an event is in the file before the
 * step that follows it begins, so that a killed process leaves at most a torn last line.
 */
export class EventWriter {
  readonly #path: string;

  /** Only one writer at a time may open the file: a torn last line is cut off. */
  constructor(path: string) {
    this.#path = path;
    repairEvents(path);
  }

  append(event: NewRunEvent): void {
    const line = JSON.stringify({ v: 1, at: new Date().toISOString(), ...event });
    try {
      appendFileSync(this.#path, `${line}\n`);
    } catch (error) {
      throw withPath(error, this.#path);
    }
  }
}

/** Cuts off a torn last line. Only while nobody writes. */
export function repairEvents(path: string): void {
  const bytes = readIfThere(path);
  const whole = bytes.lastIndexOf(newline) + 1;
  if (whole < bytes.length) truncateSync(path, whole);
}

/**
 * Reads `events.jsonl` as it grows: each call of {@link read} gives the events that were added. A
 * last line without its end is left for the next call; a broken line before it is an error. A type
 * of event that this version does not know is passed over: a newer one may have written it.
 */
export class EventReader {
  readonly #path: string;
  #offset = 0;
  #line = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws InputError that names file and line for a whole line that is no event. */
  read(): RunEvent[] {
    const bytes = this.#added();
    const whole = bytes.lastIndexOf(newline) + 1;
    if (whole === 0) return [];
    const lines = bytes
      .subarray(0, whole - 1)
      .toString("utf8")
      .split("\n");
    const events = lines.flatMap((line, index) =>
      parseEvent(line, `${this.#path}:${this.#line + index + 1}`),
    );
    this.#offset += whole;
    this.#line += lines.length;
    return events;
  }

  #added(): Buffer {
    let file: number;
    try {
      file = openSync(this.#path, "r");
    } catch (error) {
      if (isMissing(error)) return Buffer.alloc(0);
      throw error;
    }
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#offset));
      const read = readSync(file, bytes, 0, bytes.length, this.#offset);
      return bytes.subarray(0, read);
    } finally {
      closeSync(file);
    }
  }
}

/** All events of a run; none when the file is not there yet. @throws InputError, see above. */
export function readEvents(path: string): RunEvent[] {
  return new EventReader(path).read();
}

/** Types of events, as every version writes them. */
const AnyEvent = z.object({ v: z.int(), type: z.string() });
const known: ReadonlySet<string> = new Set(RunEvent.options.map(({ shape }) => shape.type.value));

/** @returns the event; none when its type is not known. */
function parseEvent(line: string, where: string): RunEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new InputError(`${where}: not JSON.`);
  }
  const event = RunEvent.safeParse(value);
  if (event.success) return [event.data];
  const any = AnyEvent.safeParse(value);
  if (any.success && !known.has(any.data.type)) return [];
  throw new InputError(`${where}: not an event of a run.`);
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

/** How much of the file's end is read for its last event. */
const tailBytes = 64 * 1024;

/** The last whole event; undefined when there is none, or it is not one that this version knows. */
export function lastEvent(path: string): RunEvent | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, tailBytes));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const whole = bytes.subarray(0, Math.max(0, bytes.lastIndexOf(newline)));
    const line = whole.subarray(whole.lastIndexOf(newline) + 1).toString("utf8");
    return line === "" ? undefined : parseEvent(line, path)[0];
  } finally {
    closeSync(file);
  }
}
