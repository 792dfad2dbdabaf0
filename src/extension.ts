import * as vscode from "vscode";
import { ActivePolicy } from "./editor/activePolicy.ts";
import { CategoryBars } from "./editor/bars.ts";
import { CategoryHints } from "./editor/hints.ts";
import { StatementHover } from "./editor/hover.ts";
import { PolicyDocuments } from "./editor/policyDocuments.ts";
import { StatementsTree } from "./editor/statementsTree.ts";

/** Builds the services and registers the features; nothing is parsed before a policy opens. */
export function activate(context: vscode.ExtensionContext): void {
  const logger = vscode.window.createOutputChannel("Ingrain", { log: true });
  const policies = new PolicyDocuments(context.workspaceState, logger);
  const active = new ActivePolicy(policies);
  context.subscriptions.push(
    logger,
    policies,
    active,
    new CategoryHints(policies),
    new CategoryBars(policies),
    new StatementHover(policies),
    new StatementsTree(active),
  );
}
