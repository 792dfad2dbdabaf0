import { render } from "lit";
import {
  type DatasetLook,
  type DatasetQuery,
  type DatasetSnapshot,
  type FromDatasetView,
  type RowDetail,
  sourcesOf,
  type ToDatasetView,
} from "../../src/protocol/dataset.ts";
import { type Action, actionOf } from "./keys.ts";
import { whyNotAgain } from "./detail.ts";
import { type DatasetActions, renderDataset, renderProblem } from "./render.ts";
import { rowHeight, scrollTo, type Viewport, windowOf } from "./window.ts";

/** How long typing in the search field rests before the disk is searched, in milliseconds. */
const restMs = 200;

export interface PageHost {
  post(message: FromDatasetView): void;
  writeState(state: { folder: string; look: DatasetLook }): void;
}

/** The inspector's page: what is shown, what is asked for, and what the keys do. */
export class DatasetPage {
  readonly #main: HTMLElement;
  readonly #host: PageHost;
  #snapshot: DatasetSnapshot | undefined;
  #regenerating = false;
  /** The row in the form, as it was when the form was opened. */
  #editing: RowDetail | undefined;
  #done: string | undefined;
  #refused: string | undefined;
  /** The number of the last question, and of the one that the rows on the screen answer. */
  #asked = 0;
  #shown = 0;
  /** The number of the last question that may have selected another row. */
  #moved = 0;
  /** What is to be done with the selected row once it is there. */
  #waiting: ((row: RowDetail) => void) | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  readonly #actions: DatasetActions;

