import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Label, type Labelled, letters } from "./marked.ts";

const Reading = z.array(z.tuple([z.int().min(0), z.int().min(0), z.enum(["F", "B", "S", "C"])]));

/**
 * Two independent readings of a document and what was settled between them, as offsets (UTF-16 code
 * units) into the document with that hash; never its text.
 */
const LabelFile = z.object({
  document: z.string(),
  sha256: z.string(),
  settled: Reading,
  first: Reading,
  second: Reading,
});

/** The documents of a folder that there are labels for. A document in another version is refused. */
export function readLabels(labels: string, documents: string): Labelled[] {
  return readdirSync(labels)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const label = LabelFile.parse(JSON.parse(readFileSync(join(labels, file), "utf8")));
      const path = join(documents, label.document);
      if (!existsSync(path)) {
        console.log(`Skipped: ${label.document} is not in ${documents}`);
        return [];
      }
      const bytes = readFileSync(path);
      if (createHash("sha256").update(bytes).digest("hex") !== label.sha256) {
        throw new Error(`${path} is another version than the one that was labelled.`);
      }
      const spans = label.settled.map(([start, end, letter]): Label => ({
        start,
        end,
        category: letters[letter],
      }));
      return [{ name: label.document, text: bytes.toString("utf8"), labels: spans }];
    });
}
