import { categories, type Category } from "../../policy/statement.ts";
import type { DatasetManifest, DatasetPart } from "../../synthesis/dataset.ts";
import { CheckResult, Part, RowVerdict } from "../../protocol/dataset.ts";
import { Column, FirstRows, hashOf, Names } from "./growing.ts";
import type { Line } from "./lines.ts";
import type { RowFacts } from "./row-facts.ts";

export const parts = Part.options;
export const rowVerdicts = RowVerdict.options;
/** What the index itself finds; `stale` depends on the policy as it is now. */
export const checkResults = CheckResult.options;
const bit = (check: CheckResult): number => 1 << checkResults.indexOf(check);

/** A statement that rows name. */
export interface IndexedStatement {
  id: string;
  text: string;
  /** Absent when the manifest does not know it. */
  category?: Category;
  /** The number of its section. */
  section: number;
}

/** Statements that a row comes from together; most rows share theirs with others. */
interface Group {
  statements: readonly number[];
  categories: readonly number[];
  sections: readonly number[];
  unknown: boolean;
}

/** Sections are named by their path. */
export const sectionName = (path: readonly string[] | undefined): string =>
  path === undefined || path.length === 0 ? "" : path.join(" › ");

/** Where the rows of a dataset lie, and what a filter needs to know of them: 45 bytes a row. */
export class RowIndex {
  readonly statements: IndexedStatement[] = [];
  readonly sections = new Names();
  readonly kinds = new Names();
  readonly tiers = new Names();
  readonly teachers = new Names();
  readonly #statementNumbers = new Map<string, number>();
  readonly #groups: Group[] = [];
  readonly #groupNumbers = new Map<string, number>();
  readonly #ids = new FirstRows();
  readonly #words = parts.map(() => new FirstRows());
  readonly #teacher: string;
  /** What stands before the text of a row for pretraining. */
  readonly identifier: string;
  readonly part = new Column(Uint8Array);
  readonly offset = new Column(Float64Array);
  readonly length = new Column(Uint32Array);
  readonly line = new Column(Uint32Array);
  readonly kind = new Column(Uint32Array);
  readonly tier = new Column(Uint32Array);
  readonly teacher = new Column(Uint32Array);
  readonly size = new Column(Uint32Array);
  readonly #group = new Column(Uint32Array);
  readonly #checks = new Column(Uint8Array);
  /** The first row with the same id: a verdict is on an id. */
  readonly #first = new Column(Uint32Array);
  readonly #verdict = new Column(Uint8Array);
  /** Statements whose rows went stale, by number. */
  #stale: ReadonlySet<number> = new Set();

  constructor(manifest: DatasetManifest | undefined) {
    // A teacher's rows name it; what names none is the grammar's.
    this.#teacher = manifest === undefined ? "unknown" : "none";
    this.identifier = manifest ? `[${manifest.identifier}] ` : "";
    for (const { id, category, text, section } of manifest?.statements ?? []) {
      this.#addStatement({ id, category, text, section: this.sections.of(sectionName(section)) });
    }
  }

  get rows(): number {
    return this.part.length;
  }

  add(part: DatasetPart, line: Line, facts: RowFacts): void {
    const row = this.rows;
    const sound = facts.problem === undefined;
    const named = facts.id !== "";
    const first = named ? this.#ids.add(hashOf(facts.id), row) : row;
    const group = this.#groupOf(facts.statements);
    const words = this.#words[parts.indexOf(part)]!;
    const copy = sound && words.add(hashOf(facts.words), row) !== row;
    this.part.push(parts.indexOf(part));
    this.offset.push(line.offset);
    this.length.push(line.length);
    this.line.push(line.number);
    this.kind.push(this.kinds.of(facts.kind));
    this.tier.push(this.tiers.of(facts.tier));
    this.teacher.push(this.teachers.of(facts.teacher ?? this.#teacher));
    this.size.push(facts.size);
    this.#group.push(group);
    this.#first.push(first);
    this.#verdict.push(0);
    this.#checks.push(
      (facts.problem === undefined ? 0 : bit(facts.problem)) |
        (copy ? bit("duplicate") : 0) |
        (first === row ? 0 : bit("duplicate-id")) |
        (this.#groups[group]!.unknown ? bit("unknown-statement") : 0),
    );
  }

  partOf(row: number): DatasetPart {
    return parts[this.part.get(row)]!;
  }

  groupOf(row: number): Group {
    return this.#groups[this.#group.get(row)]!;
  }

  /** Bits in the order of `checkResults`; passing is a bit of its own. */
  checksOf(row: number): number {
    const checks = this.#checks.get(row);
    const stale = this.groupOf(row).statements.some((statement) => this.#stale.has(statement));
    return checks | (stale ? bit("stale") : 0) || bit("passed");
  }

  /** Its place in `rowVerdicts`. */
  verdictOf(row: number): number {
    return this.#verdict.get(this.#first.get(row));
  }

  /** The first row with this id. */
  find(id: string): number | undefined {
    return this.#ids.find(hashOf(id));
  }

  /** @returns the row, or undefined when no row has this id. */
  judge(id: string, verdict: RowVerdict): number | undefined {
    const row = this.find(id);
    if (row !== undefined) this.#verdict.set(row, rowVerdicts.indexOf(verdict));
    return row;
  }

  setStale(ids: Iterable<string>): void {
    const numbers = [...ids].map((id) => this.#statementNumbers.get(id));
    this.#stale = new Set(numbers.filter((number) => number !== undefined));
  }

  #addStatement(statement: IndexedStatement): number {
    const known = this.#statementNumbers.get(statement.id);
    if (known !== undefined) return known;
    this.#statementNumbers.set(statement.id, this.statements.length);
    return this.statements.push(statement) - 1;
  }

  #groupOf(ids: readonly string[]): number {
    const key = ids.join("\n");
    const known = this.#groupNumbers.get(key);
    if (known !== undefined) return known;
    const statements = [...new Set(ids)].map((id) =>
      this.#addStatement({ id, text: "", section: this.sections.of("") }),
    );
    const found = statements.map((number) => this.statements[number]!);
    const own = found.flatMap(({ category }) => category ?? []);
    const number =
      this.#groups.push({
        statements,
        categories: [...new Set(own.map((category) => categories.indexOf(category)))],
        sections: [...new Set(found.map(({ section }) => section))],
        unknown: own.length < found.length,
      }) - 1;
    this.#groupNumbers.set(key, number);
    return number;
  }
}
