import { isImperative } from "../../grammar.ts";
import { equalLists } from "../../lists.ts";
import { sectionKey } from "../../match.ts";
import type { Statement } from "../../statement.ts";
import { type Modality, modalityOf } from "../modality.ts";
import { restEvery, type Problem, type Rule, type Subject } from "../rule.ts";
import { gistOf } from "../words.ts";

/** Fewer words say too little to be called the same thing said twice. */
const minWords = 4;

interface Said {
  statement: Statement;
  modality: Modality | undefined;
}

/** A statement that says again what another says: when one of them changes, they contradict. */
export const duplicateStatement: Rule = {
  severity: "information",
  *check(subject: Subject): Iterable<Problem | undefined> {
    const pairs = yield* pairsOf(subject.statements);
    const parallels = parallelSections(pairs);
    for (const [first, second] of pairs) {
      if (parallels.has(sectionPair(first, second)) || isRecalled(first, second)) continue;
      const { start, end } = second.statement;
      const { line } = first.statement;
      yield {
        start,
        end,
        message: `This says the same as line ${line}${first.statement.text === second.statement.text ? "" : " in other words"}.`,
        related: [
          { start: first.statement.start, end: first.statement.end, message: first.statement.text },
        ],
      };
    }
  },
};

function* pairsOf(statements: readonly Statement[]): Generator<undefined, [Said, Said][]> {
  const pairs: [Said, Said][] = [];
  const known = new Map<string, Said[]>();
  for (const [i, statement] of statements.entries()) {
    if ((i + 1) % restEvery === 0) yield undefined;
    const { words, numbers, negative } = gistOf(statement.text);
    if (words.size < minWords) continue;
    const key = JSON.stringify([negative, numbers, [...words].sort()]);
    const said = { statement, modality: modalityOf(statement.text) };
    const alike = known.get(key) ?? [];
    const first = alike.find(({ modality }) => modality === said.modality);
    if (first !== undefined) pairs.push([first, said]);
    alike.push(said);
    known.set(key, alike);
  }
  return pairs;
}

function sectionPair(a: Said, b: Said): string {
  return `${sectionKey(a.statement.section)}\n\n${sectionKey(b.statement.section)}`;
}

/** Of another section only duties are held against these: facts are introduced, steps are repeated. */
function isRecalled({ statement: a }: Said, { statement: b }: Said): boolean {
  const apart = !equalLists(a.section, b.section);
  return apart && (b.category !== "behavioral" || isImperative(b.text));
}

/**
 * Sections that share two or more statements are procedures written alike: their author repeats what
 * holds for each on purpose.
 */
function parallelSections(pairs: readonly [Said, Said][]): Set<string> {
  const counts = new Map<string, number>();
  for (const [a, b] of pairs) {
    const key = sectionPair(a, b);
    if (equalLists(a.statement.section, b.statement.section)) continue;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([key]) => key));
}
