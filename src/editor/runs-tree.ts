import * as vscode from "vscode";
import { Command, View } from "../contributions.ts";
import type { Desk } from "../panels/desk.ts";
import type { RunStatus, RunSummary } from "../protocol/runs.ts";
import { isActive, isResumable, isServable } from "../protocol/status.ts";
import { FolderTree } from "./folder-trees.ts";
import { describeRun, groupRuns, groupWord, type RunGroup } from "./run-groups.ts";

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
const queuedIcon = ["watch"] as const;

/** What the menus of a run depend on. */
function contextOf({ status, serving }: RunSummary): string {
  if (isActive(status)) return status === "cancelling" ? "run.ended" : "run.active";
  if (status === "broken") return "run.broken";
  if (isServable(status)) return serving ? "run.served" : "run.servable";
  return isResumable(status) ? "run.resumable" : "run.ended";
}

type Node = RunGroup | RunSummary;

/** How often the ages are told anew. */
const ageMs = 60_000;

/** The Runs view: by state, newest first. Several runs can be chosen, to compare them. */
export class RunsTree extends FolderTree<Node> {
  readonly #clock: NodeJS.Timeout;

  constructor(desk: () => Promise<Desk>) {
    super(View.runs, desk, { canSelectMany: true });
    this.#clock = setInterval(() => this.refresh(), ageMs).unref();
  }

  override dispose(): void {
    clearInterval(this.#clock);
    super.dispose();
  }

  protected override subscribe(desk: Desk): vscode.Disposable {
    return vscode.Disposable.from(
      super.subscribe(desk),
      desk.onDidProgress(() => this.refresh()),
    );
  }

  protected async list(desk: Desk, node?: Node): Promise<Node[]> {
    if (!node) return groupRuns(await desk.runs());
    return "runs" in node ? node.runs : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return "runs" in node ? groupItem(node) : runItem(node);
  }
}

function groupItem({ name, runs }: RunGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(groupWord[name], vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group ${name}`;
  item.description = String(runs.length);
  item.contextValue = "runs";
  return item;
}

function runItem(run: RunSummary): vscode.TreeItem {
  const { folder, title, createdAt, status, queued, serving } = run;
  const item = new vscode.TreeItem(title);
  const [icon, color] = queued === true ? queuedIcon : statusIcon[status];
  const shown = serving ? "broadcast" : icon;
  item.id = folder;
  item.description = describeRun(run, Date.now());
  item.tooltip = createdAt === undefined ? folder : `${localTime(createdAt)}\n${folder}`;
  // A screen reader would say the tooltip in place of the label.
  item.accessibilityInformation = { label: `${title}, ${item.description}` };
  item.iconPath = new vscode.ThemeIcon(shown, color ? new vscode.ThemeColor(color) : undefined);
  item.contextValue = contextOf(run);
  item.command = { command: Command.showRuns, title: "Show Run", arguments: [{ folder }] };
  return item;
}

function localTime(iso: string): string {
  const format = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Date(iso).toLocaleString(vscode.env.language, format);
}
