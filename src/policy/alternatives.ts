import { classClause, singular } from "./completion.ts";
import { finiteVerb, wordsOf } from "./grammar.ts";
import { determiners, prepositions, pronouns } from "./lexicon.ts";
import { markersIn } from "./markers.ts";
import type { Range } from "./prose.ts";
import type { Scope } from "./scope.ts";
import type { DecisionNode } from "./statement.ts";
import { unstated } from "./tree.ts";

interface Clause extends Range {
  /** The words before the verb. */
  subject: Range;
  /** The noun that the subjects share. */
  head: string;
  rest: boolean;
}

const remainder = /^(?:all |the |any |every(?:one|body) )?(?:others?\b|rest\b|else\b|remaining\b)/;

/**
 * Alternatives per class of cases, told one after another: "Gold customers pay nothing, silver
 * customers pay 3 euros and all others pay 8 euros."
 */
export function readAlternatives(scope: Scope, range: Range): DecisionNode | undefined {
  if (markersIn(scope.shadow, range).length > 0) return undefined;
  const clauses = clausesOf(scope, range);
  if (clauses.length < 2 || clauses.length > 12) return undefined;
  const classes = clauses.filter(({ rest }) => !rest);
  const rest = clauses.find((clause) => clause.rest);
  const heads = new Set(classes.map(({ head }) => head));
  const subjects = new Set(
    classes.map(({ subject }) => scope.shadow.slice(subject.from, subject.to)),
  );
  if (heads.size !== 1 || heads.has("") || subjects.size !== classes.length) return undefined;
  if (classes.length < 2 && rest === undefined) return undefined;

  let node: DecisionNode = (rest === undefined ? undefined : scope.outcome(rest)) ?? unstated;
  const read = classes.map((clause) => ({
    outcome: scope.outcome(clause),
    condition: scope.condition(clause.subject, classClause("for", plural(scope, clause)), true),
  }));
  for (const { outcome, condition } of read.reverse()) {
    if (outcome === undefined || condition?.kind !== "atom") return undefined;
    node = { kind: "test", condition: condition.condition, yes: outcome, no: node };
  }
  scope.complex = true;
  scope.cue("alternatives");
  return node;
}

function plural(scope: Scope, { subject }: Clause): string {
  return scope.text.slice(subject.from, subject.to).replace(/^all /i, "");
}

function clausesOf(scope: Scope, range: Range): Clause[] {
  const core = scope.core(range);
  const text = scope.shadow.slice(core.from, core.to);
  const separators = /(?:,|;)\s+(?:(?:and|while|whereas|but)\s+)?|\s+(?:and|while|whereas|but)\s+/g;
  const clauses: Clause[] = [];
  let from = 0;
  const add = (to: number): boolean => {
    const clause = readClause(scope, { from: core.from + from, to: core.from + to });
    if (clause === undefined) return false;
    clauses.push(clause);
    return true;
  };
  for (const separator of text.matchAll(separators)) {
    const end = separator.index + separator[0].length;
    const next = readClause(scope, { from: core.from + end, to: core.to });
    if (next === undefined) continue;
    if (!add(separator.index)) return [];
    from = end;
  }
  return add(text.length) ? clauses : [];
}

function readClause(scope: Scope, range: Range): Clause | undefined {
  const text = scope.shadow.slice(range.from, range.to);
  const words = wordsOf(text.slice(0, 200));
  const rest = remainder.test(text);
  // "Others" is a subject whose verb may look like a noun: "all others pay 8".
  const verb = finiteVerb(words);
  if (verb <= 0 || verb > 9) return undefined;
  const first = words[0]!.text;
  if (
    !rest &&
    (pronouns.has(first) || prepositions.has(first) || (determiners.has(first) && first !== "all"))
  )
    return undefined;
  if (/,/.test(text.slice(0, words[verb]!.from))) return undefined;
  const subject = { from: range.from, to: range.from + words[verb - 1]!.to };
  const noun = words.slice(0, verb).findIndex((word) => prepositions.has(word.text));
  const head = words[(noun < 0 ? verb : noun) - 1]?.text ?? "";
  return { ...range, subject, head: singular(head), rest };
}
