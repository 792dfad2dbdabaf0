import { InputError } from "../policy/errors.ts";
import type { Statement } from "../policy/statement.ts";
import { type DatasetManifest, mostWeight, type Weights } from "../synthesis/dataset.ts";
import { idsAt, linkStatements } from "./statement-links.ts";

/**
 * Once more the usual rows for a statement, beside what a dataset has of them.
 * @param now the policy as it stands now.
 * @returns undefined when the dataset does not know the statement: its next one has rows of it.
 * @throws InputError when it has the most already.
 */
export function moreOf(
  { statements, weights = {} }: Pick<DatasetManifest, "statements" | "weights">,
  { start }: Pick<Statement, "start">,
  now: readonly Statement[],
): Weights | undefined {
  const [id] = idsAt(linkStatements(statements, now), [start]);
  if (id === undefined) return undefined;
  const times = (weights[id] ?? 1) + 1;
  if (times > mostWeight) {
    throw new InputError(
      `The statement has ${mostWeight} times its usual rows already.`,
      "Another wording is more likely to help.",
    );
  }
  return { [id]: times };
}
