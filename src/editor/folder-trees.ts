import * as vscode from "vscode";
import { Command, View } from "../contributions.ts";
import type { Desk } from "../panels/desk.ts";
import type { RunStatus, RunSummary } from "../protocol/runs.ts";
import { isActive, isResumable, isServable } from "../protocol/status.ts";
import { statusWord } from "../protocol/words.ts";
import type { DatasetSummary } from "../workspace/datasets.ts";

/** A view over folders on disk; it loads the desk when it is first shown. */
abstract class FolderTree<Node extends { folder: string }>
  implements vscode.TreeDataProvider<Node>, vscode.Disposable
{
  readonly #desk: () => Promise<Desk>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.Disposable;
  #subscription: vscode.Disposable | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(id: View, desk: () => Promise<Desk>) {
    this.#desk = desk;
    this.#view = vscode.window.createTreeView(id, { treeDataProvider: this });
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return [];
    const desk = await this.#desk();
    this.#subscription ??= desk.onDidChange(() => this.#changed.fire());
    return this.list(desk);
  }

  abstract getTreeItem(node: Node): vscode.TreeItem;

  protected abstract list(desk: Desk): Promise<Node[]>;
}

/** The icon of each status, and the colour that only repeats what the icon says. */
const statusIcon: Readonly<Record<RunStatus, readonly [icon: string, color?: string]>> = {
  created: ["loading~spin"],
  running: ["sync~spin", "charts.blue"],
  cancelling: ["loading~spin"],
  finished: ["pass", "charts.green"],
  failed: ["error", "list.errorForeground"],
  cancelled: ["circle-slash"],
  interrupted: ["debug-disconnect", "list.warningForeground"],
  broken: ["warning", "list.warningForeground"],
};

/** What the menus of a run depend on. */
function contextOf({ status, serving }: RunSummary): string {
  if (isActive(status)) return status === "cancelling" ? "run.ended" : "run.active";
  if (isServable(status)) return serving ? "run.served" : "run.servable";
  return isResumable(status) ? "run.resumable" : "run.ended";
}

/** Where the model is served, beside the status. */
function servingWords({ serving }: RunSummary): string[] {
  if (!serving) return [];
  if (serving.status === "starting") return ["server starting"];
  return [`serving at ${serving.address ?? ""}`];
}

/** The Runs view. */
export class RunsTree extends FolderTree<RunSummary> {
  constructor(desk: () => Promise<Desk>) {
    super(View.runs, desk);
  }

  protected list(desk: Desk): Promise<RunSummary[]> {
    return desk.runs();
  }

  getTreeItem(run: RunSummary): vscode.TreeItem {
    const { folder, id, title, createdAt, status, serving } = run;
    const item = new vscode.TreeItem(title);
    const [icon, color] = statusIcon[status];
    item.id = folder;
    item.description = [
      statusWord[status],
      ...servingWords(run),
      createdAt === undefined ? id : localTime(createdAt),
    ].join(", ");
    item.tooltip = folder;
    // A screen reader would say the tooltip in place of the label.
    item.accessibilityInformation = { label: `${title}, ${item.description}` };
    const shown = serving ? "broadcast" : icon;
    item.iconPath = new vscode.ThemeIcon(shown, color ? new vscode.ThemeColor(color) : undefined);
    item.contextValue = contextOf(run);
    item.command = { command: Command.showRuns, title: "Show Run", arguments: [{ folder }] };
    return item;
  }
}

/** The Datasets view. */
export class DatasetsTree extends FolderTree<DatasetSummary> {
  constructor(desk: () => Promise<Desk>) {
    super(View.datasets, desk);
  }

  protected list(desk: Desk): Promise<DatasetSummary[]> {
    return desk.datasets();
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

function localTime(iso: string): string {
  const format = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Date(iso).toLocaleString(vscode.env.language, format);
}
