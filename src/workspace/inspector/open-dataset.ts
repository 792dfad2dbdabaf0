import { InputError } from "../../policy/errors.ts";
import type { DatasetManifest, DatasetPart, RowEdit } from "../../synthesis/dataset.ts";
import { counted } from "../../protocol/words.ts";
import { readManifestOrWhy } from "./dataset-files.ts";
import { PartFile } from "./part-files.ts";
import { ReviewLog } from "./review-log.ts";
import { factsOf } from "./row-facts.ts";
import { parts, RowIndex } from "./row-index.ts";
import { readSpan } from "./spans.ts";

/** A dataset folder that is read once, and again where it grows. */
export class OpenDataset {
  readonly folder: string;
  readonly manifest: DatasetManifest | undefined;
  readonly reviews: ReviewLog;
  readonly index: RowIndex;
  readonly #files: readonly PartFile[];
  readonly #manifestProblem: string | undefined;
  /** The edits of rows, by the number of the row. */
  readonly #edits = new Map<number, RowEdit>();
  #closed = false;
  #bytes = 0;
  #strangers = { version: -1, count: 0 };
  /** Rises with whatever changes what a query finds. */
  version = 0;

  private constructor(
    folder: string,
    reviews: ReviewLog,
    { manifest, problem }: { manifest?: DatasetManifest; problem?: string },
  ) {
    this.folder = folder;
    this.manifest = manifest;
    this.#manifestProblem = problem;
    this.reviews = reviews;
    this.index = new RowIndex(manifest);
    this.#files = parts.map((part) => new PartFile(folder, part));
  }

  /** @param reviews those of the dataset when it is opened anew: what can be undone stays. */
  static async open(folder: string, reviews = new ReviewLog(folder)): Promise<OpenDataset> {
    return new OpenDataset(folder, reviews, await readManifestOrWhy(folder));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#files.map((file) => file.close()));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** How much of the files is read, from 0 to 1. */
  get share(): number {
    const read = this.#files.reduce((sum, file) => sum + file.read, 0);
    return this.#bytes === 0 ? 1 : Math.min(1, read / this.#bytes);
  }

  editOf(row: number): RowEdit | undefined {
    return this.#edits.get(row);
  }

  /** What is wrong with the folder, one line each. */
  get problems(): string[] {
    const { broken } = this.reviews;
    if (this.manifest === undefined && this.#files.every(({ missing }) => missing)) {
      return [
        "This dataset is not there any more: it was removed, or regenerated in another window. Open Dataset shows what there is.",
      ];
    }
    const strangers = this.share < 1 ? 0 : this.#countStrangers();
    return [
      ...(this.#manifestProblem === undefined ? [] : [this.#manifestProblem]),
      ...this.#files.flatMap(({ part, missing, unfinished }) => [
        ...(missing ? [`${part}.jsonl is missing.`] : []),
        ...(unfinished === undefined
          ? []
          : [`Line ${unfinished} of ${part}.jsonl is not finished, and shows once it is.`]),
      ]),
      ...(broken.length === 0
        ? []
        : [`Not a review, and passed over: line ${broken.join(", ")} of review.jsonl.`]),
      ...(strangers === 0
        ? []
        : [`${counted(strangers, "review")} of rows that are not here any more; they are kept.`]),
    ];
  }

  /** Reviews of rows that the files do not have. */
  #countStrangers(): number {
    if (this.#strangers.version !== this.version) {
      let count = 0;
      for (const id of this.reviews.latest.keys()) if (this.index.find(id) === undefined) count++;
      this.#strangers = { version: this.version, count };
    }
    return this.#strangers.count;
  }

  /** Whether the files are still those that were read. */
  async isOther(): Promise<boolean> {
    const states = await Promise.all(this.#files.map((file) => file.state()));
    return states.includes("other");
  }

  /** Whether there are lines that are not read yet. */
  async hasGrown(): Promise<boolean> {
    const states = await Promise.all(this.#files.map((file) => file.state()));
    return states.includes("grown");
  }

  /** Reads what is not read yet. @param step is called after each piece. */
  async read(step: () => void): Promise<void> {
    this.#bytes = (await Promise.all(this.#files.map((file) => file.size()))).reduce(
      (sum, size) => sum + size,
      0,
    );
    for (const file of this.#files) {
      for await (const lines of file.lines()) {
        if (this.#closed) return;
        for (const line of lines) {
          const facts = factsOf(file.part, line);
          this.index.add(file.part, line, facts);
          const review = this.reviews.latest.get(facts.id);
          if (review !== undefined) this.#judge(facts.id);
        }
        this.version++;
        step();
      }
    }
  }

  /** Reads reviews that other windows wrote. @returns the rows that are judged otherwise now. */
  async readReviews(): Promise<number[]> {
    return this.judged(await this.reviews.refresh());
  }

  /** Takes over the reviews of some rows. @returns the rows. */
  judged(ids: readonly string[]): number[] {
    if (ids.length > 0) this.version++;
    return ids.flatMap((id) => this.#judge(id) ?? []);
  }

  #judge(id: string): number | undefined {
    const review = this.reviews.latest.get(id);
    const verdict =
      review === undefined || review.verdict === "withdrawn" ? "none" : review.verdict;
    const row = this.index.judge(id, verdict);
    if (row !== undefined) {
      if (review?.edit === undefined) this.#edits.delete(row);
      else this.#edits.set(row, review.edit);
    }
    return row;
  }

  fileOf(part: DatasetPart): PartFile {
    return this.#files[parts.indexOf(part)]!;
  }

  readonly bytes = (part: number, offset: number, length: number): Promise<Buffer> => {
    if (this.#closed) throw new InputError("the dataset was closed");
    return this.#files[part]!.bytes(offset, length);
  };

  async line(row: number): Promise<Buffer> {
    const [line] = await readSpan(this.index, this.bytes, [row], 0);
    if (line?.length === 0) throw new InputError("the dataset was written anew meanwhile");
    return line!;
  }

  /** The lines of rows, each with its row, in the order of the files. */
  async *lines(rows: Uint32Array): AsyncGenerator<{ row: number; line: Buffer }> {
    const ascending = rows.slice().sort();
    for (let place = 0; place < ascending.length;) {
      const lines = await readSpan(this.index, this.bytes, ascending, place);
      for (const line of lines) yield { row: ascending[place++]!, line };
    }
  }
}
