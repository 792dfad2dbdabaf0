import { classClause, completeClasses, completeClauses, withPreposition } from "./completion.ts";
import { firstPreposition } from "./grammar.ts";
import type { Marker } from "./markers.ts";
import { Ink, type Range } from "./prose.ts";
import type { Scope } from "./scope.ts";
import {
  groupsOf,
  split,
  splitClass,
  type Connective,
  type Joint,
  type Split,
} from "./splitting.ts";
import type { Expression } from "./tree.ts";

/**
 * Reads the words of a condition into its atoms and how they are joined: "the parcel was late or
 * damaged" → late, or damaged. An atom's text is a whole clause ("the parcel was damaged"), its span
 * the words it comes from.
 */
export function readExpression(
  scope: Scope,
  range: Range,
  marker: Pick<Marker, "complement" | "words">,
): Expression | undefined {
  const core = withoutExamples(scope, scope.core(range));
  const either = /^(?:either|both)\s+(?!of\b)(?=.*\s(?:and|or)\s)/.exec(
    scope.shadow.slice(core.from, core.to),
  );
  const inner = { from: core.from + (either?.[0].length ?? 0), to: core.to };
  if (inner.from >= inner.to) return undefined;
  if (
    /\b(?:these?|this|that|those) (?:rules?|sections?|polic|conditions?|steps?)|\b(?:section|step|paragraph|clause|article|rule) \d|\bas (?:described|noted|listed|set out) (?:in|above|below)/.test(
      scope.shadow.slice(inner.from, inner.to),
    )
  ) {
    scope.complex = true;
  }
  for (let i = inner.from; i < inner.to; i++)
    if (scope.prose.ink(i) === Ink.reference) scope.complex = true;

  const pieces = marker.complement === "class" ? splitClass(scope, inner) : split(scope, inner);
  return join(
    "and",
    groupsOf(scope, pieces).map((group) => readGroup(scope, group, marker)),
  );
}

/** "… an event such as: a storm": examples make a condition clear and add none. */
function withoutExamples(scope: Scope, { from, to }: Range): Range {
  const text = scope.shadow.slice(from, to);
  const match = /,?\s+(?:such as|for example|for instance|e\.g\.|including)\W*$/.exec(text);
  return { from, to: match === null ? to : from + match.index };
}

function readGroup(
  scope: Scope,
  { parts, joints }: Split,
  marker: Pick<Marker, "complement" | "words">,
): Expression | undefined {
  const own = parts.map((part) => {
    const { from, to } = scope.core(part);
    return {
      range: { from, to },
      text: scope.text.slice(from, to).replace(/^(?:if|when)\s+/i, ""),
    };
  });
  const words = own.map(({ text }) => text);
  const preposition = joints.length > 0 ? firstPreposition(words[0]!) : undefined;
  const texts =
    marker.complement === "class"
      ? completeClasses(words).map((text, i) =>
          classClause(marker.words, i > 0 ? withPreposition(preposition, text) : text),
        )
      : completeClauses(words, joints);
  const atoms = own.map(({ range: at }, i) =>
    scope.condition(at, texts[i], marker.complement === "class"),
  );
  return joinAtoms(atoms, joints);
}

/**
 * What joins single words and phrases binds closer than what joins clauses ("late or damaged and the
 * customer complains"); else "and" binds closer than "or", as everywhere.
 */
function joinAtoms(
  atoms: readonly (Expression | undefined)[],
  joints: readonly Joint[],
): Expression | undefined {
  const clauses: (Expression | undefined)[] = [];
  const between: Connective[] = [];
  let from = 0;
  joints.forEach(({ kind, phrase }, i) => {
    if (phrase) return;
    clauses.push(byPrecedence(atoms.slice(from, i + 1), kindsOf(joints.slice(from, i))));
    between.push(kind);
    from = i + 1;
  });
  clauses.push(byPrecedence(atoms.slice(from), kindsOf(joints.slice(from))));
  return byPrecedence(clauses, between);
}

const kindsOf = (joints: readonly Joint[]): Connective[] => joints.map(({ kind }) => kind);

function byPrecedence(
  atoms: readonly (Expression | undefined)[],
  joints: readonly Connective[],
): Expression | undefined {
  const alternatives: Expression[][] = [[]];
  atoms.forEach((atom, i) => {
    if (i > 0 && joints[i - 1] === "or") alternatives.push([]);
    if (atom !== undefined) alternatives.at(-1)!.push(atom);
  });
  return join(
    "or",
    alternatives.map((parts) => join("and", parts)),
  );
}

/** One expression of several; undefined parts are left out. */
export function join(kind: Connective, parts: (Expression | undefined)[]): Expression | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length > 1 ? { kind, parts: known } : known[0];
}
