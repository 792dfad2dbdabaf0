import { resolve, sep } from "node:path";
import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { ActivePolicy } from "../editor/active-policy.ts";
import { CoverageDiagnostics } from "../editor/coverage-diagnostics.ts";
import type { Logger } from "../editor/logger.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { InputError } from "../policy/errors.ts";
import type { Statement } from "../policy/statement.ts";
import type { RunStatus, RunSummary } from "../protocol/runs.ts";
import { isActive, isResumable } from "../protocol/status.ts";
import { counted } from "../protocol/words.ts";
import type { Weights } from "../synthesis/dataset.ts";
import { readManifest } from "../training/dataset-folder.ts";
import { cancelRun, resumeRun, startRun } from "../training/launch.ts";
import { readSpec, readState, runFiles } from "../training/run-folder.ts";
import { type NewRun, type NewTrlRun, targetOf } from "../training/run-options.ts";
import type { Target } from "../training/spec.ts";
import type { Trainers } from "../training/trainers.ts";
import {
  type DatasetSummary,
  listDatasets,
  newestDataset,
  policyPath,
} from "../workspace/datasets.ts";
import { idsAt, linkStatements } from "../workspace/statement-links.ts";
import { readStaleRows, type StaleRows } from "../workspace/stale-rows.ts";
import type { ChatServices } from "./chat.ts";
import { followClusterRuns, goneWords } from "./cluster-runs.ts";
import { chooseDataset } from "./dataset-choice.ts";
import { DatasetPanel, type RegenerationRequest } from "./dataset-panel.ts";
import { chooseEngine } from "./engine-choice.ts";
import { askAndExport } from "./export.ts";
import { Folders } from "./folders.ts";
import { Lessons } from "./lessons.ts";
import { savedPolicy } from "./policy-file.ts";
import { regenerate } from "./regeneration.ts";
import { attempt, type NextStep, requireTrust, tell, withProgress } from "./reporting.ts";
import { Results } from "./results.ts";
import { chooseRun } from "./run-choice.ts";
import { tellContext } from "./run-context.ts";
import { exportRuns } from "./run-export.ts";
import { RunFolders } from "./run-folders.ts";
import { type RunActions, RunPanel } from "./run-panel.ts";
import { ModelServing } from "./serving.ts";
import { type MadeDataset, planTeller, synthesizeInWorker } from "./synthesis.ts";
import { TeacherKey } from "./teacher-key.ts";
import { synthesizeWithTeacher } from "./teaching.ts";
import { canTrain, chooseBatch } from "./training-checks.ts";
import { setUpTraining } from "./training-environment.ts";
import { deviceFor, pythonFor, trainingSettings } from "./training-settings.ts";

export interface DeskOptions {
  extensionUri: vscode.Uri;
  policies: PolicyDocuments;
  active: ActivePolicy;
  secrets: vscode.SecretStorage;
  workspaceState: vscode.Memento;
  logger: Logger & { show(): void };
}

/**
 * What the user does with datasets and runs. Loaded when it is first needed, with all that it
 * imports: plain writing never pays for it.
 */
export class Desk implements vscode.Disposable {
  readonly #options: DeskOptions;
  readonly #folders = new Folders();
  readonly #runs = new RunFolders(this.#folders);
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #runPanel: RunPanel;
  readonly #datasetPanel: DatasetPanel;
  readonly lessons: Lessons;
  readonly results: Results;
  readonly teacherKey: TeacherKey;
  readonly serving: ModelServing;
  readonly #disposables: readonly { dispose(): unknown }[];
  /** Fires when a dataset or a run comes, goes or changes. */
  readonly onDidChange = this.#changed.event;
  /** Fires when an active run got on so far that a list shows it. */
  readonly onDidProgress = this.#runs.onDidProgress;

