import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import { reconnectRun } from "../training/launch.ts";
import { clusterOf, type Target } from "../training/spec.ts";
import { rayAddress } from "../training/targets/ray/cluster.ts";
import { listRuns } from "../workspace/runs.ts";
import type { Folders } from "./folders.ts";

/**
 * Runs on a cluster go on while VS Code is closed and the computer is off: those on the cluster of
 * the settings are followed again. Other addresses, which a run folder may have from anyone, are left
 * alone.
 */
export async function followClusterRuns(folders: Folders, trainer: string): Promise<void> {
  const told = vscode.workspace.getConfiguration().get<string>(Setting.rayAddress, "").trim();
  if (told === "") return;
  const address = rayAddress(told);
  const lists = await Promise.all(folders.all().map(listRuns));
  for (const { folder, spec, status } of lists.flat()) {
    if (status !== "interrupted" || spec?.target !== "ray") continue;
    if (clusterOf(spec).address === address) await reconnectRun(folder, { trainer });
  }
}

/** What is certain once a run is cancelled. */
export const goneWords: Readonly<Record<Target, string>> = {
  local: "Its processes are gone and their memory is free.",
  ray: "Its job on the cluster is over and its workers are gone.",
};
