import { longestAscending } from "./ascending.ts";
import { hash } from "./identity.ts";
import {
  type Comparable,
  type Match,
  matchStatements,
  type Matching,
  sectionKey,
} from "./match.ts";
import type { Decision, Statement } from "./statement.ts";

/** A statement that both versions have, and what became of it. */
export interface Kept<Old, New> {
  /**
   * The gravest of what happened: `changed` has other words or, with the same words, other
   * conditions (those of "Otherwise, …" stand before it); then `recategorized`; then `moved`, to
   * another section or past others; or nothing.
   */
  kind: "changed" | "recategorized" | "moved" | "unchanged";
  old: Old;
  new: New;
  reworded: boolean;
  recategorized: boolean;
  moved: boolean;
}

export type Change<Old, New> =
  Kept<Old, New> | { kind: "added"; new: New } | { kind: "removed"; old: Old };
export type ChangeKind = Change<unknown, unknown>["kind"];

/** What is told of a statement's conditions: the same string, the same reading. */
type ReadingOf<S> = (statement: S) => string | undefined;

/**
 * What became of each statement of an old version in a new one. Statements of the new version have
 * the ids of the old ones that they continue (see `carryIds`).
 *
 * @returns every statement of both versions in exactly one change, in the order of the new version;
 * what was removed follows what stood before it.
 */
export function compare<Old extends Comparable, New extends Comparable>(
  old: readonly Old[],
  next: readonly New[],
  reading: { old: ReadingOf<Old>; new: ReadingOf<New> },
): Change<Old, New>[] {
  const matching = matchStatements(old, next);
  const { matches } = matching;
  const carried = withIds(old, next, matches);
  const stayed = new Set(longestAscending(matches.map((match) => match.old)));
  const changes: Change<Old, New>[] = [];
  const removed = removedAfter(old, matches);
  const flush = (after: number) => {
    for (const statement of removed.get(after) ?? []) {
      changes.push({ kind: "removed", old: statement });
    }
  };
  flush(-1);
  const placeOf = new Map(matches.map((match, place) => [match.new, place]));
  carried.forEach((statement, index) => {
    const place = placeOf.get(index);
    if (place === undefined) {
      changes.push({ kind: "added", new: statement });
      return;
    }
    const match = matches[place]!;
    const before = old[match.old]!;
    const moved = !stayed.has(place) || changedSection(before, statement, matching);
    changes.push(judge(before, statement, moved, reading));
    flush(match.old);
  });
  return changes;
}

/** What became of each statement of a parsed policy in a later version of it. */
export function compareStatements(
  old: readonly Statement[],
  next: readonly Statement[],
): Change<Statement, Statement>[] {
  const reading = ({ decision }: Statement) => fingerprint(decision);
  return compare(old, next, { old: reading, new: reading });
}

/** A short name for what was read as conditions and outcomes, wherever they stand in the file. */
export function fingerprint(decision: Decision | undefined): string {
  if (decision === undefined) return "";
  const placeless = JSON.stringify(decision, (key, value: unknown) =>
    key === "start" || key === "end" ? undefined : value,
  );
  return hash(placeless).slice(0, 10);
}

/**
 * Gives the statements of a new version the ids of the old ones that they continue, be they moved,
 * reworded or re-categorized. A new statement keeps the id it has, unless that one names or named
 * another. The ids that come out are unique.
 */
export function carryIds<New extends Comparable>(
  previous: readonly Comparable[],
  next: readonly New[],
): New[] {
  return withIds(previous, next, matchStatements(previous, next).matches);
}

function withIds<New extends Comparable>(
  old: readonly Comparable[],
  next: readonly New[],
  matches: readonly Match[],
): New[] {
  const ids: (string | undefined)[] = [];
  const taken = new Set<string>();
  for (const match of matches) {
    const { id } = old[match.old]!;
    // A dataset that somebody edited may name two statements alike.
    if (taken.has(id)) continue;
    taken.add(id);
    ids[match.new] = id;
  }
  for (const { id } of old) taken.add(id);
  return next.map((statement, index) => {
    const id = ids[index] ?? freshId(statement.id, taken);
    taken.add(id);
    return id === statement.id ? statement : { ...statement, id };
  });
}

function freshId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let n = 1; taken.has(id); n++) id = `s-${hash(`${wanted}\n#${n}`).slice(0, 10)}`;
  return id;
}

function judge<Old extends Comparable, New extends Comparable>(
  old: Old,
  next: New,
  moved: boolean,
  reading: { old: ReadingOf<Old>; new: ReadingOf<New> },
): Kept<Old, New> {
  const reworded = old.text !== next.text;
  const recategorized = old.category !== next.category;
  const before = reading.old(old);
  const reread = before !== undefined && before !== reading.new(next);
  const kind =
    reworded || (reread && !recategorized)
      ? "changed"
      : recategorized
        ? "recategorized"
        : moved
          ? "moved"
          : "unchanged";
  return { kind, old, new: next, reworded, recategorized, moved };
}

function changedSection(old: Comparable, next: Comparable, { home }: Matching): boolean {
  if (old.section === undefined || next.section === undefined) return false;
  return home(old.section) !== sectionKey(next.section);
}

/** The statements without a match, by the index of the matched one before them; -1 for none. */
function removedAfter<Old>(
  old: readonly Old[],
  matches: readonly Match[],
): ReadonlyMap<number, Old[]> {
  const matched = new Set(matches.map((match) => match.old));
  const removed = new Map<number, Old[]>();
  let after = -1;
  old.forEach((statement, index) => {
    if (matched.has(index)) {
      after = index;
      return;
    }
    const known = removed.get(after);
    if (known === undefined) removed.set(after, [statement]);
    else known.push(statement);
  });
  return removed;
}
