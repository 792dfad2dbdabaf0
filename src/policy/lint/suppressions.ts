import type { Span, Statement } from "../statement.ts";

/** Which rules the author silenced by comment. */
export interface Suppressions {
  silences(rule: string, place: Span): boolean;
}

const comment =
  /<!--[ \t]*ingrain-disable(?<next>-next-statement)?(?<rules>(?:[ \t,]+[\w-]+)*)[ \t]*-->/g;

/**
 * Reads `<!-- ingrain-disable RULE… -->`, which holds for the file, and
 * `<!-- ingrain-disable-next-statement RULE… -->`. Without a rule they silence every rule.
 *
 * @param statements in document order.
 */
export function readSuppressions(text: string, statements: readonly Statement[]): Suppressions {
  const everywhere: (readonly string[])[] = [];
  const local: { rules: readonly string[]; place: Span }[] = [];
  for (const { index, groups } of text.matchAll(comment)) {
    const rules = (groups?.["rules"] ?? "").split(/[\s,]+/).filter((rule) => rule !== "");
    if (groups?.["next"] === undefined) everywhere.push(rules);
    else {
      const place = statements.find(({ end }) => end > index);
      if (place !== undefined) local.push({ rules, place });
    }
  }
  const names = (rules: readonly string[], rule: string): boolean =>
    rules.length === 0 || rules.includes(rule);
  return {
    silences: (rule, { start, end }) =>
      everywhere.some((rules) => names(rules, rule)) ||
      local.some(
        ({ rules, place }) => names(rules, rule) && place.start <= start && end <= place.end,
      ),
  };
}
