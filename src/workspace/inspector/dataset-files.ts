import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../policy/errors.ts";
import { DatasetManifest } from "../../synthesis/dataset.ts";
import { refusedFile } from "../../synthesis/jsonl.ts";
import { isMissing } from "../../training/files.ts";
import { readLines } from "./lines.ts";
import { jsonOf } from "./row-facts.ts";

/** No policy has statements for a manifest that is larger, in bytes. */
const maxManifestBytes = 64 * 2 ** 20;

/** What `dataset.json` says, or why it cannot be read: the rows show in any case. */
export async function readManifestOrWhy(
  folder: string,
): Promise<{ manifest?: DatasetManifest; problem?: string }> {
  const path = join(folder, "dataset.json");
  try {
    const entry = await stat(path);
    if (!entry.isFile()) throw new InputError("it is not a regular file");
    if (entry.size > maxManifestBytes) throw new InputError("it is too large");
    const value = jsonOf(await readFile(path));
    if (value === undefined) throw new InputError("it is not JSON");
    const parsed = DatasetManifest.safeParse(value);
    if (parsed.success) return { manifest: parsed.data };
    const { path: field, message } = parsed.error.issues[0]!;
    throw new InputError(`${field.join(".") || "the file"}: ${message}`);
  } catch (error) {
    if (isMissing(error)) return { problem: `dataset.json is missing: rows show without it.` };
    if (!(error instanceof Error)) throw error;
    return {
      problem: `dataset.json does not fit this version, so that rows show without it: ${error.message}.`,
    };
  }
}

/** What the checks refused while the dataset was made; undefined where nothing of it was kept. */
export async function readRefused(folder: string): Promise<Map<string, number> | undefined> {
  const counts = new Map<string, number>();
  try {
    for await (const lines of readLines(join(folder, refusedFile))) {
      for (const { bytes, length } of lines) {
        if (length === 0) continue;
        const value = bytes && jsonOf(bytes);
        const reason =
          typeof value === "object" && value !== null && "reason" in value ? value.reason : "";
        const name = typeof reason === "string" && reason !== "" ? reason : "without a reason";
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return counts;
}
