import * as vscode from "vscode";
import { Panel } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import {
  DatasetViewState,
  type DatasetQuery,
  FromDatasetView,
  type ToDatasetView,
} from "../protocol/dataset.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";
import { type AnyRow, pageOf } from "./dataset-pages.ts";
import { fillPanel } from "./webview.ts";

/** Where the panel reads a dataset folder from. */
export interface DatasetSource {
  /** @throws {InputError} when the folder is not a dataset. */
  manifest(folder: string): Promise<DatasetManifest>;
  /** @throws {InputError} that names file and line of a broken row. */
  rows(folder: string, part: DatasetQuery["part"]): Promise<readonly AnyRow[]>;
}

export interface DatasetActions {
  openPolicy(folder: string): Promise<void>;
  reveal(folder: string): Promise<void>;
}

const firstQuery: DatasetQuery = { part: "cpt", search: "", offset: 0 };

/** The dataset panel: one panel, one dataset at a time, one page of rows in the webview. */
export class DatasetPanel {
  readonly #extensionUri: vscode.Uri;
  readonly #source: DatasetSource;
  readonly #actions: DatasetActions;
  readonly #logger: Logger;
  #panel: vscode.WebviewPanel | undefined;
  #folder: string | undefined;
  #query = firstQuery;
  /** The part that was read last, so that paging and searching read it once. */
  #read: { folder: string; part: string; rows: readonly AnyRow[] } | undefined;

  constructor(
    extensionUri: vscode.Uri,
    source: DatasetSource,
    actions: DatasetActions,
    logger: Logger,
  ) {
    this.#extensionUri = extensionUri;
    this.#source = source;
    this.#actions = actions;
    this.#logger = logger;
  }

  show(folder: string): void {
    if (folder !== this.#folder) this.#query = firstQuery;
    this.#folder = folder;
    this.#read = undefined;
    if (this.#panel) {
      this.#panel.reveal();
      void this.#send();
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(Panel.dataset, "Dataset", vscode.ViewColumn.Active),
    );
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = DatasetViewState.safeParse(state).data;
    this.#folder = kept?.folder;
    this.#query = kept?.query ?? firstQuery;
    this.#panel?.dispose();
    this.#adopt(panel);
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#read = undefined;
    });
    fillPanel(panel, {
      extensionUri: this.#extensionUri,
      name: "dataset",
      incoming: FromDatasetView,
      receive: (message) => void this.#receive(message),
      logger: this.#logger,
    });
  }

  async #receive(message: FromDatasetView): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.#send();
      case "query":
        this.#query = message.query;
        return this.#send();
      case "openPolicy":
      case "reveal":
        if (this.#folder !== undefined) await this.#actions[message.type](this.#folder);
    }
  }

  async #send(): Promise<void> {
    const panel = this.#panel;
    if (!panel) return;
    const message = await this.#answer();
    if (message.type === "snapshot") panel.title = `Dataset: ${message.snapshot.title}`;
    await panel.webview.postMessage(message);
  }

  async #answer(): Promise<ToDatasetView> {
    const folder = this.#folder;
    const query = this.#query;
    if (folder === undefined) return { type: "problem", message: "No dataset is chosen." };
    try {
      const manifest = await this.#source.manifest(folder);
      try {
        const rows = await this.#rows(folder, query.part);
        return { type: "snapshot", snapshot: pageOf(folder, manifest, rows, query) };
      } catch (error) {
        const snapshot = pageOf(folder, manifest, [], query);
        return { type: "snapshot", snapshot: { ...snapshot, problem: this.#problem(error) } };
      }
    } catch (error) {
      return { type: "problem", message: this.#problem(error) };
    }
  }

  async #rows(folder: string, part: DatasetQuery["part"]): Promise<readonly AnyRow[]> {
    if (this.#read?.folder !== folder || this.#read.part !== part) {
      this.#read = { folder, part, rows: await this.#source.rows(folder, part) };
    }
    return this.#read.rows;
  }

  #problem(error: unknown): string {
    const problem = error instanceof Error ? error.message : String(error);
    this.#logger.warn(problem);
    return problem;
  }
}
