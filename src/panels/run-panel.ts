import * as vscode from "vscode";
import { Panel } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import {
  type ComparisonView,
  FromRunsView,
  mostCompared,
  type RunsSnapshot,
  type RunSummary,
  RunsViewState,
  type ToRunsView,
} from "../protocol/runs.ts";
import { Pacer } from "./pacer.ts";
import { chooseRuns } from "./run-choice.ts";
import { viewComparison } from "./run-comparison.ts";
import { type RunRecord, viewRun } from "./run-view.ts";
import { type RunReader, WatchedRun } from "./watched-run.ts";
import { fillPanel } from "./webview.ts";

/** Where the panel finds the runs. */
export interface RunSource extends RunReader {
  /** Newest first. */
  list(): Promise<RunSummary[]>;
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
  whatToDoNext(folder: string): Promise<void>;
  /** @param draw asks the panel for a PNG of what it shows, in base64. */
  export(
    records: () => Promise<RunRecord[]>,
    draw: () => Promise<string | undefined>,
  ): Promise<void>;
  serve(folder: string): Promise<void>;
  stopServing(folder: string): Promise<void>;
  askModel(folder: string): Promise<void>;
}

/** The shortest time between two snapshots, in milliseconds: training needs the processor more. */
const paceMs = 500;
/** How long the webview may take to draw a picture, in milliseconds. */
const drawMs = 15_000;

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
  #run: WatchedRun | undefined;
  /** The runs that it is compared with. */
  #others: readonly WatchedRun[] = [];
  /** Gets the picture that the webview was asked for. */
  #drawn: ((png: string | undefined) => void) | undefined;
  readonly #snapshots = new Pacer(() => this.#send(), paceMs);

  constructor(extensionUri: vscode.Uri, source: RunSource, actions: RunActions, logger: Logger) {
    this.#extensionUri = extensionUri;
    this.#source = source;
    this.#actions = actions;
    this.#logger = logger;
    this.#disposables = [
      source.onDidChange(() => {
        for (const run of this.#shown()) run.forget();
        this.#update();
      }),
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
    this.#open();
  }

  /**
   * Shows runs beside each other, the first as the shown one; asks which where fewer than two are
   * named.
   * @throws {InputError} for more than can be compared, or when there are no two.
   */
  async compare(folders: readonly string[]): Promise<void> {
    if (folders.length > mostCompared) {
      throw new InputError(
        `${folders.length} runs are selected, and ${mostCompared} can be compared at a time.`,
      );
    }
    const runs = await this.#source.list();
    if (runs.length < 2) throw new InputError("There are no two runs yet.");
    const chosen = folders.length > 1 ? folders : await chooseRuns(runs, { picked: folders });
    const [first, ...others] = chosen ?? [];
    if (first === undefined) return;
    this.#follow(first);
    this.#compareWith(others);
    this.#open();
  }

  #open(): void {
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
    const { folder, compared = [] } = RunsViewState.safeParse(state).data ?? {};
    this.#panel?.dispose();
    if (folder !== undefined) {
      this.#follow(folder);
      this.#compareWith(compared);
    }
    this.#adopt(panel);
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#unfollow();
      this.#drawn?.(undefined);
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

  /** Another run is shown alone: what the one before was compared with says nothing of it. */
  #follow(folder: string): void {
    if (folder === this.#run?.folder) return;
    this.#unfollow();
    this.#run = this.#watched(folder);
  }

  #compareWith(folders: readonly string[]): void {
    const wanted = [...new Set(folders)].filter((folder) => folder !== this.#run?.folder);
    for (const run of this.#others) if (!wanted.includes(run.folder)) run.dispose();
    const known = new Map(this.#others.map((run) => [run.folder, run]));
    this.#others = wanted.map((folder) => known.get(folder) ?? this.#watched(folder));
    this.#update();
  }

  #watched(folder: string): WatchedRun {
    return new WatchedRun(folder, this.#source, () => this.#update());
  }

  #unfollow(): void {
    for (const run of this.#shown()) run.dispose();
    this.#run = undefined;
    this.#others = [];
  }

  /** The shown run first. */
  #shown(): WatchedRun[] {
    return this.#run ? [this.#run, ...this.#others] : [];
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
      case "compare":
        this.#compareWith(message.folders);
        return;
      case "chooseCompared":
        return this.#chooseCompared();
      case "export":
        return this.#actions.export(
          () => Promise.all(this.#shown().map((run) => run.read())),
          () => this.#draw(),
        );
      case "picture":
        this.#drawn?.(message.png);
        return;
      case "internalize":
        return this.#actions.internalize();
      case "manageTrust":
        return vscode.commands.executeCommand("workbench.trust.manage");
      default:
        if (this.#run) await this.#actions[message.type](this.#run.folder);
    }
  }

  async #chooseCompared(): Promise<void> {
    const shown = this.#run?.folder;
    if (shown === undefined) return;
    const picked = this.#others.map(({ folder }) => folder);
    const chosen = await chooseRuns(await this.#source.list(), { shown, picked });
    if (chosen && this.#run?.folder === shown) this.#compareWith(chosen);
  }

  /** A picture of what the panel shows; undefined when it shows none, or is gone. */
  async #draw(): Promise<string | undefined> {
    const panel = this.#panel;
    if (!panel) return undefined;
    this.#drawn?.(undefined);
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#drawn?.(undefined), drawMs);
      this.#drawn = (png) => {
        clearTimeout(late);
        this.#drawn = undefined;
        resolve(png);
      };
      void panel.webview.postMessage({ type: "draw" } satisfies ToRunsView);
    });
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
    const folder = this.#run?.folder ?? runs[0]?.folder;
    if (folder === undefined) return { runs, trusted };
    this.#follow(folder);
    const [run, ...others] = this.#shown();
    try {
      const record = await run!.read();
      const comparison = others.length > 0 ? await this.#comparison(record, others) : undefined;
      return { runs, run: viewRun(record, trusted), ...(comparison && { comparison }), trusted };
    } catch (error) {
      const problem = messageOf(error);
      this.#logger.warn(`The run folder ${folder} cannot be read: ${problem}`);
      return { runs, problem, trusted };
    }
  }

  async #comparison(record: RunRecord, others: readonly WatchedRun[]): Promise<ComparisonView> {
    const read = await Promise.all(
      others.map((run) =>
        run.read().catch((error: unknown) => {
          const problem = messageOf(error);
          this.#logger.warn(`The run folder ${run.folder} cannot be read: ${problem}`);
          return problem;
        }),
      ),
    );
    return viewComparison(
      [record, ...read.filter((found) => typeof found !== "string")],
      read.filter((found) => typeof found === "string"),
    );
  }
}
