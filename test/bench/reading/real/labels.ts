import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { letters, type Labelled } from "../marked.ts";

/** Where a statement stands (UTF-16 code units), and what a reader took it for; X is none. */
const Label = z.tuple([z.int().min(0), z.int().min(0), z.enum(["F", "B", "S", "C", "X"])]);

/** A passage of a public document and its readings; never its text. */
const RealDocument = z.object({
  /** Its repository, without the protocol. */
  source: z.string(),
  commit: z.string(),
  path: z.string(),
  /** Of the file's bytes. */
  sha256: z.string(),
  kind: z.enum(["terms", "handbook", "security", "agent"]),
  /** Whether nothing is trained on it. */
  held: z.boolean(),
  first: z.array(Label),
  second: z.array(Label).optional(),
});
export type RealDocument = z.infer<typeof RealDocument>;

export function readRealLabels(): RealDocument[] {
  return readFileSync(join(import.meta.dirname, "labels.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => RealDocument.parse(JSON.parse(line)));
}

/** The file that `documents.ts` keeps a document in. */
export const fileOf = (folder: string, { sha256 }: RealDocument): string =>
  join(folder, `${sha256}.md`);

/**
 * The documents that are in a folder, with the statements that every reader took for the same. A
 * passage is labelled, and not the whole document.
 */
export function readReal(folder: string, held: boolean): Labelled[] {
  return readRealLabels()
    .filter((each) => each.held === held && existsSync(fileOf(folder, each)))
    .map((each) => {
      const second = new Map(
        each.second?.map(([start, end, letter]) => [`${start}-${end}`, letter]),
      );
      const labels = each.first.flatMap(([start, end, letter]) => {
        const other = second.get(`${start}-${end}`) ?? letter;
        return letter === "X" || other !== letter
          ? []
          : [{ start, end, category: letters[letter] }];
      });
      return {
        name: `${each.source}/${each.path}`,
        text: readFileSync(fileOf(folder, each), "utf8"),
        labels,
      };
    });
}
