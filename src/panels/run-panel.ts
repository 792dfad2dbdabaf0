import * as vscode from "vscode";
import { Panel } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import { messageOf } from "../policy/errors.ts";
import {
  FromRunsView,
  type RunsSnapshot,
  type RunSummary,
  RunsViewState,
  type ToRunsView,
} from "../protocol/runs.ts";
import { Pacer } from "./pacer.ts";
import { type RunRecord, viewRun } from "./run-view.ts";
import { fillPanel } from "./webview.ts";

/** Where the panel reads runs from: the folders on disk, whoever wrote them. */
export interface RunSource {
  /** Newest first. */
  list(): Promise<RunSummary[]>;
  /** @throws {InputError} when the folder cannot be read as a run. */
  read(folder: string): Promise<RunRecord>;
  /** Calls back when the folder's content changes, and when its process is gone. */
  watch(folder: string, changed: () => void): { dispose(): unknown };
  /** Fires when a run appears or changes its status. */
  onDidChange: vscode.Event<void>;
}

/** What the panel's buttons do. */
export interface RunActions {
  cancel(folder: string): Promise<void>;
  resume(folder: string): Promise<void>;
  reveal(folder: string): Promise<void>;
  openLog(folder: string): Promise<void>;
  openDataset(folder: string): Promise<void>;
  openPolicy(folder: string): Promise<void>;
  internalize(): Promise<void>;
  serve(folder: string): Promise<void>;
  stopServing(folder: string): Promise<void>;
  askModel(folder: string): Promise<void>;
}

/** The shortest time between two snapshots, in milliseconds: training needs the processor more. */
const paceMs = 500;

/**
 * The run panel: one panel, one run at a time. It keeps nothing of its own: every snapshot is
 * folded anew from the run folder, so it shows the truth after a reload as before it.
 */
export class RunPanel implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #source: RunSource;
  readonly #actions: RunActions;
  readonly #logger: Logger;
  readonly #disposables: readonly { dispose(): unknown }[];
  #panel: vscode.WebviewPanel | undefined;
  #folder: string | undefined;
  #watch: { dispose(): unknown } | undefined;
  readonly #snapshots = new Pacer(() => this.#send(), paceMs);

  constructor(extensionUri: vscode.Uri, source: RunSource, actions: RunActions, logger: Logger) {
    this.#extensionUri = extensionUri;
    this.#source = source;
    this.#actions = actions;
    this.#logger = logger;
    this.#disposables = [
      source.onDidChange(() => this.#update()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#update()),
    ];
  }

  dispose(): void {
    this.#panel?.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Shows a run; without a folder the newest, or the empty state. */
  show(folder?: string): void {
    if (folder !== undefined) this.#follow(folder);
    if (this.#panel) {
      this.#panel.reveal();
      this.#update();
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(Panel.runs, "Ingrain Run", vscode.ViewColumn.Active),
    );
  }

  /** Takes over the panel that VS Code kept while the window was gone. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const folder = RunsViewState.safeParse(state).data?.folder;
    if (folder !== undefined) this.#follow(folder);
    this.#panel?.dispose();
    this.#adopt(panel);
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#unfollow();
    });
    panel.onDidChangeViewState(() => {
      if (panel.visible) this.#update();
    });
    fillPanel(panel, {
      extensionUri: this.#extensionUri,
      name: "runs",
      incoming: FromRunsView,
      receive: (message) => void this.#receive(message),
      logger: this.#logger,
    });
  }

  #follow(folder: string): void {
    if (folder === this.#folder) return;
    this.#unfollow();
    this.#folder = folder;
    this.#watch = this.#source.watch(folder, () => this.#update());
  }

  #unfollow(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
    this.#folder = undefined;
  }

  async #receive(message: FromRunsView): Promise<void> {
    switch (message.type) {
      case "ready":
        this.#update();
        return;
      case "select":
        this.#follow(message.folder);
        this.#update();
        return;
      case "internalize":
        return this.#actions.internalize();
      case "manageTrust":
        return vscode.commands.executeCommand("workbench.trust.manage");
      default:
        if (this.#folder !== undefined) await this.#actions[message.type](this.#folder);
    }
  }

  /** Sends a snapshot soon: many changes in a row make one. */
  #update(): void {
    if (this.#panel?.visible === true) this.#snapshots.request();
  }

  async #send(): Promise<void> {
    const panel = this.#panel;
    if (!panel) return;
    const snapshot = await this.#snapshot();
    if (this.#panel !== panel) return;
    panel.title = snapshot.run ? `Run: ${snapshot.run.title}` : "Ingrain Run";
    await panel.webview.postMessage({ type: "snapshot", snapshot } satisfies ToRunsView);
  }

  async #snapshot(): Promise<RunsSnapshot> {
    const trusted = vscode.workspace.isTrusted;
    const runs = await this.#source.list();
    const folder = this.#folder ?? runs[0]?.folder;
    if (folder === undefined) return { runs, trusted };
    this.#follow(folder);
    try {
      return { runs, run: viewRun(await this.#source.read(folder), trusted), trusted };
    } catch (error) {
      const problem = messageOf(error);
      this.#logger.warn(`The run folder ${folder} cannot be read: ${problem}`);
      return { runs, problem, trusted };
    }
  }
}
