import * as vscode from "vscode";
import { Panel } from "./contributions.ts";
import { ActivePolicy } from "./editor/active-policy.ts";
import { CategoryBars } from "./editor/bars.ts";
import { Chats } from "./editor/chats.ts";
import { PolicyCodeActions } from "./editor/code-actions.ts";
import { registerCommands } from "./editor/commands.ts";
import { DatasetsTree } from "./editor/folder-trees.ts";
import { RunsTree } from "./editor/runs-tree.ts";
import { CategoryHints } from "./editor/hints.ts";
import { StatementHover } from "./editor/hover.ts";
import { SectionLenses } from "./editor/lenses.ts";
import { PolicyCompletion } from "./editor/completion.ts";
import { DirectiveDiagnostics } from "./editor/directive-diagnostics.ts";
import { LintDiagnostics } from "./editor/lint-diagnostics.ts";
import { PolicyDocuments } from "./editor/policy-documents.ts";
import { PolicyTokens } from "./editor/policy-tokens.ts";
import { StatementsTree } from "./editor/statements-tree.ts";
import { StatementScores } from "./editor/scores.ts";
import { PolicyStructure } from "./editor/structure.ts";
import { TokenStatus } from "./editor/token-status.ts";
import type { Desk } from "./panels/desk.ts";

/**
 * Builds the services and registers the features. What a writer does not need yet is imported
 * later: the parser with the first policy, the desk with the first look at datasets or runs.
 */
export function activate(context: vscode.ExtensionContext): void {
  const logger = vscode.window.createOutputChannel("Ingrain", { log: true });
  const { extensionUri, secrets, subscriptions, workspaceState } = context;
  const policies = new PolicyDocuments(workspaceState, extensionUri, logger);
  const active = new ActivePolicy(policies);
  const tokens = new PolicyTokens(active, extensionUri, logger);
  const statements = new StatementsTree(active, tokens, workspaceState);
  const scores = new StatementScores(policies);
  const lenses = new SectionLenses(policies, scores);
  const hover = new StatementHover(policies, scores);
  const lint = new LintDiagnostics(policies, extensionUri, logger);

  let loading: Promise<Desk> | undefined;
  const desk = () =>
    (loading ??= import("./panels/desk.ts").then(({ Desk }) => {
      const built = new Desk({ extensionUri, policies, active, secrets, workspaceState, logger });
      subscriptions.push(built);
      scores.addSource(built.results);
      lenses.addResults(built.results);
      hover.addResults(built.results);
      return built;
    }));

  subscriptions.push(
    logger,
    policies,
    active,
    scores,
    new CategoryHints(policies, scores),
    new CategoryBars(policies, scores),
    hover,
    lenses,
    new PolicyStructure(policies),
    new PolicyCompletion(active),
    new DirectiveDiagnostics(policies),
    tokens,
    new TokenStatus(tokens),
    lint,
    new PolicyCodeActions(policies, lint),
    statements,
    new DatasetsTree(desk),
    new RunsTree(desk),
    new Chats(desk),
    registerCommands({ desk, policies, active, statements, logger }),
    restoring(Panel.runs, async (panel, state) => (await desk()).restoreRuns(panel, state)),
    restoring(Panel.dataset, async (panel, state) => (await desk()).restoreDataset(panel, state)),
  );
  void whenResultsExist(desk);
}

/** Panels come back after a reload, and after VS Code was closed, with what they had shown. */
function restoring(
  type: Panel,
  restore: (panel: vscode.WebviewPanel, state: unknown) => Promise<void>,
): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(type, { deserializeWebviewPanel: restore });
}

/** Commands on datasets and runs are offered only where there are some: then look at them. */
async function whenResultsExist(desk: () => Promise<Desk>): Promise<void> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const folder = vscode.Uri.joinPath(uri, ".ingrain");
    const exists = await vscode.workspace.fs.stat(folder).then(
      () => true,
      () => false,
    );
    if (exists) {
      await desk();
      return;
    }
  }
}
