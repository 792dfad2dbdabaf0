import * as vscode from "vscode";
import { Color, Command, View } from "../contributions.ts";
import { categoryWord } from "../protocol/words.ts";
import type { ActivePolicy } from "./active-policy.ts";
import { categoryIcon, describeStatement } from "./hover.ts";
import { countStatements, nestStatements, type StatementNode } from "./sections.ts";

/** The Statements view. */
export class StatementsTree implements vscode.TreeDataProvider<StatementNode>, vscode.Disposable {
  readonly #active: ActivePolicy;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(active: ActivePolicy) {
    this.#active = active;
    const view = vscode.window.createTreeView(View.statements, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    const name = () => {
      view.description = active.reading?.parsed.policy.title ?? "";
    };
    name();
    this.#disposables = [
      this.#changed,
      view,
      active.onDidChange(() => {
        name();
        this.#changed.fire();
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  getChildren(node?: StatementNode): StatementNode[] {
    if (!node) return nestStatements(this.#active.reading?.parsed.statements ?? []);
    return node.kind === "section" ? node.children : [];
  }

  getTreeItem(node: StatementNode): vscode.TreeItem {
    if (node.kind === "section") {
      const item = new vscode.TreeItem(node.title, vscode.TreeItemCollapsibleState.Expanded);
      item.id = node.path;
      item.description = String(countStatements(node.children));
      return item;
    }
    const { statement } = node;
    const item = new vscode.TreeItem(statement.text);
    item.id = statement.id;
    item.description = categoryWord[statement.category];
    item.iconPath = new vscode.ThemeIcon(
      categoryIcon[statement.category],
      new vscode.ThemeColor(Color[statement.category]),
    );
    item.tooltip = describeStatement(statement);
    item.command = {
      command: Command.revealStatement,
      title: "Reveal Statement",
      arguments: [statement.start, statement.end],
    };
    return item;
  }

  /** Selects a statement of the shown policy. */
  async reveal(start: number, end: number): Promise<void> {
    const { document } = this.#active;
    if (!document) return;
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    await vscode.window.showTextDocument(document, { selection: range });
  }
}