  constructor(options: DeskOptions) {
    this.#options = options;
    const { extensionUri, secrets, workspaceState, logger } = options;
    this.results = new Results(this.#folders, workspaceState, logger);
    this.teacherKey = new TeacherKey(secrets);
    this.serving = new ModelServing({
      runs: () => this.runs(),
      refresh: () => this.#runs.refresh(),
      trainers: (engine) => this.#trainers(engine, "local"),
      logger,
    });
    const files = {
      reveal: (folder: string) => this.reveal(folder),
      openPolicy: (folder: string) => this.#openPolicy(folder),
    };
    this.#runPanel = new RunPanel(
      extensionUri,
      this.#runs,
      {
        ...files,
        cancel: (folder) => this.cancel(folder),
        resume: (folder) => this.resume(folder),
        openLog: (folder) => this.openLog(folder),
        openDataset: (folder) => this.openRunDataset(folder),
        export: (records, draw) => this.#exportRuns(records, draw),
        internalize: () => this.internalize(),
        whatToDoNext: (folder) => this.lessons.whatToDoNext(undefined, folder),
        serve: (folder) => this.serving.serve(folder),
        stopServing: (folder) => this.serving.stop(folder),
        askModel: (folder) => this.serving.openChat(folder),
      },
      logger,
    );
    this.lessons = new Lessons({
      ...options,
      folders: this.#folders,
      results: this.results,
      key: this.teacherKey,
      program: this.#program("cli"),
      desk: {
        policyFile: (uri) => savedPolicy(uri, this.#options),
        synthesize: (policy, weights) => this.#synthesize(policy, weights),
        showRows: (policy, statements) => this.showRows(policy, statements),
        internalize: (policy) => this.internalize(policy),
      },
    });
    const rows = { ...files, regenerate: this.#regenerate.bind(this) };
    this.#datasetPanel = new DatasetPanel(extensionUri, options.policies, rows, logger);
    this.#disposables = [
      this.#changed,
      this.#runs,
      this.results,
      this.#runPanel,
      this.#datasetPanel,
      this.lessons,
      this.#runs.onDidChange(() => void this.#update()),
      new CoverageDiagnostics(options.policies, this.results),
    ];
    void this.#update();
    if (vscode.workspace.isTrusted) {
      void this.#attempt("The runs on the cluster are not followed", async () => {
        await followClusterRuns(this.#folders, this.#program("trainer"));
        this.#runs.refresh();
      });
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** What a chat with a model needs. */
  get chat(): ChatServices {
    return { runs: () => this.runs(), serving: this.serving, logger: this.#options.logger };
  }

  runs(): Promise<RunSummary[]> {
    return this.#runs.list();
  }

  async datasets(): Promise<DatasetSummary[]> {
    const lists = await Promise.all(this.#folders.all().map(listDatasets));
    return lists.flat();
  }

  restoreRuns(panel: vscode.WebviewPanel, state: unknown): void {
    this.#runPanel.restore(panel, state);
  }

  restoreDataset(panel: vscode.WebviewPanel, state: unknown): void {
    this.#datasetPanel.restore(panel, state);
  }

  showRuns(folder?: string): void {
    this.#runPanel.show(folder);
  }

  /** @param folders up to five; fewer than two are asked for. */
  async compareRuns(folders: readonly string[]): Promise<void> {
    await this.#attempt("The runs were not compared", () => this.#runPanel.compare(folders));
  }

  openLog(run: string): Promise<void> {
    return this.#attempt("The log was not opened", () => openFile(runFiles(run).log));
  }

  /** The rows that a run trains on. */
  openRunDataset(run: string): Promise<void> {
    return this.openDataset(runFiles(run).dataset);
  }

  /** Policy → dataset → run: the run goes on in a process of its own, and the panel shows it. */
  internalize(uri?: vscode.Uri): Promise<void> {
    return this.#attempt("The policy was not internalized", async () => {
      const policy = await savedPolicy(uri, this.#options);
      const { runs } = this.#folders.of(policy);
      requireTrust();
      const training = trainingSettings(policy);
      const run = await withProgress("Internalizing the policy", async (report) => {
        report("Synthesizing the dataset");
        const { folder: dataset } = await this.#makeDataset(policy, report);
        const options: NewRun = { ...training, runs, dataset };
        const trainers = await this.#trainers(options.engine, targetOf(options), policy);
        if (options.engine === "trl") {
          report("Checking what the training needs");
          if (!(await this.#canTrain(options, trainers))) return undefined;
        }
        report("Starting the training");
        return startRun({ ...options, ...trainers });
      });
      if (run === undefined) return;
      this.#runs.refresh();
      this.#runPanel.show(run);
    });
  }

  chooseEngine(): Promise<void> {
    return this.#attempt("The engine was not chosen", async () => {
      requireTrust();
      await chooseEngine();
    });
  }

  setUpTraining(): Promise<void> {
    return this.#attempt("The training environment was not set up", async () => {
      requireTrust();
      const interpreter = await setUpTraining(this.#program("trainer"), this.#options.logger);
      if (interpreter === undefined) return;
      await tell("information", `The training environment is complete: ${interpreter}`, [
        ["Choose Training Engine", () => this.chooseEngine()],
      ]);
    });
  }

  synthesize(uri?: vscode.Uri): Promise<void> {
    return this.#attempt("No dataset was made", async () => {
      const policy = await savedPolicy(uri, this.#options);
      requireTrust();
      const made = await this.#synthesize(policy);
      if (made) await this.openDataset(made.folder);
    });
  }

  /** Undefined when the user left. */
  async #synthesize(policy: vscode.Uri, weights?: Weights): Promise<MadeDataset | undefined> {
    const made = await synthesizeWithTeacher({
      program: this.#program("synthesizer"),
      job: { ...this.#job(policy), ...(weights && { weights }) },
      key: this.teacherKey,
      logger: this.#options.logger,
    });
    if (made) this.#noteDataset(made);
    return made;
  }

  async #regenerate(folder: string, request: RegenerationRequest) {
    const made = await regenerate(folder, request, (policy) => ({
      program: this.#program("synthesizer"),
      job: { ...this.#job(policy), root: rootOf(folder) },
      key: this.teacherKey,
      logger: this.#options.logger,
    }));
    if (made) this.#noteDataset(made);
    return made;
  }

  async openDataset(folder?: string): Promise<void> {
    const chosen = folder ?? (await this.#chooseDataset("Open which dataset?"));
    if (chosen !== undefined) this.#datasetPanel.show(chosen);
  }

  /** Shows the rows that the newest dataset of a policy has of some of its statements. */
  showRows(policy: vscode.Uri, statements: readonly Statement[]): Promise<void> {
    return this.#attempt("The rows were not shown", async () => {
      const folder = this.#folders.of(policy);
      const newest = await newestDataset(folder, policyPath(folder.root, policy.fsPath));
      if (!newest) {
        await tell("information", "This policy has no dataset yet.", [
          ["Synthesize Dataset", () => this.synthesize(policy)],
        ]);
        return;
      }
      const document = await vscode.workspace.openTextDocument(policy);
      const reading = await this.#options.policies.read(document);
      if (!reading) throw new InputError("The file is not read as a policy.");
      const links = linkStatements(newest.manifest.statements, reading.parsed.statements);
      const starts = statements.map(({ start }) => start);
      const ids = idsAt(links, starts);
      if (ids.length === 0) throw new InputError("The dataset does not know this statement.");
      this.#datasetPanel.show(newest.folder, { statement: ids });
    });
  }