  constructor(main: HTMLElement, host: PageHost) {
    this.#main = main;
    this.#host = host;
    this.#actions = {
      post: (message) => this.#host.post(message),
      query: (change) => this.#query(change),
      view: (view) => this.#ask({ view }),
      sort: (sort) => this.#query({ sort }),
      select: (position) => this.#select(position),
      source: (position) => {
        this.#select(position);
        this.#showSource();
      },
      scrolled: () => this.#scrolled(),
      judge: (verdict) => this.#judge(verdict),
      judgeAll: (verdict) => this.#judgeAll(verdict),
      edit: () => this.#edit(),
      saveEdit: (edit) => {
        const row = this.#editing;
        if (row) this.#host.post({ type: "edit", row: row.row, id: row.id, edit });
      },
      cancelEdit: () => this.#closeEdit(),
      regenerate: (statement) => this.#regenerate(statement),
    };
  }

  receive(message: ToDatasetView): void {
    switch (message.type) {
      case "snapshot":
        this.#take(message.snapshot);
        return;
      case "regenerating":
        this.#regenerating = message.goesOn;
        break;
      case "problem":
        if (!this.#snapshot) {
          const reveal = () => this.#host.post({ type: "reveal" });
          render(renderProblem(message.message, reveal), this.#main);
          return;
        }
        this.#refused = message.message;
        break;
      case "refused":
        this.#refused = message.message;
        break;
      case "done":
        this.#done = message.message;
        this.#refused = undefined;
        if (this.#editing) this.#closeEdit();
    }
    this.#draw();
  }

  /** What a key does while no text is typed. @returns whether it did something. */
  press(event: KeyboardEvent): boolean {
    const [target] = event.composedPath();
    if (!this.#snapshot || this.#editing || !(target instanceof HTMLElement)) return false;
    if (target.matches("textarea, select, input:not([type=checkbox])")) {
      if (event.key !== "Escape") return false;
      this.#table?.focus();
      return true;
    }
    const inTable = target === document.body || target === this.#table;
    if (!inTable && /^(Arrow|Page|Home|End|Enter)/.test(event.key)) return false;
    const page = Math.max(1, Math.floor(this.#viewport.height / rowHeight) - 2);
    const action = actionOf(event, page);
    if (action) this.#act(action);
    return action !== undefined;
  }

  #act(action: Action): void {
    const { look, matches } = this.#snapshot!;
    switch (action.type) {
      case "move":
        return this.#select(look.position + action.by);
      case "go":
        return this.#select(action.to === "first" ? 0 : matches - 1);
      case "judge":
        return this.#judge(action.verdict);
      case "edit":
        return this.#edit();
      case "search":
        return this.#main.querySelector<HTMLElement>("vscode-text-field")?.focus();
      case "regenerate":
        return this.#regenerate();
      case "undo":
        return this.#host.post({ type: "undo" });
      case "source":
        return this.#showSource();
    }
  }

  #take(snapshot: DatasetSnapshot): void {
    const before = this.#snapshot;
    if (before && snapshot.look.asked < this.#asked) return;
    this.#asked = Math.max(this.#asked, snapshot.look.asked);
    this.#shown = snapshot.look.asked;
    this.#host.writeState({ folder: snapshot.folder, look: snapshot.look });
    // What is being typed goes on standing in the field.
    const query = this.#resting === undefined ? snapshot.look.query : before!.look.query;
    this.#snapshot = { ...snapshot, look: { ...snapshot.look, query } };
    if (before && before.folder !== snapshot.folder) this.#forget();
    this.#draw();
    const other =
      before?.folder !== snapshot.folder ||
      JSON.stringify(before.look.query) !== JSON.stringify(query);
    if (other && this.#reveal(snapshot.look.position)) this.#scrolled();
    if (this.#waiting && !this.#late) this.#whenThere(this.#waiting);
    if (!before) {
      this.#table?.focus();
      this.#scrolled();
    }
  }

  /** Another dataset is shown: what was said of the last one does not belong to it. */
  #forget(): void {
    this.#editing = undefined;
    this.#done = undefined;
    this.#refused = undefined;
  }

  #draw(): void {
    if (!this.#snapshot) return;
    const editing = this.#editing;
    const snapshot = editing ? { ...this.#snapshot, detail: editing } : this.#snapshot;
    const state = {
      regenerating: this.#regenerating,
      viewport: this.#viewport,
      editing: editing !== undefined,
      done: this.#done,
      refused: this.#refused,
    };
    render(renderDataset(snapshot, state, this.#actions), this.#main);
  }

  get #table(): HTMLElement | null {
    return this.#main.querySelector<HTMLElement>(".table");
  }

  get #viewport(): Viewport {
    const table = this.#table;
    const total = this.#snapshot?.matches ?? 0;
    // The head of the table covers its first line.
    return {
      height: Math.max(rowHeight, (table?.clientHeight ?? 600) - rowHeight),
      scrollTop: table?.scrollTop ?? 0,
      total,
    };
  }

  /** Whether the detail is still of the row that was selected before. */
  get #late(): boolean {
    return this.#moved > this.#shown;
  }

  /** Asks for something else than what is on the screen, now or when typing rests. */
  #ask(change: Partial<DatasetLook>, rest = 0): void {
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    const look = { ...snapshot.look, row: undefined };
    this.#asked++;
    if (change.position !== undefined) this.#moved = this.#asked;
    const next = { ...look, ...change, asked: this.#asked };
    // The controls show at once what is asked, so that the next change builds on it.
    this.#snapshot = { ...snapshot, look: { ...next, offset: look.offset, limit: look.limit } };
    this.#draw();
    clearTimeout(this.#resting);
    this.#resting = undefined;
    const send = () => {
      this.#resting = undefined;
      this.#host.post({ type: "look", look: { ...next, query: this.#snapshot!.look.query } });
    };
    if (rest > 0) this.#resting = setTimeout(send, rest);
    else send();
  }

  #query(change: Partial<DatasetQuery>): void {
    const { query } = this.#snapshot!.look;
    const typing = change.search !== undefined && change.filters === undefined;
    if (typing && change.search === query.search) return;
    this.#ask({ query: { ...query, ...change }, position: 0, offset: 0 }, typing ? restMs : 0);
  }

  #select(position: number): void {
    const { matches, look } = this.#snapshot!;
    const place = Math.max(0, Math.min(position, matches - 1));
    this.#waiting = undefined;
    this.#reveal(place);
    this.#ask({ ...this.#window(look), position: place });
  }

  /** @returns whether the table had to be scrolled. */
  #reveal(position: number): boolean {
    const table = this.#table;
    if (!table) return false;
    const top = scrollTo(position, this.#viewport);
    if (top === table.scrollTop) return false;
    table.scrollTop = top;
    return true;
  }

  /** The window that the viewport needs; the one there is while it will do. */
  #window({ offset, limit }: DatasetLook): { offset: number; limit: number } {
    const needed = windowOf(this.#viewport);
    const first = needed.offset + 10;
    const last = Math.min(this.#viewport.total, needed.offset + needed.limit - 10);
    return offset <= first && offset + limit >= last ? { offset, limit } : needed;
  }

  #scrolled(): void {
    const { look } = this.#snapshot!;
    const wanted = this.#window(look);
    // The selected row stays: it is asked for by its place.
    if (wanted.offset !== look.offset || wanted.limit !== look.limit) this.#ask(wanted);
    else this.#draw();
  }

  #judge(verdict: "approved" | "rejected" | "withdrawn"): void {
    this.#whenThere(({ row, id }) => this.#host.post({ type: "judge", row, id, verdict }));
  }

  /** Does something with the selected row: a fast hand may be ahead of the rows. */
  #whenThere(action: (row: RowDetail) => void): void {
    const { detail, matches } = this.#snapshot!;
    this.#waiting = undefined;
    if (matches === 0) return;
    if (detail && !this.#late) action(detail);
    else this.#waiting = action;
  }

  #judgeAll(verdict: "approved" | "rejected" | "withdrawn"): void {
    const { matches, look } = this.#snapshot!;
    this.#host.post({ type: "judgeAll", query: look.query, matches, verdict });
  }

  #edit(): void {
    const { readOnly } = this.#snapshot!;
    if (readOnly !== undefined) return this.#say(readOnly);
    this.#whenThere((detail) => {
      if (!detail.content || detail.id === "") return this.#say("The line is no sound row");
      this.#editing = detail;
      this.#refused = undefined;
      this.#draw();
      this.#main.querySelector("textarea")?.focus();
    });
  }

  #closeEdit(): void {
    this.#editing = undefined;
    this.#refused = undefined;
    this.#draw();
    this.#table?.focus();
  }

  /** Asks for another row in the place of the selected one, or for other rows of a statement. */
  #regenerate(statement?: string): void {
    const { readOnly, teacher } = this.#snapshot!;
    if (readOnly !== undefined) return this.#say(readOnly);
    if (this.#regenerating) return this.#say("Other rows are being made already");
    if (statement !== undefined) {
      const taught = !["none", "unknown"].includes(teacher);
      this.#host.post({ type: "regenerate", target: { statement }, taught });
      return;
    }
    this.#whenThere((detail) => {
      const why = whyNotAgain(detail);
      if (why !== undefined) return this.#say(why);
      const taught = detail.teacher !== "none";
      this.#host.post({ type: "regenerate", target: { row: detail.id }, taught });
    });
  }

  #showSource(): void {
    this.#whenThere((detail) => {
      const statements = sourcesOf(detail, this.#snapshot!.look);
      this.#host.post({ type: "showSource", statements });
    });
  }

  #say(message: string): void {
    this.#done = message;
    this.#draw();
  }
}
