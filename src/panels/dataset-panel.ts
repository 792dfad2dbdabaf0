import { sep } from "node:path";
import * as vscode from "vscode";
import { Panel } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { messageOf } from "../policy/errors.ts";
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

/** What is made anew: these rows, or all rows of these statements. */
export interface RegenerationRequest {
  rows: readonly string[];
  statements: readonly string[];
}

export interface DatasetActions {
  openPolicy(folder: string): Promise<void>;
  reveal(folder: string): Promise<void>;
  /** Makes rows anew; absent where no teacher can write others than there are. */
  regenerate?(folder: string, request: RegenerationRequest): Promise<void>;
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
        if (this.#folder !== undefined) await this.#actions.regenerate?.(this.#folder, message);
        return;
      default:
        this.#thread?.post(message);
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
    const canRegenerate = this.#actions.regenerate !== undefined;
    void this.#post({ type: "snapshot", snapshot, canRegenerate });
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
