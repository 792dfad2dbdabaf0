import { z } from "zod";
import type { Statement } from "../policy/statement.ts";
import { rowsByStatement, staleReasons, staleStatements } from "../synthesis/stale.ts";
import { readManifest } from "../training/dataset-folder.ts";
import { readPart } from "./datasets.ts";

const Rows = z.object({
  cpt: z.array(z.string()),
  sft: z.array(z.string()),
  exam: z.array(z.string()),
});

/** What of a dataset no longer fits its policy. */
export const StaleRows = z.object({
  /** The dataset folder. */
  dataset: z.string(),
  /** How many rows it has in all. */
  rows: z.int(),
  /** Ids of the stale rows, by part. */
  stale: Rows,
  /** The statements that made them stale, and ids of the rows of each. */
  statements: z.array(
    z.object({ id: z.string(), reason: z.enum(staleReasons), text: z.string(), rows: Rows }),
  ),
});
export type StaleRows = z.infer<typeof StaleRows>;

/**
 * Which rows of a dataset went stale.
 * @param now the statements of the policy as it is.
 * @throws InputError when the folder is not a dataset: file and line.
 */
export async function readStaleRows(folder: string, now: readonly Statement[]): Promise<StaleRows> {
  const manifest = await readManifest(folder);
  const [cpt, sft, exam] = await Promise.all([
    readPart(folder, "cpt"),
    readPart(folder, "sft"),
    readPart(folder, "exam"),
  ]);
  const stale = staleStatements(manifest.statements, now);
  const of = {
    cpt: rowsByStatement(cpt, stale.keys()),
    sft: rowsByStatement(sft, stale.keys()),
    exam: rowsByStatement(exam, stale.keys()),
  };
  // A row of two stale statements is one row.
  const idsIn = (found: ReadonlyMap<string, string[]>) => [...new Set([...found.values()].flat())];
  return {
    dataset: folder,
    rows: cpt.length + sft.length + exam.length,
    stale: { cpt: idsIn(of.cpt), sft: idsIn(of.sft), exam: idsIn(of.exam) },
    statements: [...stale].map(([id, { reason, statement }]) => ({
      id,
      reason,
      text: statement.text,
      rows: {
        cpt: of.cpt.get(id) ?? [],
        sft: of.sft.get(id) ?? [],
        exam: of.exam.get(id) ?? [],
      },
    })),
  };
}
