import { fingerprint } from "../policy/compare.ts";
import { hash } from "../policy/identity.ts";
import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import type { Vocabulary } from "./cases.ts";
import { aboutOf } from "./facts.ts";
import type { Weights } from "./dataset.ts";
import { lexicon } from "./lexicon.ts";
import { normalizeAnswer } from "./normalize.ts";
import { contentWords } from "./wording.ts";

/** Grows when the grammar writes other rows from the same statements. */
export const generator = 3;

/** Statements of the same words, wherever they stand: their rows would be near-duplicates. */
export function twinKey({ text }: Pick<Statement, "text">): string {
  return normalizeAnswer(text);
}

/**
 * A short name for all that the rows of each statement are made from, by statement id: its words
 * and reading, where it stands, and what other statements lend it. As long as it is the same, so
 * are the rows, to the byte, but for those that were regenerated; where it changed though the
 * statement did not, the statement depends on one that did.
 * @param around what all rows are made from: the seed, the identifier, the tools.
 * @param weights how many times the usual rows some statements get.
 */
export function inputsOf(
  policy: ParsedPolicy,
  vocabulary: Vocabulary,
  kept: ReadonlySet<string>,
  around: object,
  weights: Weights,
): Map<string, string> {
  const twins = new Map<string, string[]>();
  return new Map(
    policy.statements.map((statement) => {
      const { id, text, category, decision } = statement;
      const key = twinKey(statement);
      const before = twins.get(key) ?? [];
      twins.set(key, [...before, `${id} ${aboutOf(statement, policy)}`]);
      const variables = decision?.conditions.flatMap(({ variable }) => variable ?? []) ?? [];
      const lent = [...new Set(variables)].map((name) => [name, vocabulary.get(name)]);
      const content = {
        generator,
        around,
        text,
        category,
        reading: fingerprint(decision),
        about: aboutOf(statement, policy),
        lent,
        kept: contentWords(text).filter((word) => kept.has(word) && lexicon.has(word)),
        before,
        ...(weights[id] !== undefined && { weight: weights[id] }),
      };
      return [id, hash(JSON.stringify(content)).slice(0, 12)];
    }),
  );
}
