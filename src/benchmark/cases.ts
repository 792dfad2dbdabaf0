import type { Random } from "../synthesis/random.ts";
import { randomValue, valueFor, valuesOf } from "./records.ts";
import { holds, type Facts, solve } from "./solver.ts";
import { pathsOf, type PolicyTree, type Turn, type Value } from "./tree.ts";
import type { Testable } from "./variables.ts";
import type { Databases, Row } from "./world.ts";

/** A task as the cases need it. */
export interface Ruled {
  tree: PolicyTree;
  testable: readonly Testable[];
}

/** One request of a query: the user's words may still leave some of it out. */
export interface Case {
  task: Ruled;
  turns: Turn[];
  outcome: string;
}

/**
 * Finds cases for the leaves of the trees: a record that leads to the leaf, or one that can be made
 * to, as long as no other query relies on what would change. Where there is none, the record is
 * taken as it is, and the case is of the leaf that it leads to: every case has a valid way.
 */
export class CaseFinder {
  readonly #databases: Databases;
  readonly #primary: string;
  readonly #links: ReadonlyMap<string, string>;
  /** Fields that a query relies on, as `database/id/column`. */
  readonly #pinned = new Set<string>();
  readonly #ids: readonly string[];
  #next = 0;

  /** @param links the columns of the primary database that lead to the others, by database. */
  constructor(databases: Databases, primary: string, links: ReadonlyMap<string, string>) {
    this.#databases = databases;
    this.#primary = primary;
    this.#links = links;
    this.#ids = Object.keys(databases[primary]!);
  }

  /** @param tasks one for each intent. */
  find(
    tasks: readonly Ruled[],
    random: Random,
  ): { id: string; cases: Case[]; spoken: Map<string, Value> } {
    const spoken = new Map<string, Value>();
    const wanted = tasks.map((task) => random.pick(pathsOf(task.tree.root)));
    const first = this.#next++;
    const at = (offset: number) => this.#ids[(first + offset) % this.#ids.length]!;
    let id = at(0);
    for (let offset = 0; offset < this.#ids.length; offset++) {
      if (this.#canLead(at(offset), tasks[0]!, wanted[0]!.turns)) {
        id = at(offset);
        break;
      }
    }
    const cases = tasks.map((task, i) => this.#lead(id, task, wanted[i]!.turns, spoken, random));
    return { id, cases, spoken };
  }

  /** All that bears on a task: what is on record, and what the user says. */
  facts(id: string, { testable }: Ruled, spoken: ReadonlyMap<string, Value>): Facts {
    return new Map(
      testable.flatMap(({ variable }): [string, Value][] => {
        const value =
          variable.database === undefined
            ? spoken.get(variable.key)
            : (this.row(id, variable.database)[variable.column] as Value);
        return value === undefined ? [] : [[variable.key, value]];
      }),
    );
  }

  /** The record of a database that a primary record leads to. */
  row(id: string, database: string): Row {
    const primary = this.#databases[this.#primary]![id]!;
    if (database === this.#primary) return primary;
    return this.#databases[database]![primary[this.#links.get(database)!] as string]!;
  }

  #canLead(id: string, { tree }: Ruled, turns: readonly Turn[]): boolean {
    return turns.every(({ condition: name, holds: isSo }) => {
      const condition = tree.conditions.find((each) => each.id === name)!;
      const { database, column } = condition.variable;
      if (database === undefined || !this.#pinned.has(this.#pin(id, database, column))) return true;
      return holds(condition, this.row(id, database)[column] as Value) === isSo;
    });
  }

  /** Makes the record and the user's words lead to a leaf, as far as they are free. */
  #lead(
    id: string,
    task: Ruled,
    wanted: readonly Turn[],
    spoken: Map<string, Value>,
    random: Random,
  ): Case {
    const { tree, testable } = task;
    const fieldOf = (key: string) => testable.find(({ variable }) => variable.key === key)!.field;
    for (const { condition: name, holds: isSo } of wanted) {
      const condition = tree.conditions.find((each) => each.id === name)!;
      const { key, database, column } = condition.variable;
      if (database === undefined) {
        if (!spoken.has(key)) spoken.set(key, valueFor(condition, fieldOf(key), isSo, random));
      } else if (!this.#pinned.has(this.#pin(id, database, column))) {
        const row = this.row(id, database);
        if (holds(condition, row[column] as Value) !== isSo) {
          row[column] = valueFor(condition, fieldOf(key), isSo, random);
        }
      }
    }
    for (const { variable, field } of testable) {
      // What no rule on the way asks about is drawn all the same: another way may ask.
      if (variable.database === undefined && !spoken.has(variable.key)) {
        spoken.set(variable.key, randomValue(field, random));
      }
    }
    const { outcome, turns } = solve(tree, this.facts(id, task, spoken));
    for (const { condition: name } of turns) {
      const { database, column } = tree.conditions.find((each) => each.id === name)!.variable;
      if (database !== undefined) this.#pinned.add(this.#pin(id, database, column));
    }
    return { task, turns, outcome: outcome.id };
  }

  #pin(id: string, database: string, column: string): string {
    return `${database}/${id}/${column}`;
  }
}

/** Every value that a distractor may name for a field, but one. */
export const otherValues = (testable: Testable, value: Value): Value[] =>
  valuesOf(testable.field).filter((each) => each !== value);
