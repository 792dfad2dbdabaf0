import { longestAscending } from "./ascending.ts";
import { equalLists } from "./lists.ts";
import { type Profile, profileOf, similarity, wordsOf } from "./similarity.ts";
import type { Statement } from "./statement.ts";

/** What two versions of a statement are recognised by. */
export interface Comparable extends Pick<Statement, "id" | "category" | "text"> {
  /** Unknown where an older dataset does not tell. */
  section?: readonly string[] | undefined;
}

/** The same statement in two versions, as indices. */
export interface Match {
  old: number;
  new: number;
}

export interface Matching {
  /** In the order of the new version. */
  matches: Match[];
  /** What a section of the old version is called in the new one; undefined when it is gone. */
  home: (section: readonly string[]) => string | undefined;
}

/**
 * From which similarity on a statement counts as reworded: within its section, and when it also
 * moved to another. Measured by test/bench/identity.ts, which tells what each threshold costs.
 */
export const rewordedWithin = 0.6;
export const rewordedAcross = 0.75;

/** How far from its place among the unmatched ones a reworded statement is looked for. */
const band = 8;
/** How many statements that share its rarest words a statement is held against. */
const candidates = 24;
/** A word in more statements than these says little. */
const commonWord = 32;

export const sectionKey = (section: readonly string[]): string => section.join("\n");

/**
 * Finds the statements of an old version in a new one: first those before and after all that has
 * changed, then those with the same words in the same section, then those with the same words
 * elsewhere, then the reworded ones, most alike first. Each statement is matched at most once. The
 * result depends on nothing but the two lists.
 */
export function matchStatements(old: readonly Comparable[], next: readonly Comparable[]): Matching {
  const pairs = new Pairs(old.length, next.length);
  pairEnds(old, next, pairs);
  pairEqual(old, next, pairs, ({ section, text }) =>
    section === undefined ? undefined : `${sectionKey(section)}\n\n${text}`,
  );
  pairEqual(old, next, pairs, ({ text }) => text);
  const home = homesOf(old, next, pairs.list());
  pairReworded(old, next, pairs, home);
  return { matches: pairs.list(), home };
}

class Pairs {
  readonly oldOf: (number | undefined)[];
  readonly newOf: (number | undefined)[];

  constructor(old: number, next: number) {
    this.newOf = Array.from({ length: old }, () => undefined);
    this.oldOf = Array.from({ length: next }, () => undefined);
  }

  add(old: number, next: number): void {
    this.newOf[old] = next;
    this.oldOf[next] = old;
  }

  list(): Match[] {
    return this.oldOf.flatMap((old, next) => (old === undefined ? [] : [{ old, new: next }]));
  }
}

/** While someone types, all but a few statements stand as they stood. */
function pairEnds(old: readonly Comparable[], next: readonly Comparable[], pairs: Pairs): void {
  const shorter = Math.min(old.length, next.length);
  let first = 0;
  while (first < shorter && isSame(old[first]!, next[first]!)) {
    pairs.add(first, first);
    first++;
  }
  for (let last = 1; last <= shorter - first; last++) {
    const [from, to] = [old.length - last, next.length - last];
    if (!isSame(old[from]!, next[to]!)) break;
    pairs.add(from, to);
  }
}

function isSame(old: Comparable, next: Comparable): boolean {
  if (old === next) return true;
  if (old.text !== next.text) return false;
  const [there, here] = [old.section, next.section];
  return there === undefined || here === undefined ? there === here : equalLists(there, here);
}

/** Pairs what has the same key; of several, the first with the first. */
function pairEqual(
  old: readonly Comparable[],
  next: readonly Comparable[],
  pairs: Pairs,
  keyOf: (statement: Comparable) => string | undefined,
): void {
  const waiting = new Map<string, number[]>();
  old.forEach((statement, index) => {
    const key = pairs.newOf[index] === undefined ? keyOf(statement) : undefined;
    if (key === undefined) return;
    const known = waiting.get(key);
    if (known === undefined) waiting.set(key, [index]);
    else known.push(index);
  });
  // Taken from the end, which is cheap.
  for (const indices of waiting.values()) indices.reverse();
  next.forEach((statement, index) => {
    const key = pairs.oldOf[index] === undefined ? keyOf(statement) : undefined;
    const found = key === undefined ? undefined : waiting.get(key)?.pop();
    if (found !== undefined) pairs.add(found, index);
  });
}

/** The sections of statements; neighbours mostly share one. */
function sectionKeys(statements: readonly Comparable[]): ReadonlySet<string> {
  const keys = new Set<string>();
  let before: readonly string[] | undefined;
  for (const { section } of statements) {
    if (section === undefined || (before && equalLists(before, section))) continue;
    keys.add(sectionKey(section));
    before = section;
  }
  return keys;
}

