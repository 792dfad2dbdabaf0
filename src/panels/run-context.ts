import * as vscode from "vscode";
import { ContextKey } from "../contributions.ts";
import type { RunSummary } from "../protocol/runs.ts";
import { isActive, isResumable, isServable } from "../protocol/status.ts";
import type { DatasetSummary } from "../workspace/datasets.ts";

/** Tells VS Code which commands on datasets and runs have something to work on. */
export async function tellContext(
  runs: readonly RunSummary[],
  datasets: readonly DatasetSummary[],
): Promise<void> {
  const holds: readonly (readonly [ContextKey, boolean])[] = [
    [ContextKey.hasDatasets, datasets.length > 0],
    [ContextKey.hasRuns, runs.length > 1],
    [ContextKey.hasActiveRun, runs.some(({ status }) => isActive(status))],
    [ContextKey.hasResumableRun, runs.some(({ status }) => isResumable(status))],
    [ContextKey.hasModel, runs.some(({ status }) => isServable(status))],
    [ContextKey.hasServedModel, runs.some(({ serving }) => serving !== undefined)],
  ];
  for (const [key, value] of holds) {
    await vscode.commands.executeCommand("setContext", key, value);
  }
}
