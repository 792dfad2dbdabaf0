import { carryIds } from "../policy/compare.ts";
import { type ParsedPolicy, Statement } from "../policy/statement.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";
import { type Task, tasksOf } from "../synthesis/teaching/tasks.ts";
import { newestDataset } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";

/** What a teacher is asked about a policy, with what was made anew in the newest dataset. */
export async function knownTasks(
  folder: IngrainFolder,
  parsed: ParsedPolicy,
  seed: number,
): Promise<Task[]> {
  const newest = await newestDataset(folder, parsed.policy.path);
  return tasksOf(withIdsOf(newest?.manifest, parsed), seed, newest?.manifest.regenerated?.teacher);
}

/**
 * Gives the statements of a policy the ids that a dataset knows them by, so that rows, reviews and
 * results of before an edit still name what they were made from.
 * @param manifest the newest dataset's; without one the policy stays as it was read.
 */
export function withIdsOf(
  manifest: DatasetManifest | undefined,
  parsed: ParsedPolicy,
): ParsedPolicy {
  if (!manifest) return parsed;
  // The folder may come from anyone: an id that could not be one of ours is not taken over.
  const known = manifest.statements.filter(({ id }) => Statement.shape.id.safeParse(id).success);
  return { ...parsed, statements: carryIds(known, parsed.statements) };
}
