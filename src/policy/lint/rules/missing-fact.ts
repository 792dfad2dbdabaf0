import { stem } from "../words.ts";
import type { Problem, Rule, Subject } from "../rule.ts";

/**
 * A statement that asks for a fact which the policy does not give: nothing can be trained on it,
 * because the answer stands in another document, or nowhere.
 */
export const missingFact: Rule = {
  severity: "information",
  *check(subject: Subject): Iterable<Problem> {
    yield* otherDocuments(subject);
    yield* unnamedAmounts(subject);
  },
};

/** Documents by their kind: what stands in them is not here. */
const documents =
  "(?:main|general|internal|separate|other|company|corporate|official|relevant|applicable|standard|usual|typical|current|latest|local|operations?|staff|employee|training) (?:[a-z]+ )?(?:policy|policies|guidelines?|manual|handbook|procedures?|instructions?|playbook|runbook|steps|protocols?|guide|rulebook|sop|schedule|price list|rate card|terms)";
const obeys = new RegExp(
  String.raw`\b(?:follow|apply|use|see|consult|refer to|according to|in accordance with|as (?:described|set out|defined|outlined|listed|explained|specified|stated) in|per|under)\s+(?:(?:the|our|your|its|their|all|any)\s+)?(?:(?:instructions|steps|rules|procedure|process|guidance)\s+(?:in|of|from)\s+(?:the|our|your)\s+)?(?<document>${documents})\b`,
  "gi",
);

/** "Follow the instructions in the main policy": what these say is said elsewhere. */
function* otherDocuments({ prose, statements, outline }: Subject): Iterable<Problem> {
  for (const { start, end, category } of statements) {
    if (category === "factual") continue;
    const source = prose.slice(start, end);
    for (const match of source.matchAll(obeys)) {
      // A link says where it stands: its author knows that it is elsewhere.
      if (/^[^.;\n]{0,40}[[\]]/.test(source.slice(match.index + match[0].length))) continue;
      const document = match.groups!["document"]!;
      const words = document.toLowerCase().replace(/^\w+ /, "");
      // A section of this document may have that name.
      if (
        outline.headings.some(({ text, depth }) => depth > 1 && text.toLowerCase().includes(words))
      )
        continue;
      const at = start + match.index + match[0].length - document.length;
      yield {
        start: at,
        end: at + document.length,
        message: `What the “${document.toLowerCase().replace(/\s+/g, " ")}” says is not in this document: a model cannot learn it from here.`,
      };
    }
  }
}

const amount =
  /\b(?:charge|pay|pays|add|deduct|apply|collect|waive|refund|quote|impose)\s+(?:the\s+customer\s+|them\s+|him\s+|her\s+)?(?:the|our|a|an)\s+(?<name>(?:standard|usual|normal|current|applicable|regular|agreed|appropriate|[a-z]+(?:ation|ing|al|ment)|late|delivery|service|booking|daily|monthly|annual|set-up)\s+)(?<kind>fee|rate|charge|surcharge|penalty|deposit|price|fine|allowance|limit)\b/gi;

/** "Charge the rerouting fee" in a policy that never says how much it is. */
function* unnamedAmounts({ prose, statements }: Subject): Iterable<Problem> {
  for (const { start, end, category } of statements) {
    if (category === "factual") continue;
    const source = prose.slice(start, end);
    for (const match of source.matchAll(amount)) {
      if (/^[^.;]{0,40}\d/.test(source.slice(match.index + match[0].length))) continue;
      const { name, kind } = match.groups as Record<"name" | "kind", string>;
      const words = `${name}${kind}`.replace(/\s+/g, " ").toLowerCase();
      if (statements.some(({ text }) => gives(text, name.trim(), kind))) continue;
      const at = start + match.index + match[0].length - name.length - kind.length;
      yield {
        start: at,
        end: at + name.length + kind.length,
        message: `No statement says how much the ${words} is.`,
      };
    }
  }
}

/** Whether a statement names the amount: the words of it, and a number. */
function gives(text: string, name: string, kind: string): boolean {
  if (
    !/\d|\b(?:free|half|double|percent|nothing|one|two|three|four|five|six|seven|eight|nine|ten)\b/i.test(
      text,
    )
  )
    return false;
  const roots = new Set((text.toLowerCase().match(/\p{L}+/gu) ?? []).map(stem));
  // "The standard fee" may be given as the fee; "the rerouting fee" only where rerouting is named.
  return roots.has(stem(generic.test(name) ? kind : name));
}

const generic = /^(?:standard|usual|normal|current|applicable|regular|agreed|appropriate)$/i;
