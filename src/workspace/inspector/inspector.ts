import { basename } from "node:path";
import { InputError, messageOf } from "../../policy/errors.ts";
import {
  type DatasetLook,
  type DatasetSnapshot,
  firstLook,
  type FromInspector,
  type Judgement,
  type StatementState,
  type ToInspector,
} from "../../protocol/dataset.ts";
import { describeFileError } from "../../training/file-errors.ts";
import { chartsOf } from "./charts.ts";
import { readRefused } from "./dataset-files.ts";
import { type Done, editOneRow, judgeRow, judgeRows, undo } from "./judgements.ts";
import { OpenDataset } from "./open-dataset.ts";
import { detailRow, viewRow } from "./row-views.ts";
import { Search, wordsOf } from "./search.ts";
import { select, type Selection, viewFacets } from "./select.ts";

/** How often files are looked at while the dataset is open, in milliseconds. */
const watchMs = 1000;
/** The shortest time between two snapshots of what goes on, in milliseconds. */
const paceMs = 200;

const staleStates: readonly StatementState[] = ["changed", "recategorized", "removed"];

/**
 * One dataset on the disk, as one panel looks at it: it keeps an index, reads the rows on the
 * screen, and tells what it sees in snapshots. It runs in a thread of its own.
 */
export class Inspector {
  readonly #send: (message: FromInspector) => void;
  #dataset: OpenDataset | undefined;
  #look: DatasetLook = firstLook;
  #readOnly: string | undefined;
  #search: Search | undefined;
  #states: Record<string, StatementState> = {};
  #selection: { key: string; found: Selection } | undefined;
  #refused: { at: number; counts: Map<string, number> | undefined } | undefined;
  #reading = false;
  #searching = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the last snapshot was sent, and how long it took to make, in milliseconds. */
  #pushed = 0;
  #cost = 0;
  /** Work that must not meet other work of its kind: what touches files and verdicts. */
  #queue: Promise<void> = Promise.resolve();
  #pushes: Promise<void> | undefined;
  #again = false;

  constructor(send: (message: FromInspector) => void) {
    this.#send = send;
  }

  async receive(message: ToInspector): Promise<void> {
    switch (message.type) {
      case "open":
        this.#look = message.look;
        this.#readOnly = message.readOnly;
        this.#states = {};
        await this.#inTurn(() => this.#open(message.folder));
        return;
      case "look":
        this.#look = message.look;
        this.#startSearch();
        await this.#push();
        return;
      case "statements":
        this.#states = message.states;
        this.#markStale();
        await this.#push();
        return;
      default:
        await this.#inTurn(() => this.#judge(message));
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#dataset?.close();
    this.#dataset = undefined;
  }

  /** Waits until all that was asked for is done. */
  async settled(): Promise<void> {
    do {
      await this.#queue;
      await this.#pushes;
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#reading || this.#searching || this.#pushes);
  }

  /** Looks at the files now, as it does every second. */
  async watch(): Promise<void> {
    await this.#inTurn(async () => {
      const dataset = this.#dataset;
      if (!dataset || this.#reading) return;
      if (await dataset.isOther()) {
        await this.#open(dataset.folder, dataset);
        return;
      }
      const changed = await dataset.readReviews();
      await this.#recheck(changed);
      if (await dataset.hasGrown()) void this.#read(dataset);
      else if (changed.length > 0) await this.#push();
    });
  }

  async #open(folder: string, before?: OpenDataset): Promise<void> {
    await this.close();
    const dataset = await OpenDataset.open(folder, before?.reviews);
    this.#dataset = dataset;
    this.#search = undefined;
    this.#selection = undefined;
    this.#refused = undefined;
    // Rows may have other numbers now; the place in the table stays.
    this.#look = { ...this.#look, row: undefined };
    await dataset.readReviews();
    this.#markStale();
    this.#timer = setInterval(() => void this.watch(), watchMs);
    this.#timer.unref();
    void this.#read(dataset);
  }

