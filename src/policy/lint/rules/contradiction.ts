import { equalLists } from "../../lists.ts";
import type { Span, Statement } from "../../statement.ts";
import { areCompatible, ownCases, subjectOf, type Exclusive, type Literal } from "../cases.ts";
import { restEvery, type Problem, type Rule } from "../rule.ts";
import { gistOf, isAmount, type Gist } from "../words.ts";

/** What a statement says of one case. */
interface Claim extends Span {
  statement: Statement;
  literals: readonly Literal[];
  subjects: ReadonlySet<string>;
  gist: Gist;
  text: string;
  /** It follows from "only if" and "unless" and is not written out. */
  implied: boolean;
}

/** Two statements that say opposite things, or other amounts, of one case. */
export const contradiction: Rule = {
  severity: "warning",
  *check({ prose, statements, exclusive }): Iterable<Problem | undefined> {
    // Claims of one thing have the same words: only these can contradict.
    const known = new Map<string, Claim[]>();
    for (const [i, statement] of statements.entries()) {
      if ((i + 1) % restEvery === 0) yield undefined;
      if (isRow(statement, prose) || /^(?:for example|e\.g\.)/i.test(statement.text)) continue;
      for (const claim of claimsOf(statement)) {
        const key = [...claim.gist.words].sort().join(" ");
        const others = known.get(key) ?? [];
        const other = others.find((one) => contradict(one, claim, exclusive));
        if (other !== undefined) yield problem(other, claim);
        others.push(claim);
        known.set(key, others);
      }
    }
  },
};

/** The rows of a table differ in their values by nature. */
function isRow({ start, end, text }: Statement, prose: string): boolean {
  return text.includes("; ") && prose.slice(start, end).includes("|");
}

function problem(first: Claim, second: Claim): Problem {
  const { start, end } = second.implied ? second.statement : second;
  return {
    start,
    end,
    message: `${first.literals.length > 0 ? "Where both conditions hold, this" : "This"} contradicts line ${first.statement.line}: “${first.implied ? "not: " : ""}${first.text.replace(/\.$/, "")}”.`,
    related: [{ start: first.start, end: first.end, message: first.text }],
  };
}

function claimsOf(statement: Statement): Claim[] {
  if (statement.decision === undefined) {
    if (statement.category !== "factual" && statement.category !== "behavioral") return [];
    const gist = gistOf(statement.text);
    const { start, end, text } = statement;
    return [
      { statement, literals: [], subjects: new Set(), gist, text, start, end, implied: false },
    ];
  }
  // "Otherwise, …" repeats the outcomes of the statement before it.
  return ownCases(statement).map(({ literals, outcome }) => {
    const { start, end, text, negated } = outcome;
    const gist = gistOf(text);
    const negative = gist.negative !== (negated === true);
    return {
      statement,
      literals,
      subjects: new Set(literals.map(({ condition }) => subjectOf(condition))),
      gist: { ...gist, negative },
      text,
      start,
      end,
      implied: negated === true,
    };
  });
}

function contradict(a: Claim, b: Claim, exclusive: Exclusive): boolean {
  if (a.statement === b.statement) return false;
  if (!haveOppositeOutcomes(a, b) || !sameSection(a.statement, b.statement)) return false;
  // A general rule and its exception are no contradiction, nor are rules on different matters.
  const conditional = [a, b].filter(({ literals }) => literals.length > 0);
  if (conditional.length === 1) return false;
  if (conditional.length === 0 && sayWhetherToAct(a, b)) return false;
  if (conditional.length === 2) {
    const within = isSubset(a.subjects, b.subjects) || isSubset(b.subjects, a.subjects);
    const equal = a.subjects.size === b.subjects.size && within;
    if (!(equal || (within && (a.implied || b.implied)))) return false;
  }
  return areCompatible([...a.literals, ...b.literals], exclusive);
}

/** Another rule looks at what must and must not be done. */
function sayWhetherToAct(a: Claim, b: Claim): boolean {
  return (
    a.gist.negative !== b.gist.negative &&
    [a, b].every((claim) => claim.statement.category !== "factual")
  );
}

function haveOppositeOutcomes(a: Claim, b: Claim): boolean {
  const [one, other] = [a.gist, b.gist];
  if (one.words.size < 2) return false;
  return one.negative === other.negative
    ? differInOneAmount(one.numbers, other.numbers)
    : equalLists(one.numbers, other.numbers);
}

/** Two that differ in more speak of different things; a number without a unit is a name. */
function differInOneAmount(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const different = a.flatMap((number, i) => (number === b[i] ? [] : [number, b[i]!]));
  return different.length === 2 && different.every(isAmount);
}

/** A rule holds for its section and those below it. */
function sameSection({ section: a }: Statement, { section: b }: Statement): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((part, i) => part === b[i]);
}

function isSubset(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].every((item) => b.has(item));
}
