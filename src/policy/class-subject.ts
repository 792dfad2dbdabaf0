import { classClause } from "./completion.ts";
import { finiteVerb, wordsOf } from "./grammar.ts";
import { pastOpening } from "./markers.ts";
import type { Range } from "./prose.ts";
import { readQuantity } from "./quantities.ts";
import type { Scope } from "./scope.ts";
import { compile, unstated, type OpenRule } from "./tree.ts";

const people =
  "customers?|members?|users?|passengers?|subscribers?|employees?|clients?|guests?|patients?|students?|travell?ers?|riders?|buyers?|sellers?|tenants?|residents?|visitors?";

const tier = new RegExp(
  String.raw`^(?:all )?(?:gold|silver|bronze|platinum|diamond|premium|basic|regular|standard|vip|free|paid|trial|new|existing|returning|first-time|senior|junior|inactive|suspended|corporate|business|economy) (?:${people})$`,
);
const relative = new RegExp(
  String.raw`^(?!we |you |they |i |please )(?:any |every |each |all |an? )?(?:\w+ ){0,2}(?:${people}|anyone|everyone|those) (?:who|whose|with)\b`,
);

/**
 * A rule whose subject is a class of cases, with no marker word: "Silver members get …", "Refunds
 * over 50 euros need …", "Customers who pay by card get …".
 */
export function readClassSubject(scope: Scope, range: Range): OpenRule | undefined {
  const from = pastOpening(scope.shadow, range);
  const text = scope.shadow.slice(from, range.to);
  const words = wordsOf(text.slice(0, 240));
  let verb = finiteVerb(words);
  if (verb <= 0) return undefined;
  if (relative.test(text)) {
    // The first verb belongs to the relative clause.
    const who = words.findIndex((word) => ["who", "whose", "with"].includes(word.text));
    const from2 = words[who]?.text === "with" ? who : verb;
    const next = finiteVerb(words.slice(from2 + 1));
    if (next <= 0) return undefined;
    verb = from2 + 1 + next;
  }
  const subject = { from, to: from + words[verb - 1]!.to };
  const said = scope.shadow.slice(subject.from, subject.to);
  if (/,/.test(said)) return undefined;
  const byAmount =
    /\b(?:over|above|under|below|exceeding|(?:of )?(?:more|less|fewer|longer|heavier|larger|older) than|up to|of at least)\s+[$€£]?\d/.test(
      said,
    ) && readQuantity(said) !== undefined;
  if (!byAmount && !tier.test(said) && !relative.test(said)) return undefined;
  const subjectText = scope.text.slice(subject.from, subject.to);
  const clause = relative.test(said)
    ? /^(?:any|every|each|an?) /.test(said)
      ? `it is a ${subjectText.replace(/^\S+ /, "")}`
      : `it concerns ${scope.clause(subjectText)}`
    : classClause("for", subjectText.replace(/^all /i, ""));
  const expression = scope.condition(subject, clause, true);
  const outcome = scope.outcome({ from, to: range.to });
  if (expression === undefined || outcome === undefined) return undefined;
  scope.cue(subjectText);
  return { outcome, fill: (node) => compile(expression, node, unstated) };
}
