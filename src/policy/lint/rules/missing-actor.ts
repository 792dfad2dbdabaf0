import type { Problem, Rule } from "../rule.ts";

/** Work that someone in the house does: what a customer must send or book names its actor by itself. */
const acts =
  "approved|authori[sz]ed|checked|verified|confirmed|reviewed|recorded|logged|documented|informed|notified|contacted|told|escalated|forwarded|handed over|issued|refunded|inspected|monitored|audited|investigated|answered|processed|authenticated|signed off";
const passiveDuty = new RegExp(
  String.raw`\b(?:must|should|shall|has to|have to|needs? to)(?: (?:not|never|always|also|only|first|then|immediately))* be (?:\w+ly )?(?:${acts})\b`,
  "gi",
);

/** A duty in the passive, where nothing says who has it. */
export const missingActor: Rule = {
  severity: "information",
  *check({ prose, statements }): Iterable<Problem> {
    for (const statement of statements) {
      const { start, end, category } = statement;
      if (category === "factual") continue;
      const source = prose.slice(start, end);
      for (const match of source.matchAll(passiveDuty)) {
        if (actor.test(withoutClause(source, match.index, match[0].length))) continue;
        const at = start + match.index;
        yield {
          start: at,
          end: at + match[0].length,
          message: `“${match[0].replace(/\s+/g, " ")}” does not say by whom: name who has this duty.`,
        };
      }
    }
  },
};

/** The words around the passive clause: its subject is who suffers the act. */
function withoutClause(source: string, index: number, length: number): string {
  const before = source.slice(0, index);
  const clause = /(?:^|[.,;:]|\b(?:and|but|that|then|so))[^.,;:]*$/.exec(before)?.index ?? 0;
  return `${before.slice(0, clause)} ${source.slice(index + length)}`;
}

/** Someone who acts, beside it. */
const actor =
  /\b(?:you|your|we|our|i|by (?:the|an?|our|your|its|their|any|each|two|both|someone|anyone)|agents?|assistants?|clerks?|staff|users?|customers?|clients?|members?|passengers?|guests?|employees?|managers?|supervisors?|representatives?|operators?|owners?|company|team|support|sellers?|buyers?|callers?|drivers?|senders?|recipients?|applicants?|people|anyone|everyone|nobody|students?|patients?|nurses?|doctors?)\b/i;