/**
 * A section that is gone was renamed when most of its statements stand together in one that is new.
 */
function homesOf(
  old: readonly Comparable[],
  next: readonly Comparable[],
  matches: readonly Match[],
): Matching["home"] {
  const before = sectionKeys(old);
  const after = sectionKeys(next);
  const votes = new Map<string, Map<string, number>>();
  for (const match of matches) {
    const from = old[match.old]!.section;
    const to = next[match.new]!.section;
    if (!from || !to || after.has(sectionKey(from)) || before.has(sectionKey(to))) continue;
    const counts = votes.get(sectionKey(from)) ?? new Map<string, number>();
    votes.set(sectionKey(from), counts.set(sectionKey(to), (counts.get(sectionKey(to)) ?? 0) + 1));
  }
  const renamed = new Map(
    [...votes].map(([from, counts]) => [from, [...counts].sort((a, b) => b[1] - a[1])[0]![0]]),
  );
  return (section) => {
    const key = sectionKey(section);
    return after.has(key) ? key : renamed.get(key);
  };
}

interface Candidate extends Match {
  /** How far above its threshold the similarity lies. */
  margin: number;
}

function pairReworded(
  old: readonly Comparable[],
  next: readonly Comparable[],
  pairs: Pairs,
  home: Matching["home"],
): void {
  const profiles = { old: lazily(old), next: lazily(next) };
  const seen = new Set<number>();
  const found: Candidate[] = [];
  const consider = (from: number, to: number): void => {
    const key = from * next.length + to;
    if (seen.has(key)) return;
    seen.add(key);
    const there = old[from]!.section;
    const here = next[to]!.section;
    const within = there === undefined || here === undefined || home(there) === sectionKey(here);
    const margin =
      similarity(profiles.old(from), profiles.next(to)) -
      (within ? rewordedWithin : rewordedAcross);
    if (margin >= 0) found.push({ old: from, new: to, margin });
  };
  considerNeighbours(pairs, consider);
  considerSharedWords(old, next, pairs, consider);
  const distance = (match: Match) => Math.abs(match.old - match.new);
  found.sort(
    (a, b) => b.margin - a.margin || distance(a) - distance(b) || a.new - b.new || a.old - b.old,
  );
  for (const match of found) {
    if (pairs.newOf[match.old] === undefined && pairs.oldOf[match.new] === undefined) {
      pairs.add(match.old, match.new);
    }
  }
}

function lazily(statements: readonly Comparable[]): (index: number) => Profile {
  const known: Profile[] = [];
  return (index) => (known[index] ??= profileOf(statements[index]!.text));
}

/** Between two statements that stayed, an unmatched one is likely the one at its place. */
function considerNeighbours(pairs: Pairs, consider: (old: number, next: number) => void): void {
  const matches = pairs.list();
  const stayed = longestAscending(matches.map((match) => match.old)).map((at) => matches[at]!);
  const ends = [...stayed, { old: pairs.newOf.length, new: pairs.oldOf.length }];
  let from: Match = { old: -1, new: -1 };
  for (const end of ends) {
    const olds = unmatched(pairs.newOf, from.old + 1, end.old);
    const news = unmatched(pairs.oldOf, from.new + 1, end.new);
    news.forEach((to, place) => {
      const middle = Math.floor((place * olds.length) / news.length);
      for (const old of olds.slice(Math.max(0, middle - band), middle + band + 1)) {
        consider(old, to);
      }
    });
    from = end;
  }
}

function unmatched(partners: readonly (number | undefined)[], from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = from; at < to; at++) if (partners[at] === undefined) found.push(at);
  return found;
}

/** Anywhere else, a statement is looked for by its rarest words, so that no list meets a list. */
function considerSharedWords(
  old: readonly Comparable[],
  next: readonly Comparable[],
  pairs: Pairs,
  consider: (old: number, next: number) => void,
): void {
  const holders = new Map<string, number[]>();
  for (const index of unmatched(pairs.newOf, 0, old.length)) {
    for (const word of new Set(wordsOf(old[index]!.text))) {
      const known = holders.get(word);
      if (known === undefined) holders.set(word, [index]);
      else known.push(index);
    }
  }
  for (const index of unmatched(pairs.oldOf, 0, next.length)) {
    const lists = [...new Set(wordsOf(next[index]!.text))]
      .map((word) => holders.get(word) ?? [])
      .filter((list) => list.length > 0 && list.length <= commonWord)
      .sort((a, b) => a.length - b.length);
    for (const other of [...new Set(lists.flat())].slice(0, candidates)) consider(other, index);
  }
}
