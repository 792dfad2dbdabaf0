import type { Regenerated, Weights } from "./dataset.ts";
import { NearDuplicates } from "./near-duplicates.ts";
import { Random } from "./random.ts";
import type { RowNames } from "./row-ids.ts";

/**
 * The random numbers of one fact or statement: what stands elsewhere has no part in them.
 * @param round how often its rows were made anew.
 */
export type Streams = (key: string, round?: number) => Random;

export function streamsOf(seed: number): Streams {
  return (key, round = 0) => new Random(round === 0 ? `${seed}/${key}` : `${seed}/${round}/${key}`);
}

/** How often the grammar's rows of a statement were made anew. */
export function roundOf(rounds: Regenerated["grammar"], statement: string): number {
  return Object.hasOwn(rounds, statement) ? rounds[statement]! : 0;
}

/** How many times the usual rows a statement gets beside these. */
export function moreOf(weights: Weights, statement: string): number {
  return Object.hasOwn(weights, statement) ? weights[statement]! - 1 : 0;
}

export const nothingRegenerated: Regenerated = { grammar: {}, teacher: {}, rows: [] };

/** A row as the grammar drew it. */
export interface Drawn<Row> {
  row: Row;
  /** What is said in it, where two rows should not say nearly the same. */
  text: string;
  /** Draws another in its place; absent where there are no other words for it. */
  again?: (random: Random) => { row: Row; text: string };
  /** What another row must not nearly say; the row's own text when not given. */
  kept?: NearDuplicates;
}

/** Draws until one is new; a fact that has nothing else to say is known by then. */
const triesPerRow = 200;

/**
 * Names the rows of a part, of equal rows the first alone, and puts other rows in the place of
 * those that were regenerated. All others stay as they are, to the byte.
 * @param names those of the rows before these.
 */
export function named<Row extends object>(
  names: RowNames,
  drawn: readonly Drawn<Row>[],
  { rows: regenerated }: Regenerated,
  streams: Streams,
): (Row & { id: string })[] {
  const rows = drawn.flatMap((draft) => {
    const id = names.of(draft.row);
    return id === undefined ? [] : [{ id, draft }];
  });
  for (const { row, take } of regenerated) {
    const at = rows.findIndex(({ id }) => id === row);
    const draft = rows[at]?.draft;
    if (!draft?.again) continue;
    const random = streams(`again/${row}/${take}`);
    const kept = draft.kept ?? new NearDuplicates();
    kept.add(draft.text);
    for (let tries = 0; tries < triesPerRow; tries++) {
      const other = draft.again(random);
      const id = kept.add(other.text) ? names.of(other.row) : undefined;
      if (id === undefined) continue;
      rows[at] = { id, draft: { ...draft, ...other } };
      break;
    }
  }
  return rows.map(({ id, draft }) => ({ id, ...draft.row }));
}