  async #read(dataset: OpenDataset): Promise<void> {
    this.#reading = true;
    try {
      await dataset.read(() => this.#pace());
    } catch (error) {
      if (!dataset.closed) this.#tellProblem(error);
    } finally {
      if (dataset === this.#dataset) this.#reading = false;
    }
    if (dataset !== this.#dataset) return;
    this.#startSearch();
    await this.#push();
  }

  /** Searches what is not searched yet, piece by piece, so that another question can come between. */
  #startSearch(): void {
    const dataset = this.#dataset;
    if (!dataset) return;
    const { search } = this.#look.query;
    const same = this.#search && wordsOf(search).join(" ") === this.#search.words.join(" ");
    if (!same) this.#search = searchOf(dataset, search);
    if (!this.#searching) void this.#advance();
  }

  async #advance(): Promise<void> {
    this.#searching = true;
    try {
      for (let done = false; !done;) {
        const [search, dataset] = [this.#search, this.#dataset];
        if (!search || !dataset) return;
        const rows = search.done;
        done = await search.advance().catch((error: unknown) => {
          if (dataset.closed) return true;
          throw error;
        });
        if (search.done !== rows) dataset.version++;
        if (search !== this.#search) done = false;
        else this.#pace();
      }
    } catch (error) {
      this.#tellProblem(error);
    } finally {
      this.#searching = false;
      await this.#push();
    }
  }

  /** Rows whose words a review changed, or changed back. */
  async #recheck(rows: readonly number[]): Promise<void> {
    for (const row of rows) await this.#search?.recheck(row);
  }

  #markStale(): void {
    const stale = Object.entries(this.#states).filter(([, state]) => staleStates.includes(state));
    this.#dataset?.index.setStale(stale.map(([id]) => id));
    if (this.#dataset) this.#dataset.version++;
  }

  async #judge(message: Judgement): Promise<void> {
    const dataset = this.#dataset;
    if (!dataset) return;
    try {
      if (this.#readOnly !== undefined) throw new InputError(this.#readOnly);
      const { message: done, rows } = await this.#judged(dataset, message);
      await this.#recheck(rows);
      await this.#push();
      this.#send({ type: "done", message: done });
    } catch (error) {
      this.#send({ type: "refused", message: sentenceOf(error) });
      await this.#push();
    }
  }

  async #judged(dataset: OpenDataset, message: Judgement): Promise<Done> {
    switch (message.type) {
      case "judge":
        return judgeRow(dataset, message);
      case "edit":
        return editOneRow(dataset, message);
      case "undo":
        return undo(dataset);
      case "judgeAll": {
        const search = searchOf(dataset, message.query.search);
        while (!(await search.advance()));
        const { rows } = select(dataset.index, message.query, (row) => search.has(row));
        if (this.#reading || rows.length !== message.matches) {
          throw new InputError("the rows are others than those on the screen by now: look again");
        }
        return judgeRows(dataset, rows, message.verdict);
      }
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work).catch((error: unknown) => this.#tellProblem(error));
    return this.#queue;
  }

  #tellProblem(error: unknown): void {
    this.#send({ type: "problem", message: sentenceOf(error) });
  }

  #pace(): void {
    // What goes on takes longer the more there is to count: most of the time is for the work.
    if (Date.now() - this.#pushed < Math.max(paceMs, 4 * this.#cost)) return;
    this.#pushed = Date.now();
    void this.#push();
  }

  /** Sends a snapshot; what is asked for meanwhile is in the next one. */
  async #push(): Promise<void> {
    this.#again = true;
    this.#pushes ??= (async () => {
      try {
        while (this.#again) {
          this.#again = false;
          const start = Date.now();
          const snapshot = await this.#snapshot();
          if (snapshot) this.#send({ type: "snapshot", snapshot });
          this.#cost = Date.now() - start;
        }
      } catch (error) {
        this.#tellProblem(error);
      } finally {
        this.#pushed = Date.now();
        this.#pushes = undefined;
      }
    })();
    await this.#pushes;
  }

  #select(dataset: OpenDataset): Selection {
    const { query } = this.#look;
    const key = `${dataset.version} ${JSON.stringify(query)}`;
    if (this.#selection?.key !== key) {
      const search = this.#search;
      const found = select(dataset.index, query, (row) => search?.has(row) ?? query.search === "");
      this.#selection = { key, found };
    }
    return this.#selection.found;
  }

  async #snapshot(): Promise<DatasetSnapshot | undefined> {
    const dataset = this.#dataset;
    if (!dataset) return undefined;
    const { index, manifest, reviews, problems } = dataset;
    const selection = this.#select(dataset);
    const { rows } = selection;
    const look = this.#place(rows);
    const review = (id: string) => reviews.latest.get(id);
    const lines = new Map<number, Buffer>();
    const shown = rows.subarray(look.offset, look.offset + look.limit);
    const selected = rows[look.position];
    const wanted = selected === undefined ? shown : Uint32Array.of(...shown, selected);
    for await (const { row, line } of dataset.lines(wanted)) lines.set(row, line);
    const detail = selected === undefined ? undefined : lines.get(selected);
    const file = selected === undefined ? "" : `${index.partOf(selected)}.jsonl`;
    const charts =
      look.view === "charts"
        ? chartsOf(index, selection, await this.#refusals(dataset))
        : undefined;
    const progress = this.#progress(dataset);
    return {
      folder: dataset.folder,
      title: manifest?.policy.title ?? basename(dataset.folder),
      teacher: manifest?.teacher ?? "unknown",
      ...(manifest && { seed: manifest.seed }),
      total: index.rows,
      matches: rows.length,
      look,
      rows: [...shown].map((row) => viewRow(index, row, lines.get(row)!, review)),
      ...(detail &&
        selected !== undefined && {
          detail: detailRow(index, selected, detail, file, { review, states: this.#states }),
        }),
      facets: viewFacets(index, look.query, selection),
      ...(charts && { charts }),
      ...(progress && { progress }),
      problems,
      ...(reviews.undoable !== undefined && { undo: reviews.undoable }),
      ...(this.#readOnly !== undefined && { readOnly: this.#readOnly }),
    };
  }

  /** The look with the selected row where it is now. */
  #place(rows: Uint32Array): DatasetLook {
    const look = this.#look;
    const at = look.row === undefined ? -1 : rows.indexOf(look.row);
    const position = at >= 0 ? at : Math.max(0, Math.min(look.position, rows.length - 1));
    this.#look = { ...look, position, row: rows[position] };
    return this.#look;
  }

  #progress(dataset: OpenDataset): DatasetSnapshot["progress"] {
    if (this.#reading) return { what: "reading", share: dataset.share };
    const search = this.#search;
    if (!search || !this.#searching || search.done >= dataset.index.rows) return undefined;
    return { what: "searching", share: search.done / dataset.index.rows };
  }

  async #refusals(dataset: OpenDataset): Promise<Map<string, number> | undefined> {
    if (this.#refused?.at !== dataset.version) {
      this.#refused = { at: dataset.version, counts: await readRefused(dataset.folder) };
    }
    return this.#refused.counts;
  }
}

const searchOf = (dataset: OpenDataset, search: string): Search =>
  new Search(search, dataset.index, dataset.bytes, (row) => dataset.editOf(row));

function sentenceOf(error: unknown): string {
  const message = describeFileError(error) ?? messageOf(error);
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}
