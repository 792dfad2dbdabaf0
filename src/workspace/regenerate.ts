import { basename } from "node:path";
import { InputError } from "../policy/errors.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import { counted } from "../protocol/words.ts";
import { planChange } from "../synthesis/changes.ts";
import {
  type AnyRow,
  type Dataset,
  type DatasetManifest,
  type Regenerated,
  type RefusedRow,
} from "../synthesis/dataset.ts";
import { nothingRegenerated, roundOf } from "../synthesis/regeneration.ts";
import { saidIn } from "../synthesis/row-text.ts";
import { hashRows, kindCounts, synthesize } from "../synthesis/synthesize.ts";
import { tasksAbout, teachStatement } from "../synthesis/teaching/again.ts";
import type { Ask } from "../synthesis/teaching/ask.ts";
import { taskInstead, teachInstead } from "../synthesis/teaching/instead.ts";
import type { Task } from "../synthesis/teaching/tasks.ts";
import { guardOf, type TeachOptions } from "../synthesis/teaching/teach.ts";
import { withIdsOf } from "./keep-ids.ts";
import { readMade, type Regeneration, synthesizeFirst } from "./regenerated-files.ts";
import { brokenReviews, covered } from "./remake.ts";
import { readTools } from "./tools-file.ts";

/** What is made anew: one row, or all rows of a statement but those of the document. */
export type Target = { row: string } | { statement: string };

/** Who writes a teacher's rows anew. */
export interface Again extends TeachOptions {
  ask: Ask;
  /** Whether `ask` would find all of this answered, so that nothing is sent. */
  isAnswered: (tasks: readonly Task[]) => Promise<boolean>;
}

/** Other rows are drawn so often at most when what was drawn leaves something uncovered. */
const mostDraws = 4;
/** … and a teacher is asked so often at most, over any number of tries, for what is not there yet. */
const mostTakes = 20;

/** A dataset, and all that it takes to make some of it anew. */
export class Regenerator {
  readonly #folder: string;
  readonly #policy: ParsedPolicy;
  readonly #file: string;
  readonly #before: Dataset;
  readonly #command: string;

  private constructor(
    folder: string,
    policy: ParsedPolicy,
    file: string,
    before: Dataset,
    command: string,
  ) {
    this.#folder = folder;
    this.#policy = policy;
    this.#file = file;
    this.#before = before;
    this.#command = command;
  }

  /**
   * @param folder the dataset's.
   * @param parsed the policy as it is now, which must be the one that the dataset was made from.
   * @param file the policy's file; its tools lie beside it.
   * @param command the exact command, for the manifest.
   * @throws InputError when the dataset is broken, or the policy another one by now.
   */
  static async open(
    folder: string,
    parsed: ParsedPolicy,
    file: string,
    command: string,
  ): Promise<Regenerator> {
    const before = await readMade(folder);
    if (before.manifest.policy.sha256 !== parsed.policy.sha256) {
      throw new InputError("the policy was edited since the dataset was made", synthesizeFirst);
    }
    return new Regenerator(folder, withIdsOf(before.manifest, parsed), file, before, command);
  }

  /** Whether a teacher wrote some of what is made anew. @throws InputError when it is not there. */
  needsTeacher(target: Target): boolean {
    if ("statement" in target) return this.#before.manifest.teacher !== "none";
    return this.#row(target.row).teacher !== undefined;
  }

  /** What the teacher would be asked; nothing where that is answered already, or not needed. */
  async questions(target: Target, again: Again): Promise<Task[]> {
    if (!this.needsTeacher(target)) return [];
    this.#requireSame(again);
    const { open } =
      "row" in target
        ? await this.#takeOf(target.row, again)
        : await this.#roundOf(target.statement, this.#before, again);
    return open;
  }

