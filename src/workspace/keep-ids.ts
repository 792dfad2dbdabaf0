import { carryIds } from "../policy/compare.ts";
import { type ParsedPolicy, Statement } from "../policy/statement.ts";
import { newestDataset } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";

/**
 * Gives the statements of a policy the ids that the newest of its datasets knows them by, so that
 * rows, reviews and results of before an edit still name what they were made from.
 */
export async function keepIds(folder: IngrainFolder, parsed: ParsedPolicy): Promise<ParsedPolicy> {
  const newest = await newestDataset(folder, parsed.policy.path);
  if (newest === undefined) return parsed;
  // The folder may come from anyone: an id that could not be one of ours is not taken over.
  const known = newest.manifest.statements.filter(
    ({ id }) => Statement.shape.id.safeParse(id).success,
  );
  return { ...parsed, statements: carryIds(known, parsed.statements) };
}
