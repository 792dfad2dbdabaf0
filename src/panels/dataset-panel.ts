import { sep } from "node:path";
import * as vscode from "vscode";
import { Panel } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import {
  type DatasetLook,
  type DatasetQuery,
  DatasetViewState,
  firstLook,
  firstQuery,
  FromDatasetView,
  type FromInspector,
  sourcesOf,
  type ToDatasetView,
} from "../protocol/dataset.ts";
import { InspectorThread } from "./inspector-thread.ts";
import { SourceView } from "./source-view.ts";
import { fillPanel } from "./webview.ts";

export type RegenerationRequest = Omit<Extract<FromDatasetView, { type: "regenerate" }>, "type">;

export interface DatasetActions {
  openPolicy(folder: string): Promise<void>;
  reveal(folder: string): Promise<void>;
  /**
   * Makes other rows.
   * @returns the folder of the dataset that has them; undefined when the user left.
   */
  regenerate(
    folder: string,
    request: RegenerationRequest,
  ): Promise<{ folder: string; words?: string | undefined } | undefined>;
}

/** The dataset inspector: one panel, one dataset at a time, and the policy that it comes from. */
export class DatasetPanel implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #actions: DatasetActions;
  readonly #logger: Logger;
  readonly #source: SourceView;
  #panel: vscode.WebviewPanel | undefined;
  #thread: InspectorThread | undefined;
  #folder: string | undefined;
  #look: DatasetLook = firstLook;
  /** The row that the webview has selected, by its number. */
  #selected: number | undefined;
  #regenerating = false;
  /** What is told once the dataset that it is about shows. */
  #news: string | undefined;

  constructor(
    extensionUri: vscode.Uri,
    policies: PolicyDocuments,
    actions: DatasetActions,
    logger: Logger,
  ) {
    this.#extensionUri = extensionUri;
    this.#actions = actions;
    this.#logger = logger;
    this.#source = new SourceView(policies);
    this.#source.onDidChange(() => void this.#sendStates());
  }

  /** Shows a dataset, as it was looked at last or by other filters. */
  show(folder: string, filters?: DatasetQuery["filters"]): void {
    if (folder !== this.#folder || filters !== undefined) {
      const { asked } = this.#look;
      this.#look = { ...firstLook, asked, query: { ...firstQuery, filters: filters ?? {} } };
    }
    const same = folder === this.#folder && this.#thread !== undefined;
    this.#folder = folder;
    if (!this.#panel) {
      this.#adopt(
        vscode.window.createWebviewPanel(Panel.dataset, "Dataset", vscode.ViewColumn.Active),
      );
      return;
    }
    this.#panel.reveal();
    if (same) this.#thread?.post({ type: "look", look: this.#look });
    else this.#open();
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = DatasetViewState.safeParse(state).data;
    this.#folder = kept?.folder;
    this.#look = kept?.look ?? firstLook;
    this.#panel?.dispose();
    this.#adopt(panel);
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#source.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#thread?.dispose();
      this.#thread = undefined;
      this.#source.clear();
    });
    fillPanel(panel, {
      extensionUri: this.#extensionUri,
      name: "dataset",
      incoming: FromDatasetView,
      receive: (message) => void this.#receive(message),
      logger: this.#logger,
    });
  }

  /** Starts reading the folder from the beginning. */
  #open(): void {
    this.#thread?.dispose();
    this.#thread = undefined;
    this.#selected = undefined;
    const folder = this.#folder;
    if (folder === undefined) {
      void this.#post({ type: "problem", message: "No dataset is chosen." });
      return;
    }
    const program = vscode.Uri.joinPath(this.#extensionUri, "dist", "inspector-worker.js").fsPath;
    const thread = new InspectorThread(program, (message) => {
      if (thread === this.#thread) this.#forward(message);
    });
    this.#thread = thread;
    const readOnly = readOnlyReason(folder);
    thread.post({ type: "open", folder, look: this.#look, ...(readOnly && { readOnly }) });
    this.#source.follow(folder).catch((error: unknown) => {
      this.#logger.warn(`The policy of ${folder} cannot be read: ${messageOf(error)}`);
    });
  }

  async #receive(message: FromDatasetView): Promise<void> {
    switch (message.type) {
      case "ready":
        // The webview is made anew whenever it was hidden; the thread still knows the dataset.
        if (this.#thread) this.#thread.post({ type: "look", look: this.#look });
        else this.#open();
        return;
      case "look":
        this.#look = message.look;
        this.#thread?.post(message);
        return;
      case "openPolicy":
      case "reveal":
        if (this.#folder !== undefined) await this.#actions[message.type](this.#folder);
        return;
      case "showSource": {
        const problem = await this.#source.show(message.statements);
        if (problem !== undefined) await this.#post({ type: "refused", message: problem });
        return;
      }
      case "regenerate":
        await this.#regenerate(message);
        return;
      default:
        this.#thread?.post(message);
    }
  }

  /** The panel goes on with the dataset that has the other rows, where it stood. */
  async #regenerate({ target, taught }: RegenerationRequest): Promise<void> {
    const folder = this.#folder;
    if (folder === undefined || this.#regenerating) return;
    this.#regenerating = true;
    await this.#post({ type: "regenerating", goesOn: true });
    try {
      const made = await this.#actions.regenerate(folder, { target, taught });
      if (made === undefined || this.#folder !== folder) return;
      this.#folder = made.folder;
      this.#news = made.words;
      if (this.#panel) this.#open();
    } catch (error) {
      const hint = error instanceof InputError && error.hint !== undefined ? ` ${error.hint}` : "";
      const message = `Nothing was regenerated: ${messageOf(error)}.${hint}`;
      this.#logger.warn(message);
      await this.#post({ type: "refused", message });
    } finally {
      this.#regenerating = false;
      await this.#post({ type: "regenerating", goesOn: false });
    }
  }

  #forward(message: FromInspector): void {
    if (message.type !== "snapshot") {
      if (message.type !== "done") this.#logger.warn(message.message);
      void this.#post(message);
      return;
    }
    const { snapshot } = message;
    if (snapshot.look.asked >= this.#look.asked) this.#look = snapshot.look;
    if (this.#panel) this.#panel.title = `Dataset: ${snapshot.title}`;
    void this.#post({ type: "snapshot", snapshot });
    if (this.#news !== undefined && snapshot.progress === undefined) {
      void this.#post({ type: "done", message: this.#news });
      this.#news = undefined;
    }
    const { detail } = snapshot;
    if (detail && detail.row !== this.#selected) {
      this.#selected = detail.row;
      // A policy that stands beside the panel follows the selection; none is opened for it.
      void this.#source.show(sourcesOf(detail, snapshot.look), true);
    }
  }

  async #sendStates(): Promise<void> {
    const links = await this.#source.links();
    const states = Object.fromEntries((links ?? []).map(({ id, state }) => [id, state]));
    this.#thread?.post({ type: "statements", states });
  }

  async #post(message: ToDatasetView): Promise<void> {
    await this.#panel?.webview.postMessage(message);
  }
}

/** Reviews belong to a dataset, and not to the copy of it that a run was trained on. */
function readOnlyReason(folder: string): string | undefined {
  const isCopy = folder.includes(`${sep}.ingrain${sep}runs${sep}`);
  return isCopy
    ? "This is the copy that a run was trained on: review the dataset itself"
    : undefined;
}