  /**
   * Makes other rows. Nothing is written.
   * @param again who writes a teacher's rows; without, only the grammar's are made anew.
   * @throws InputError when there is nothing else to say, when what there is would leave something
   * uncovered, or when other rows than those that are meant would change.
   */
  async make(target: Target, again?: Again): Promise<Regeneration> {
    const taught = this.needsTeacher(target);
    if (taught && again) this.#requireSame(again);
    const dataset = await this.#made(target, taught ? again : undefined);
    const known = new Set(allRows(this.#before).map(({ id }) => id));
    const made = allRows(dataset).filter(({ id }) => !known.has(id));
    if (made.length === 0) throw nothingElse(target);
    const { manifest } = this.#before;
    const origin = manifest.origin ?? basename(this.#folder);
    return {
      dataset: {
        ...dataset,
        manifest: { ...dataset.manifest, command: this.#command, origin },
      },
      plan: planChange({ manifest, rows: this.#before }, dataset),
      previous: this.#folder,
      replaces: manifest.origin !== undefined,
      brokenReviews: await brokenReviews(this.#folder),
      words: this.#describe(target, made),
    };
  }

  async #made(target: Target, again: Again | undefined): Promise<Dataset> {
    if ("row" in target && this.#row(target.row).teacher !== undefined) {
      const { teaching, teacher } = this.#before.manifest;
      if (again) return this.#instead(target.row, again);
      throw new InputError(
        `${target.row} is by a teacher: ${teaching?.model ?? teacher}`,
        "Choose that teacher.",
      );
    }
    const written = await this.#byGrammar(target, again !== undefined);
    return again && "statement" in target
      ? this.#byTeacher(target.statement, written, again)
      : written;
  }

  async #byGrammar(target: Target, goesOn: boolean): Promise<Dataset> {
    const tools = await readTools(this.#file);
    const { seed, sha256, weights } = this.#before.manifest;
    let problem: InputError | undefined;
    for (let draw = 0; draw < mostDraws; draw++) {
      const regenerated = this.#regenerated(target, draw);
      const dataset = this.#withTaughtRows(
        synthesize(this.#policy, {
          ...{ seed, command: this.#command, regenerated },
          ...(tools && { tools }),
          ...(weights && { weights }),
        }),
      );
      // What is drawn for a row may be what a weight added: then the dataset would have it once.
      if (weights && "row" in target && allRows(dataset).length < allRows(this.#before).length) {
        problem = nothingElse(target);
        continue;
      }
      this.#requireOthers(dataset, target);
      if (dataset.manifest.sha256 === sha256) {
        if (goesOn) return dataset;
        throw nothingElse(target);
      }
      const gap = this.#newGap(dataset);
      if (gap === undefined && !this.#nearsExam(dataset)) return dataset;
      problem =
        gap === undefined
          ? new InputError("other exam questions come too near to rows of the teacher")
          : leaves(gap);
    }
    throw problem!;
  }

  /** Whether an exam question that came is too near to a row that a teacher wrote before. */
  #nearsExam(dataset: Dataset): boolean {
    const known = new Set(this.#before.exam.map(({ id }) => id));
    const exam = dataset.exam.filter(({ id }) => !known.has(id));
    const taught = [...dataset.cpt, ...dataset.sft].filter(isTaught);
    if (exam.length === 0 || taught.length === 0) return false;
    const guard = guardOf({ ...dataset, exam }, this.#policy);
    return taught.some((row) => guard.near(saidIn(row)) !== undefined);
  }

  async #byTeacher(statement: string, written: Dataset, again: Again): Promise<Dataset> {
    const { asked } = await this.#roundOf(statement, written, again);
    const taught = await teachStatement(again.ask, asked, this.#policy, statement, again);
    if (!hasTaught(taught, statement) && hasTaught(this.#before, statement)) {
      throw nothingPassed(taught.refused?.filter(({ statements }) => statements[0] === statement));
    }
    return this.#covered(taught);
  }

  async #instead(row: string, again: Again): Promise<Dataset> {
    const { take } = await this.#takeOf(row, again);
    const entry = { row, take };
    const made = await teachInstead(again.ask, this.#before, this.#policy, entry, again);
    if (!made) throw new InputError(`no question leads to ${row}`, synthesizeFirst);
    if ("refused" in made) throw nothingPassed(made.refused);
    const { manifest, ...rows } = made.dataset;
    const regenerated = this.#add(entry);
    return this.#covered({ ...rows, manifest: { ...manifest, regenerated } });
  }

  /**
   * The round in which a teacher is asked about a statement: the first of which something is not
   * answered yet, or whose answers will do. What was asked in vain is not asked again.
   */
  async #roundOf(
    statement: string,
    written: Dataset,
    again: Again,
  ): Promise<{ asked: Dataset; open: Task[] }> {
    for (let more = 1; more <= mostTakes; more++) {
      const asked = this.#withRound("teacher", statement, more, written);
      const tasks = tasksAbout(asked, this.#policy, statement);
      if (!(await again.isAnswered(tasks))) return { asked, open: tasks };
      const taught = await teachStatement(again.ask, asked, this.#policy, statement, again);
      if (hasTaught(taught, statement)) return { asked, open: [] };
    }
    throw nothingPassed();
  }

  /** Which time another row is asked for in the place of one, as for rounds. */
  async #takeOf(row: string, again: Again): Promise<{ take: number; open: Task[] }> {
    const old = this.#row(row);
    if ("tier" in old) throw new InputError(`no question leads to ${row}`, synthesizeFirst);
    for (let take = 0; take < mostTakes; take++) {
      const task = taskInstead(this.#before, this.#policy, old, take);
      if (!task) throw new InputError(`no question leads to ${row}`, synthesizeFirst);
      if (!(await again.isAnswered([task]))) return { take, open: [task] };
      const entry = { row, take };
      const made = await teachInstead(again.ask, this.#before, this.#policy, entry, again);
      if (made && "dataset" in made) return { take, open: [] };
    }
    throw nothingPassed();
  }

  /** A later synthesis asks one teacher for all rows: it would not find those of another. */
  #requireSame({ model }: Again): void {
    const { teaching } = this.#before.manifest;
    if (teaching === undefined || teaching.model === model) return;
    throw new InputError(
      `the rows are by ${teaching.model}, and the teacher is ${model} now`,
      "Choose the same teacher, or synthesize the dataset anew.",
    );
  }

  #covered(dataset: Dataset): Dataset {
    const counted = covered(this.#policy, dataset);
    const gap = this.#newGap(counted);
    if (gap !== undefined) throw leaves(gap);
    return counted;
  }

  #row(id: string): AnyRow {
    const row = allRows(this.#before).find((each) => each.id === id);
    if (!row) throw new InputError(`the dataset has no row ${id}`);
    if (row.kind === "document") {
      throw new InputError(`${id} is the document itself, which has no other words`);
    }
    return row;
  }

  #regenerated(target: Target, draw: number): Regenerated {
    if ("row" in target) return this.#add({ row: target.row, take: draw });
    return this.#withRound("grammar", target.statement, draw + 1).manifest.regenerated!;
  }

  #add(entry: Regenerated["rows"][number]): Regenerated {
    const now = this.#before.manifest.regenerated ?? nothingRegenerated;
    return { ...now, rows: [...now.rows, entry] };
  }

  #withRound(
    who: "grammar" | "teacher",
    statement: string,
    more: number,
    { manifest, ...rows } = this.#before,
  ): Dataset {
    const known = manifest.statements.some(({ id }) => id === statement);
    if (!known) throw new InputError(`the dataset has no statement ${statement}`);
    const now = manifest.regenerated ?? nothingRegenerated;
    const rounds = { ...now[who], [statement]: roundOf(now[who], statement) + more };
    return { ...rows, manifest: { ...manifest, regenerated: { ...now, [who]: rounds } } };
  }

  /** The grammar's rows as they are now, and a teacher's as they were. */
  #withTaughtRows(written: Dataset): Dataset {
    const { manifest, cpt: oldCpt, sft: oldSft, refused } = this.#before;
    if (manifest.teacher === "none") return written;
    const cpt = [...written.cpt, ...oldCpt.filter(isTaught)];
    const sft = [...written.sft, ...oldSft.filter(isTaught)];
    const { exam } = written;
    const { teacher, teaching } = manifest;
    const rows = { cpt, sft, exam, ...(refused && { refused }) };
    return covered(this.#policy, {
      ...rows,
      manifest: {
        ...written.manifest,
        ...{ teacher, ...(teaching && { teaching }) },
        counts: {
          ...written.manifest.counts,
          ...{ cpt: cpt.length, sft: sft.length },
          byKind: kindCounts([...cpt, ...sft, ...exam]),
        },
        sha256: hashRows(cpt, sft, exam),
      },
    });
  }

  /**
   * No row changes but those that are meant, and the exam questions that quote a row that does.
   * Rows are named by what they hold.
   * @throws InputError when others would: the dataset was made another way.
   */
  #requireOthers(dataset: Dataset, target: Target): void {
    const ids = (of: Dataset) => new Set(allRows(of).map(({ id }) => id));
    const [before, now] = [ids(this.#before), ids(dataset)];
    const changed = [
      ...allRows(this.#before).filter(({ id }) => !now.has(id)),
      ...allRows(dataset).filter(({ id }) => !before.has(id)),
    ];
    const old = "row" in target ? this.#row(target.row) : undefined;
    const meant = (row: AnyRow): boolean => {
      if ("statement" in target) return row.statements[0] === target.statement;
      const isOther = row.id === target.row || !before.has(row.id);
      return row.statements[0] === old!.statements[0] && (isOther || quotes(row, old!));
    };
    if (changed.every(meant)) return;
    throw new InputError(
      "the dataset was made by another version of Ingrain, or with other tools or settings",
      synthesizeFirst,
    );
  }

  /** What was covered before and would not be any more. */
  #newGap({ manifest }: Dataset): string | undefined {
    const names = ({ coverage }: DatasetManifest) =>
      new Map(coverage?.gaps.map((gap) => [`${gap.statement} ${gap.message}`, gap.message]));
    const known = names(this.#before.manifest);
    return [...names(manifest)].find(([name]) => !known.has(name))?.[1];
  }

  #describe(target: Target, made: readonly AnyRow[]): string {
    if ("statement" in target) {
      const all = allRows(this.#before).filter(
        ({ kind, statements }) => kind !== "document" && statements[0] === target.statement,
      );
      return `Regenerated the statement: ${made.length.toLocaleString("en")} of its ${counted(all.length, "row")} are others`;
    }
    const isExam = (row: AnyRow) => "tier" in row;
    const itself = "tier" in this.#row(target.row);
    const other = made.find((row) => isExam(row) === itself);
    const quoting = itself ? 0 : made.filter(isExam).length;
    const follow =
      quoting === 0 ? "" : `; ${counted(quoting, "exam question")} that quote it follow`;
    return `Regenerated ${target.row}: it is ${other?.id ?? "gone"} now${follow}`;
  }
}

function nothingElse(target: Target): InputError {
  return new InputError(
    "row" in target
      ? `there are no other words for ${target.row} than those that the statement's rows have`
      : "there are no other rows to make from this statement",
  );
}

function nothingPassed(refused: readonly RefusedRow[] = []): InputError {
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  const why = reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;
  return new InputError(
    `the teacher wrote nothing new that passes the checks${why}`,
    "Regenerate asks once more.",
  );
}

const leaves = (gap: string): InputError =>
  new InputError(`other rows would leave something uncovered: ${gap}`);

/** Questions of the tiers that ask what was trained on have a row's own words. */
function quotes(item: AnyRow, row: AnyRow): boolean {
  return "text" in row && "tier" in item && (item.tier === "seen" || item.tier === "rewrapped");
}

const isTaught = ({ teacher }: AnyRow): boolean => teacher !== undefined;

function hasTaught({ cpt, sft }: Dataset, statement: string): boolean {
  return [...cpt, ...sft].some((row) => isTaught(row) && row.statements[0] === statement);
}

function allRows({ cpt, sft, exam }: Dataset): AnyRow[] {
  return [...cpt, ...sft, ...exam];
}
