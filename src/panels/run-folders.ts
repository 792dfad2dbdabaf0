import { basename } from "node:path";
import * as vscode from "vscode";
import type { RunStatus, RunSummary } from "../protocol/runs.ts";
import { isActive } from "../protocol/status.ts";
import { listRuns, readRun, watchRun } from "../workspace/runs.ts";
import type { Folders } from "./folders.ts";
import type { RunSource } from "./run-panel.ts";
import { type RunRecord, summaryOf } from "./run-view.ts";

/** What of a run the whole list is read anew for. */
const statusLine = ({ folder, status, queued = false, serving }: RunSummary): string =>
  [folder, status, queued, serving?.status, serving?.address].join(" ");

/** What a list shows of how far a run is. */
const figureOf = ({ progress, accuracy }: RunSummary): string =>
  `${Math.floor(100 * (progress ?? 0))} ${accuracy ?? ""}`;

/**
 * The runs of the window, as their folders tell them. The list is read anew when a run folder comes
 * or goes, and when an active run or a server moves; what has ended costs nothing.
 */
export class RunFolders implements RunSource, vscode.Disposable {
  readonly #folders: Folders;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watchers: vscode.FileSystemWatcher[] = [];
  readonly #active = new Map<string, { dispose(): unknown }>();
  readonly #cancelling = new Set<string>();
  #list: Promise<RunSummary[]> | undefined;
  #statuses = "";
  readonly onDidChange = this.#changed.event;
  readonly #progressed = new vscode.EventEmitter<void>();
  /** Fires when an active run got on so far that a list shows it. */
  readonly onDidProgress = this.#progressed.event;

  constructor(folders: Folders) {
    this.#folders = folders;
    for (const { root } of folders.all()) {
      // A run comes or goes, and so does a server, whoever starts and stops it.
      for (const file of ["run.json", "serving/process.json"]) {
        const pattern = new vscode.RelativePattern(root, `.ingrain/runs/*/${file}`);
        const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
        watcher.onDidCreate(() => this.refresh());
        watcher.onDidDelete(() => this.refresh());
        this.#watchers.push(watcher);
      }
    }
  }

  dispose(): void {
    this.#changed.dispose();
    this.#progressed.dispose();
    for (const watcher of [...this.#watchers, ...this.#active.values()]) watcher.dispose();
  }

  list(): Promise<RunSummary[]> {
    return (this.#list ??= this.#read());
  }

  async read(folder: string): Promise<RunRecord> {
    const record = await readRun(folder);
    return { ...record, status: this.#statusOf(folder, record.status) };
  }

  watch(folder: string, changed: () => void): { dispose(): unknown } {
    return watchRun(folder, changed);
  }

  /** Reads the list again, and tells when it is another. */
  refresh(): void {
    this.#list = undefined;
    void this.list();
  }

  /** Shows the run as *cancelling* while `action` goes on. */
  async whileCancelling<T>(folder: string, action: () => Promise<T>): Promise<T> {
    this.#cancelling.add(folder);
    this.refresh();
    try {
      return await action();
    } finally {
      this.#cancelling.delete(folder);
      this.refresh();
    }
  }

  async #read(): Promise<RunSummary[]> {
    const lists = await Promise.all(this.#folders.all().map(listRuns));
    const runs = lists
      .flat()
      .map(({ folder, id, spec, state, status: told, serving }): RunSummary => {
        const status = this.#statusOf(folder, told);
        return spec && state
          ? summaryOf({ folder, spec, state, status, serving })
          : { folder, id, title: basename(folder), status };
      })
      .sort((a, b) => b.id.localeCompare(a.id));
    this.#watchActive(runs);
    const statuses = runs.map(statusLine).join("\n");
    if (statuses !== this.#statuses) {
      this.#statuses = statuses;
      this.#changed.fire();
    }
    return runs;
  }

  /** Only a new status of an active run is worth reading the whole list for. */
  async #check(folder: string): Promise<void> {
    const now = await this.read(folder).then(summaryOf, () => undefined);
    if (!now || !this.#statuses.split("\n").includes(statusLine(now))) {
      this.refresh();
      return;
    }
    const runs = await this.list();
    const before = runs.findIndex((run) => run.folder === folder);
    if (before < 0 || figureOf(runs[before]!) === figureOf(now)) return;
    runs[before] = now;
    this.#progressed.fire();
  }

  #statusOf(folder: string, status: RunStatus): RunStatus {
    return this.#cancelling.has(folder) && isActive(status) ? "cancelling" : status;
  }

  #watchActive(runs: readonly RunSummary[]): void {
    const lives = ({ status, serving }: RunSummary) => isActive(status) || serving !== undefined;
    const active = new Set(runs.filter(lives).map((run) => run.folder));
    for (const [folder, watcher] of this.#active) {
      if (active.has(folder)) continue;
      watcher.dispose();
      this.#active.delete(folder);
    }
    for (const folder of active) {
      if (this.#active.has(folder)) continue;
      this.#active.set(
        folder,
        watchRun(folder, () => void this.#check(folder)),
      );
    }
  }
}
