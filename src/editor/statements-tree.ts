import * as vscode from "vscode";
import { Color, Command, ContextKey, View } from "../contributions.ts";
import type { Category } from "../policy/statement.ts";
import { categoryWord, counted } from "../protocol/words.ts";
import type { ActivePolicy } from "./active-policy.ts";
import { nearestStatement } from "./hint-layout.ts";
import { categoryIcon, categoryName, describeStatement } from "./hover.ts";
import type { PolicyTokens } from "./policy-tokens.ts";
import {
  countStatements,
  type Grouping,
  nodesBelow,
  nodesOf,
  type StatementNode,
} from "./statement-nodes.ts";
import { tokenCount } from "./token-words.ts";

const groupingKey = "statementsGrouping";

/** The Statements view: the active policy by section or by category, all of it or what a filter leaves. */
export class StatementsTree implements vscode.TreeDataProvider<StatementNode>, vscode.Disposable {
  readonly #active: ActivePolicy;
  readonly #tokens: PolicyTokens;
  readonly #memento: vscode.Memento;
  readonly #view: vscode.TreeView<StatementNode>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly { dispose(): unknown }[];
  #filter = "";
  #nodes: StatementNode[] = [];
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(active: ActivePolicy, tokens: PolicyTokens, memento: vscode.Memento) {
    this.#active = active;
    this.#tokens = tokens;
    this.#memento = memento;
    this.#view = vscode.window.createTreeView(View.statements, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    // The counts follow the active policy.
    const subscription = tokens.onDidChange(() => this.#refresh());
    this.#disposables = [this.#changed, this.#view, subscription];
    this.#refresh();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  getChildren(node?: StatementNode): StatementNode[] {
    if (!node) return this.#nodes;
    return node.kind === "statement" ? [] : node.children;
  }

  getParent(node: StatementNode): StatementNode | undefined {
    return node.parent;
  }

  getTreeItem(node: StatementNode): vscode.TreeItem {
    return node.kind === "statement" ? this.#statementItem(node) : this.#groupItem(node);
  }

  /** Remembered for this workspace. */
  async group(grouping: Grouping): Promise<void> {
    await this.#memento.update(groupingKey, grouping);
    this.#refresh();
  }

  /** Asks for a filter; an empty one shows everything again. */
  async askFilter(): Promise<void> {
    const filter = await vscode.window.showInputBox({
      title: "Filter Statements",
      prompt: "Words of the statement or its headings; @fact, @behavior or @if for categories",
      value: this.#filter,
    });
    if (filter !== undefined) this.filter(filter);
  }

  filter(filter: string): void {
    this.#filter = filter.trim();
    this.#refresh();
  }

  /** Selects a statement of the shown policy in its editor. */
  async reveal(start: number, end: number): Promise<void> {
    const { document } = this.#active;
    if (!document) return;
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    await vscode.window.showTextDocument(document, { selection: range });
  }

  /** Selects the statement at the cursor, or the nearest one, in the view. */
  async revealInView(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const { document, reading } = this.#active;
    if (!editor || !reading || editor.document !== document) return;
    const offset = document.offsetAt(editor.selection.active);
    const statement = nearestStatement(reading.parsed.statements, offset);
    if (!statement) return;
    await this.#select((node) => node.kind === "statement" && node.statement.id === statement.id);
  }

  /** Selects a section of a policy in the view, and shows the policy first where it is not active. */
  async revealSection(policy: vscode.Uri, id: string): Promise<void> {
    if (this.#active.document?.uri.toString() !== policy.toString()) {
      const { document } = await vscode.window.showTextDocument(policy);
      await this.#active.follow(document);
    }
    if (this.#grouping !== "section") await this.group("section");
    await this.#select((node) => node.kind === "section" && node.section.id === id);
  }

  get #grouping(): Grouping {
    return this.#memento.get<Grouping>(groupingKey, "section");
  }

  async #select(fits: (node: StatementNode) => boolean): Promise<void> {
    const find = () => [...nodesBelow(this.#nodes)].find(fits);
    if (!find()) this.filter("");
    const node = find();
    if (node) await this.#view.reveal(node, { select: true, focus: true, expand: true });
  }

  #refresh(): void {
    const { reading, outline } = this.#active;
    const { counts } = this.#tokens;
    this.#nodes = nodesOf(outline, this.#grouping, this.#filter);
    const all = reading?.parsed.statements.length ?? 0;
    this.#view.description = reading
      ? [
          reading.parsed.policy.title,
          counted(all, "statement"),
          ...(counts ? [tokenCount(counts.total, counts.counter)] : []),
        ].join(" · ")
      : "";
    const shown = countStatements(this.#nodes);
    this.#view.message =
      reading && this.#filter !== ""
        ? `Filter: ${this.#filter} (${shown} of ${counted(all, "statement")})`
        : undefined;
    setContext(ContextKey.statementsByCategory, this.#grouping === "category");
    setContext(ContextKey.statementsFiltered, this.#filter !== "");
    this.#changed.fire();
  }

  #groupItem(node: Exclude<StatementNode, { kind: "statement" }>): vscode.TreeItem {
    const [id, title] =
      node.kind === "section"
        ? [node.section.id, node.section.title]
        : [node.category, categoryName[node.category]];
    const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
    item.id = `${node.kind} ${id}`;
    const { counts } = this.#tokens;
    const tokens = node.kind === "section" ? counts?.sections.get(node.section.id) : undefined;
    const statements = counted(countStatements(node.children), "statement");
    const details =
      counts && tokens !== undefined
        ? `${statements} · ${tokenCount(tokens, counts.counter)}`
        : statements;
    item.description = details;
    item.accessibilityInformation = { label: `${title}, ${details}` };
    if (node.kind === "category") item.iconPath = iconOf(node.category);
    return item;
  }

  #statementItem({ statement }: Extract<StatementNode, { kind: "statement" }>): vscode.TreeItem {
    const { id, category, text, line, start, end } = statement;
    const item = new vscode.TreeItem(text);
    item.id = `statement ${id}`;
    item.description = categoryWord[category];
    item.iconPath = iconOf(category);
    item.tooltip = describeStatement(statement);
    item.accessibilityInformation = { label: `${categoryName[category]}: ${text} Line ${line}` };
    item.command = {
      command: Command.revealStatement,
      title: "Reveal Statement",
      arguments: [start, end],
    };
    return item;
  }
}

function iconOf(category: Category): vscode.ThemeIcon {
  return new vscode.ThemeIcon(categoryIcon[category], new vscode.ThemeColor(Color[category]));
}

function setContext(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
