import * as vscode from "vscode";
import { Command, View } from "../contributions.ts";
import type { Desk } from "../panels/desk.ts";
import type { DatasetSummary } from "../workspace/datasets.ts";

/** A view over folders on disk; it loads the desk when it is first shown. */
export abstract class FolderTree<Node> implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #desk: () => Promise<Desk>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.Disposable;
  #subscription: vscode.Disposable | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(id: View, desk: () => Promise<Desk>, options: { canSelectMany?: boolean } = {}) {
    this.#desk = desk;
    this.#view = vscode.window.createTreeView(id, { treeDataProvider: this, ...options });
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const desk = await this.#desk();
    this.#subscription ??= this.subscribe(desk);
    return this.list(desk, node);
  }

  abstract getTreeItem(node: Node): vscode.TreeItem;

  /** What stands below a node; without one, the roots. */
  protected abstract list(desk: Desk, node?: Node): Promise<Node[]>;

  protected subscribe(desk: Desk): vscode.Disposable {
    return desk.onDidChange(() => this.refresh());
  }

  /** Lists anew; a view that was never shown stays unread. */
  protected refresh(): void {
    if (this.#subscription) this.#changed.fire();
  }
}

/** The Datasets view. */
export class DatasetsTree extends FolderTree<DatasetSummary> {
  constructor(desk: () => Promise<Desk>) {
    super(View.datasets, desk);
  }

  protected async list(desk: Desk, node?: DatasetSummary): Promise<DatasetSummary[]> {
    return node ? [] : desk.datasets();
  }

  getTreeItem({ folder, name, manifest, policy, problem }: DatasetSummary): vscode.TreeItem {
    const item = new vscode.TreeItem(manifest?.policy.title ?? name);
    item.id = folder;
    item.tooltip = problem ?? folder;
    item.iconPath = new vscode.ThemeIcon(problem === undefined ? "database" : "warning");
    item.command = { command: Command.openDataset, title: "Open Dataset", arguments: [{ folder }] };
    item.description = manifest ? describeDataset(manifest, policy) : "unreadable";
    const spoken = [manifest?.policy.title ?? name, item.description, problem];
    item.accessibilityInformation = { label: spoken.filter(Boolean).join(", ") };
    return item;
  }
}

function describeDataset(
  { counts }: NonNullable<DatasetSummary["manifest"]>,
  policy: DatasetSummary["policy"],
): string {
  const rows = `${(counts.cpt + counts.sft + counts.exam).toLocaleString("en")} rows`;
  return policy === "same" ? rows : `${rows}, policy ${policy}`;
}
