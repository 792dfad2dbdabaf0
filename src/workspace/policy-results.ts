import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../policy/errors.ts";
import { isMissing } from "../training/files.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";
import { newestDataset, policyPath } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";
import { eachLine } from "./inspector/lines.ts";

export interface RowsOfStatements {
  statements: readonly string[];
  count: number;
}

/** What the newest dataset of a policy holds on its statements. */
export interface PolicyResults {
  /** How many rows of the newest dataset come from the same statements, by their ids. */
  rows?: readonly RowsOfStatements[];
  /** What the newest dataset says of itself. */
  manifest?: DatasetManifest;
}

/**
 * What the newest dataset of a policy holds; nothing where there is none.
 * @param policy the policy's file.
 * @throws InputError when a file of them is broken.
 */
export async function policyResults(
  ingrain: IngrainFolder,
  policy: string,
): Promise<PolicyResults> {
  const newest = await newestDataset(ingrain, policyPath(ingrain.root, policy));
  if (!newest) return {};
  const found = new Map<string, { statements: string[]; count: number }>();
  for (const part of ["cpt", "sft", "exam"]) {
    const path = join(newest.folder, `${part}.jsonl`);
    try {
      for await (const { line, where } of eachLine(path)) {
        const statements = statementsOf(line, where);
        const key = statements.join("\n");
        const known = found.get(key);
        if (known) known.count++;
        else found.set(key, { statements, count: 1 });
      }
    } catch (error) {
      if (isMissing(error)) throw new InputError(`a file of the dataset is missing: ${path}`);
      throw error;
    }
  }
  return { rows: [...found.values()], manifest: newest.manifest };
}

/** What is read of a row: the rest shows in the dataset panel. */
const Row = z.object({ statements: z.array(z.string()) });

function statementsOf(line: string, where: string): string[] {
  try {
    return Row.parse(JSON.parse(line)).statements;
  } catch {
    throw new InputError(`${where}: not a row of a dataset.`);
  }
}
