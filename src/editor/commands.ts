import * as vscode from "vscode";
import { Command } from "../contributions.ts";
import type { Comparisons } from "../panels/comparison.ts";
import type { Desk } from "../panels/desk.ts";
import type { ActivePolicy } from "./active-policy.ts";
import { nearestStatement } from "./hint-layout.ts";
import type { Logger } from "./logger.ts";
import type { PolicyDocuments } from "./policy-documents.ts";
import type { StatementsTree } from "./statements-tree.ts";
import { chooseTokenizer } from "./token-status.ts";
import type { Place, TreePanel } from "./tree-panel.ts";

/** What a command gets: a file from an editor's title, a node from a tree, a place, or nothing. */
type Target = vscode.Uri | { folder: string } | Place | undefined;

const uriOf = (target: Target) => (target instanceof vscode.Uri ? target : undefined);
const placeOf = (target: Target) => (target && "offset" in target ? target : undefined);
const folderOf = (target: Target) => (target && "folder" in target ? target.folder : undefined);

export interface CommandServices {
  desk: () => Promise<Desk>;
  policies: PolicyDocuments;
  active: ActivePolicy;
  statements: StatementsTree;
  logger: Logger & { show(): void };
}

/** One handler a command: a forgotten one does not compile. */
export function registerCommands(services: CommandServices): vscode.Disposable {
  const { desk, policies, active, statements } = services;
  const treat = async (asPolicy: boolean) => {
    const document = vscode.window.activeTextEditor?.document;
    if (document) await policies.treat(document, asPolicy);
  };
  const comparisons = lazyComparisons(services);
  let loading: Promise<TreePanel> | undefined;
  const trees = () =>
    (loading ??= import("./tree-panel.ts").then(({ TreePanel }) => new TreePanel(policies)));
  const handlers: Record<Exclude<Command, Internal>, Handler> = {
    [Command.internalizePolicy]: async (target) => (await desk()).internalize(uriOf(target)),
    [Command.synthesizeDataset]: async (target) => (await desk()).synthesize(uriOf(target)),
    [Command.showRuns]: async (target) => (await desk()).showRuns(folderOf(target)),
    [Command.compareRuns]: async (target, selected) => {
      const folders = (selected ?? [target]).flatMap((one) => folderOf(one) ?? []);
      await (await desk()).compareRuns(folders);
    },
    [Command.openRunLog]: async (target) => {
      const folder = folderOf(target);
      if (folder !== undefined) await (await desk()).openLog(folder);
    },
    [Command.openRunDataset]: async (target) => {
      const folder = folderOf(target);
      if (folder !== undefined) await (await desk()).openRunDataset(folder);
    },
    [Command.openDataset]: async (target) => (await desk()).openDataset(folderOf(target)),
    [Command.showStatementRows]: (target) => showRows(services, placeOf(target)),
    [Command.showResultsOfRun]: async (target) =>
      (await desk()).lessons.showResultsOfRun(uriOf(target)),
    [Command.whatToDoNext]: async (target) =>
      (await desk()).lessons.whatToDoNext(uriOf(target), folderOf(target)),
    [Command.cancelRun]: async (target) => (await desk()).cancel(folderOf(target)),
    [Command.resumeRun]: async (target) => (await desk()).resume(folderOf(target)),
    [Command.revealRunFolder]: async (target) => {
      const folder = folderOf(target);
      if (folder !== undefined) await (await desk()).reveal(folder);
    },
    [Command.treatAsPolicy]: () => treat(true),
    [Command.stopTreatingAsPolicy]: () => treat(false),
    [Command.compareWithGitVersion]: async () => (await comparisons.get()).compareWithGit(),
    [Command.refineStatements]: async () =>
      (await import("../panels/refinement.ts")).refineStatements(services),
    [Command.exportDataset]: async (target) => (await desk()).exportDataset(folderOf(target)),
    [Command.setTeacherKey]: async () => (await desk()).teacherKey.ask(),
    [Command.removeTeacherKey]: async () => (await desk()).teacherKey.remove(),
    [Command.revealStatementInView]: () => statements.revealInView(),
    [Command.groupBySection]: () => statements.group("section"),
    [Command.groupByCategory]: () => statements.group("category"),
    [Command.filterStatements]: () => statements.askFilter(),
    [Command.clearFilter]: () => statements.filter(""),
    [Command.chooseTokenizer]: () => chooseTokenizer(active),
    [Command.showDecisionTree]: async (target) => (await trees()).show(placeOf(target)),
    [Command.copyDecisionTree]: async () => (await trees()).copy(),
    [Command.generateBenchmark]: async () =>
      (await import("../panels/benchmark.ts")).generateBenchmark(services.logger),
    [Command.chooseTrainingEngine]: async () => (await desk()).chooseEngine(),
    [Command.setUpTraining]: async () => (await desk()).setUpTraining(),
    [Command.serveModel]: async (target) => (await desk()).serving.serve(folderOf(target)),
    [Command.stopServing]: async (target) => (await desk()).serving.stop(folderOf(target)),
    [Command.askModel]: async (target) => (await desk()).serving.openChat(folderOf(target)),
  };
  return vscode.Disposable.from(
    comparisons,
    { dispose: () => void loading?.then((panel) => panel.dispose()) },
    ...Object.entries(handlers).map(([id, handler]) =>
      vscode.commands.registerCommand(id, handler),
    ),
    vscode.commands.registerCommand(Command.revealStatement, (start: number, end: number) =>
      statements.reveal(start, end),
    ),
    vscode.commands.registerCommand(Command.goToStatement, async (item: vscode.TestItem) =>
      (await desk()).lessons.goToStatement(item),
    ),
    vscode.commands.registerCommand(Command.revealSection, (policy: vscode.Uri, id: string) =>
      statements.revealSection(policy, id),
    ),
  );
}

/** Shows the rows of the statements at a place; without one, of the statement at the cursor. */
async function showRows({ desk, policies }: CommandServices, place?: Place): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const document = place
    ? await vscode.workspace.openTextDocument(vscode.Uri.parse(place.document))
    : editor?.document;
  const reading = document && (await policies.read(document));
  if (!document || !reading) return;
  const { statements } = reading.parsed;
  const offset = place?.offset ?? (editor ? document.offsetAt(editor.selection.active) : 0);
  const end = place?.end;
  const chosen =
    end === undefined
      ? [nearestStatement(statements, offset)].flatMap((statement) => statement ?? [])
      : statements.filter(({ start }) => start >= offset && start < end);
  await (await desk()).showRows(document.uri, chosen);
}

/** Built with the first comparison: the documents that it shows outlive the command. */
function lazyComparisons({ desk, ...services }: CommandServices) {
  let loading: Promise<Comparisons> | undefined;
  return {
    get: () =>
      (loading ??= import("../panels/comparison.ts").then(
        ({ Comparisons }) =>
          new Comparisons({
            ...services,
            stale: async (policy, now) => (await desk()).staleRows(policy, now),
          }),
      )),
    dispose: () => void loading?.then((comparisons) => comparisons.dispose()),
  };
}

/** What only our own trees and lenses call, with arguments of their own. */
type Internal =
  typeof Command.revealStatement | typeof Command.revealSection | typeof Command.goToStatement;

/** @param selected all nodes that are selected, where a tree lets one select several. */
type Handler = (target: Target, selected?: readonly Target[]) => Promise<void> | void;
