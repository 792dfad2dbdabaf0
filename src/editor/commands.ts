import * as vscode from "vscode";
import { Command } from "../contributions.ts";
import type { Desk } from "../panels/desk.ts";
import type { PolicyDocuments } from "./policy-documents.ts";
import type { StatementsTree } from "./statements-tree.ts";
import type { Place, TreePanel } from "./tree-panel.ts";

/** What a command gets: a file from an editor's title, a node from a tree, a place, or nothing. */
type Target = vscode.Uri | { folder: string } | Place | undefined;

const uriOf = (target: Target) => (target instanceof vscode.Uri ? target : undefined);
const placeOf = (target: Target) => (target && "offset" in target ? target : undefined);
const folderOf = (target: Target) => (target && "folder" in target ? target.folder : undefined);

/** One handler a command: a forgotten one does not compile. */
export function registerCommands(
  desk: () => Promise<Desk>,
  policies: PolicyDocuments,
  statements: StatementsTree,
): vscode.Disposable {
  const treat = async (asPolicy: boolean) => {
    const document = vscode.window.activeTextEditor?.document;
    if (document) await policies.treat(document, asPolicy);
  };
  let loading: Promise<TreePanel> | undefined;
  const trees = () =>
    (loading ??= import("./tree-panel.ts").then(({ TreePanel }) => new TreePanel(policies)));
  const handlers: Record<Exclude<Command, typeof Command.revealStatement>, Handler> = {
    [Command.internalizePolicy]: async (target) => (await desk()).internalize(uriOf(target)),
    [Command.synthesizeDataset]: async (target) => (await desk()).synthesize(uriOf(target)),
    [Command.showRuns]: async (target) => (await desk()).showRuns(folderOf(target)),
    [Command.openDataset]: async (target) => (await desk()).openDataset(folderOf(target)),
    [Command.cancelRun]: async (target) => (await desk()).cancel(folderOf(target)),
    [Command.resumeRun]: async (target) => (await desk()).resume(folderOf(target)),
    [Command.revealRunFolder]: async (target) => {
      const folder = folderOf(target);
      if (folder !== undefined) await (await desk()).reveal(folder);
    },
    [Command.treatAsPolicy]: () => treat(true),
    [Command.stopTreatingAsPolicy]: () => treat(false),
    [Command.showDecisionTree]: async (target) => (await trees()).show(placeOf(target)),
    [Command.copyDecisionTree]: async () => (await trees()).copy(),
  };
  return vscode.Disposable.from(
    { dispose: () => void loading?.then((panel) => panel.dispose()) },
    ...Object.entries(handlers).map(([id, handler]) =>
      vscode.commands.registerCommand(id, handler),
    ),
    vscode.commands.registerCommand(Command.revealStatement, (start: number, end: number) =>
      statements.reveal(start, end),
    ),
  );
}

type Handler = (target: Target) => Promise<void>;
