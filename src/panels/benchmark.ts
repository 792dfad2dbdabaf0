import { randomInt } from "node:crypto";
import { join } from "node:path";
import * as vscode from "vscode";
import { difficulties } from "../benchmark/difficulties.ts";
import { generate } from "../benchmark/generate.ts";
import { readKnobs } from "../benchmark/knobs.ts";
import type { Logger } from "../editor/logger.ts";
import { saveBenchmark } from "../workspace/benchmarks.ts";
import { attempt, requireTrust } from "./reporting.ts";

/**
 * Asks how difficult the policy shall be, writes it with its databases, tools and tasks into a new
 * folder and opens it. The seed is drawn, and stands in the folder's name and manifest.
 */
export function generateBenchmark(logger: Logger & { show(): void }): Promise<void> {
  return attempt("No benchmark was made", logger, async () => {
    requireTrust();
    const chosen = await vscode.window.showQuickPick(difficulties, {
      title: "How difficult shall the policy be?",
    });
    const parent = chosen && (await parentFolder());
    if (chosen === undefined || parent === undefined) return;
    const seed = randomInt(1_000_000);
    const knobs = readKnobs(chosen.knobs);
    const settings = Object.entries(chosen.knobs).map(([knob, value]) => `--${knob} ${value}`);
    const command = `ingrain generate --seed ${seed} ${settings.join(" ")}`;
    const benchmark = generate(seed, knobs, command);
    const name = `${benchmark.manifest.domain}-${chosen.label.toLowerCase()}-${seed}`;
    const folder = await saveBenchmark(join(parent, name), benchmark);
    logger.info(`Benchmark in ${folder}`);
    const policy = vscode.Uri.file(join(folder, "policy.md"));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(policy));
  });
}

/** `benchmarks` in the workspace, or a folder that the user names where there is no workspace. */
async function parentFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === "file");
  if (folders !== undefined && folders.length > 0) {
    const folder =
      folders.length === 1
        ? folders[0]
        : await vscode.window.showWorkspaceFolderPick({
            placeHolder: "Write it into which folder?",
          });
    return folder && join(folder.uri.fsPath, "benchmarks");
  }
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title: "Write the benchmark into which folder?",
    openLabel: "Write Here",
  });
  return chosen?.[0]?.fsPath;
}
