import { actOf, conflict, type Act } from "../modality.ts";
import type { Problem, Rule } from "../rule.ts";
import { equalSets } from "../words.ts";

/** One act that is a duty in one sentence, and free or forbidden in another. */
export const conflictingModality: Rule = {
  severity: "warning",
  *check({ statements }): Iterable<Problem> {
    const acts = new Map<string, Act[]>();
    for (const statement of statements) {
      const act = actOf(statement);
      if (act === undefined) continue;
      const key = [...act.words].sort()[0]!;
      const others = acts.get(key) ?? [];
      for (const other of others) {
        if (!equalSets(other.words, act.words) || !conflict(other.modality, act.modality)) continue;
        const { start, end } = statement;
        yield {
          start,
          end,
          message: `The same act is “${act.modality}” here and “${other.modality}” in line ${other.statement.line}.`,
          related: [
            {
              start: other.statement.start,
              end: other.statement.end,
              message: other.statement.text,
            },
          ],
        };
      }
      others.push(act);
      acts.set(key, others);
    }
  },
};