  /** Writes a dataset for another tool. */
  exportDataset(folder?: string): Promise<void> {
    return this.#attempt("The dataset was not exported", async () => {
      requireTrust();
      const chosen = folder ?? (await this.#chooseDataset("Export which dataset?"));
      if (chosen === undefined) return;
      await askAndExport(chosen, rootOf(chosen), (target) => this.reveal(target));
    });
  }

  /** What of the newest dataset of a policy went stale; undefined when it has none. */
  async staleRows(policy: vscode.Uri, now: readonly Statement[]): Promise<StaleRows | undefined> {
    const folder = this.#folders.of(policy);
    const newest = await newestDataset(folder, policyPath(folder.root, policy.fsPath));
    return newest && readStaleRows(newest.folder, now);
  }

  async cancel(folder?: string): Promise<void> {
    const run = folder ?? (await this.#chooseRun(isActive, "Cancel which run?", "No run goes on."));
    if (run === undefined) return;
    const resume: NextStep = ["Resume", () => this.resume(run)];
    await this.#attempt("The run was not cancelled", async () => {
      requireTrust();
      const { status } = await this.#runs.whileCancelling(run, () =>
        withProgress("Cancelling the run", () => cancelRun(run)),
      );
      if (status === "finished") await tell("information", "The run had just finished.");
      else {
        const done = `Run cancelled. ${goneWords[(await readSpec(run)).target]}`;
        await tell("information", `${done} The run folder is kept.`, [resume]);
      }
    });
  }

  async resume(folder?: string): Promise<void> {
    const run =
      folder ?? (await this.#chooseRun(isResumable, "Resume which run?", "No run can be resumed."));
    if (run === undefined) return;
    await this.#attempt("The run was not resumed", async () => {
      requireTrust();
      const { engine, target } = await readSpec(run);
      const changes =
        engine === "onnx"
          ? { device: deviceFor(vscode.Uri.file(run)) }
          : await chooseBatch(readState(run));
      if (!changes) return;
      this.#runPanel.show(run);
      const trainers = await this.#trainers(engine, target);
      await withProgress("Resuming the run", () => resumeRun(run, trainers, changes));
      this.#runs.refresh();
    });
  }

  async reveal(folder: string): Promise<void> {
    // In a browser or on a remote machine there is no file manager to show it in.
    const local = vscode.env.uiKind === vscode.UIKind.Desktop && !vscode.env.remoteName;
    const command = local ? "revealFileInOS" : "revealInExplorer";
    await vscode.commands.executeCommand(command, vscode.Uri.file(folder));
  }

  #attempt(what: string, action: () => Promise<void>): Promise<void> {
    return attempt(what, this.#options.logger, action);
  }

  #program(name: "trainer" | "synthesizer" | "cli"): string {
    return vscode.Uri.joinPath(this.#options.extensionUri, "dist", `${name}.js`).fsPath;
  }

  async #trainers(engine: NewRun["engine"], target: Target, scope?: vscode.Uri): Promise<Trainers> {
    const trainer = this.#program("trainer");
    if (engine !== "trl" || target === "ray") return { trainer };
    const python = await pythonFor(scope);
    return { trainer, ...(python !== undefined && { python }) };
  }

  #canTrain(run: NewTrlRun, trainers: Trainers): Promise<boolean> {
    return canTrain(run, trainers, this.#options.logger, {
      "set-up": ["Set Up Training Environment", () => this.setUpTraining()],
      "choose-python": ["Set Up Training Environment", () => this.setUpTraining()],
      "choose-model": ["Choose Training Engine", () => this.chooseEngine()],
      "choose-cluster": ["Choose Training Engine", () => this.chooseEngine()],
    });
  }

  /** @param report told what will be made anew, before it is written. */
  async #makeDataset(policy: vscode.Uri, report: (message: string) => void): Promise<MadeDataset> {
    requireTrust();
    const { logger } = this.#options;
    const made = await synthesizeInWorker(this.#program("synthesizer"), this.#job(policy), {
      plan: planTeller(report, logger),
    });
    this.#noteDataset(made);
    return made;
  }

  #job(policy: vscode.Uri) {
    const { root } = this.#folders.of(policy);
    const { policies } = this.#options;
    const settings = vscode.workspace.getConfiguration(undefined, policy);
    return {
      root,
      policy: policy.fsPath,
      // The default is the manifest's, and the command line's.
      seed: settings.get<number>(Setting.dataSeed, 1),
      ...(policies.usesModel(policy) && { categories: policies.categories }),
    };
  }

  #noteDataset({ rows, folder, gaps }: MadeDataset): void {
    const { logger } = this.#options;
    logger.info(`Dataset of ${rows} rows in ${folder}`);
    if (gaps > 0)
      logger.warn(`The dataset leaves ${counted(gaps, "requirement")} of coverage open.`);
    void this.#update();
  }

  #exportRuns(...[records, draw]: Parameters<RunActions["export"]>): Promise<void> {
    return this.#attempt("Nothing was exported", async () => exportRuns(await records(), draw));
  }

  async #openPolicy(folder: string): Promise<void> {
    await this.#attempt("The policy was not opened", async () => {
      const { path } = await readSpec(folder)
        .catch(() => readManifest(folder))
        .then(({ policy }) => policy);
      const file = vscode.Uri.file(resolve(rootOf(folder), path));
      await vscode.window.showTextDocument(file).then(undefined, () => {
        throw new InputError(`The policy is not there any more: ${file.fsPath}`);
      });
    });
  }

  async #chooseRun(
    fits: (status: RunStatus) => boolean,
    title: string,
    none: string,
  ): Promise<string | undefined> {
    return chooseRun(
      (await this.runs()).filter(({ status }) => fits(status)),
      title,
      none,
    );
  }

  #chooseDataset = async (title: string): Promise<string | undefined> =>
    chooseDataset(await this.datasets(), title, () => this.synthesize());

  async #update(): Promise<void> {
    this.results.refreshSoon();
    const [runs, datasets] = await Promise.all([this.runs(), this.datasets()]);
    await tellContext(runs, datasets);
    this.#changed.fire();
  }
}

/** The folder that holds the `.ingrain` that a dataset or a run lies in; its paths are relative to it. */
function rootOf(folder: string): string {
  return folder.split(`${sep}.ingrain${sep}`)[0] ?? "";
}

async function openFile(path: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
}
