import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

/** What a job tells the one who follows it: an event of the run, a piece of a file, or a pre-flight. */
const Line = z.looseObject({ n: z.int(), type: z.string() });
export type Line = z.infer<typeof Line>;

export const FilePiece = z.object({
  type: z.literal("file"),
  /** The files that a job may send; nothing else is ever written. */
  name: z.enum(["report.json", "model/README.md"]),
  index: z.int().min(0),
  of: z.int().min(1).max(10_000),
  data: z.base64(),
});
export type FilePiece = z.infer<typeof FilePiece>;

/** Cuts a job's log into the lines that it tells the follower, and the others. */
export class LogReader {
  readonly #mark: string;
  readonly #told: (line: Line) => void;
  readonly #other: (text: string) => void;
  #rest = "";

  /** @param key of the run: lines of any other origin are plain log. */
  constructor(key: string, told: (line: Line) => void, other: (text: string) => void) {
    this.#mark = `[ingrain ${key}] `;
    this.#told = told;
    this.#other = other;
  }

  read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
  }

  #take(coloured: string): void {
    const line = stripVTControlCharacters(coloured);
    const at = line.indexOf(this.#mark);
    const told = at < 0 ? undefined : parse(line.slice(at + this.#mark.length));
    if (told) this.#told(told);
    else if (line.trim() !== "") this.#other(line);
  }
}

function parse(text: string): Line | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
