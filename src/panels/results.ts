import * as vscode from "vscode";
import type { Logger } from "../editor/logger.ts";
import type { ResultsSource } from "../editor/lenses.ts";
import { ago } from "../editor/age.ts";
import type { ScoreSource } from "../editor/scores.ts";
import { messageOf } from "../policy/errors.ts";
import type { Statement } from "../policy/statement.ts";
import { policyResults, type PolicyResults } from "../workspace/policy-results.ts";
import { finishedRuns, type RunResults } from "../workspace/run-results.ts";
import { type ScoreBoard, scoreStatements } from "../workspace/statement-scores.ts";
import type { Folders } from "./folders.ts";
import { tell } from "./reporting.ts";

const chosenKey = "resultsOfRun";
/** How long the disk must be quiet until it is read again, in milliseconds. */
const restMs = 300;

/**
 * What datasets and runs tell of the policies: the newest dataset, and the run that the user chose
 * or else the newest finished one. Read once, and again only when the files change.
 */
export class Results implements ResultsSource, ScoreSource, vscode.Disposable {
  readonly #folders: Folders;
  readonly #memento: vscode.Memento;
  readonly #logger: Logger;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watchers: readonly vscode.FileSystemWatcher[];
  readonly #rows = new Map<string, Promise<PolicyResults>>();
  readonly #runs = new Map<string, Promise<RunResults | undefined>>();
  /** By the statements of a reading: hints, lenses and tests ask for the same. */
  readonly #boards = new WeakMap<readonly Statement[], ScoreBoard>();
  #resting: NodeJS.Timeout | undefined;
  /** Fires when a dataset or a run comes, goes or changes, or another run is chosen. */
  readonly onDidChange = this.#changed.event;

  constructor(folders: Folders, memento: vscode.Memento, logger: Logger) {
    this.#folders = folders;
    this.#memento = memento;
    this.#logger = logger;
    const patterns = [".ingrain/runs/*/report.json", ".ingrain/datasets/*/dataset.json"];
    this.#watchers = folders.all().flatMap(({ root }) =>
      patterns.map((pattern) => {
        const glob = new vscode.RelativePattern(root, pattern);
        const watcher = vscode.workspace.createFileSystemWatcher(glob);
        const soon = () => this.refreshSoon();
        watcher.onDidCreate(soon);
        watcher.onDidChange(soon);
        watcher.onDidDelete(soon);
        return watcher;
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#resting);
    for (const disposable of [this.#changed, ...this.#watchers]) disposable.dispose();
  }

  /** Forgets what was read once nothing more is heard: a change is told of from several sides. */
  refreshSoon(): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#refresh(), restMs);
  }

  #refresh(): void {
    this.#rows.clear();
    this.#runs.clear();
    this.#changed.fire();
  }

  results(policy: vscode.Uri): Promise<PolicyResults> {
    if (policy.scheme !== "file") return Promise.resolve({});
    return kept(this.#rows, policy, () =>
      policyResults(this.#folders.near(policy), policy.fsPath).catch((error: unknown) => {
        this.#logger.warn(`The lenses show no rows: ${messageOf(error)}`);
        return {};
      }),
    );
  }

  /** The run whose results show in a policy. */
  run(policy: vscode.Uri): Promise<RunResults | undefined> {
    if (policy.scheme !== "file") return Promise.resolve(undefined);
    return kept(this.#runs, policy, () =>
      this.#find(policy).catch((error: unknown) => {
        this.#logger.warn(`The policy shows no results: ${messageOf(error)}`);
        return undefined;
      }),
    );
  }

  async board(policy: vscode.Uri, now: readonly Statement[]): Promise<ScoreBoard | undefined> {
    const run = await this.run(policy);
    if (!run) return undefined;
    let board = this.#boards.get(now);
    if (board?.run !== run) this.#boards.set(now, (board = scoreStatements(run, now)));
    return board;
  }

  /** Asks which run's results show in a policy from now on. */
  async choose(policy: vscode.Uri): Promise<void> {
    const runs: RunResults[] = [];
    for await (const run of this.#finished(policy)) runs.push(run);
    if (runs.length === 0) {
      await tell("information", "No run on this policy has finished yet.");
      return;
    }
    const chosen = this.#chosen[policy.toString()];
    const newest = { label: "The newest finished run", description: "also of those to come" };
    const items: (vscode.QuickPickItem & { folder?: string })[] = [
      newest,
      ...runs.map(({ folder, id, at, accuracy, engine, model }) => ({
        label: id,
        description: `${Math.round(100 * accuracy)} % · ${model ?? engine} · ${ago(at, Date.now())}`,
        folder,
      })),
    ].map((item: vscode.QuickPickItem & { folder?: string }) =>
      item.folder === chosen ? { ...item, label: `$(check) ${item.label}` } : item,
    );
    const picked = await vscode.window.showQuickPick(items, {
      title: "Show Results of Run",
      placeHolder: "Which run's results show in the policy?",
    });
    if (picked) await this.#choose(policy, picked.folder);
  }

  async #choose(policy: vscode.Uri, folder: string | undefined): Promise<void> {
    const others = Object.entries(this.#chosen).filter(([key]) => key !== policy.toString());
    const own = folder === undefined ? [] : [[policy.toString(), folder] as const];
    await this.#memento.update(chosenKey, Object.fromEntries([...others, ...own]));
    this.#refresh();
  }

  get #chosen(): Readonly<Record<string, string>> {
    return this.#memento.get<Record<string, string>>(chosenKey, {});
  }

  /** A chosen run that is gone, or of another policy, gives way to the newest. */
  async #find(policy: vscode.Uri): Promise<RunResults | undefined> {
    const chosen = this.#chosen[policy.toString()];
    let newest: RunResults | undefined;
    for await (const run of this.#finished(policy)) {
      if (chosen === undefined || run.folder === chosen) return run;
      newest ??= run;
    }
    if (newest) this.#logger.warn(`The chosen run is not there any more: ${chosen ?? ""}`);
    return newest;
  }

  #finished(policy: vscode.Uri): AsyncGenerator<RunResults> {
    return finishedRuns(this.#folders.near(policy), policy.fsPath, (line) =>
      this.#logger.warn(`A run is passed over: ${line}`),
    );
  }
}

function kept<T>(cache: Map<string, Promise<T>>, policy: vscode.Uri, read: () => Promise<T>) {
  const key = policy.toString();
  let known = cache.get(key);
  if (!known) cache.set(key, (known = read()));
  return known;
}
