import { dirname } from "node:path";
import * as vscode from "vscode";
import { findRoot, type IngrainFolder, ingrainFolder } from "../workspace/folder.ts";

/** The `.ingrain` folders that the window deals with: of the workspace, and of loose policies. */
export class Folders {
  readonly #loose = new Set<string>();

  all(): IngrainFolder[] {
    const roots = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => uri.fsPath);
    return [...new Set([...roots, ...this.#loose])].map(ingrainFolder);
  }

  /** Where the results of a policy go: its workspace folder, or near the file when it has none. */
  of(policy: vscode.Uri): IngrainFolder {
    const folder = vscode.workspace.getWorkspaceFolder(policy);
    if (folder) return ingrainFolder(folder.uri.fsPath);
    const root = findRoot(dirname(policy.fsPath));
    this.#loose.add(root);
    return ingrainFolder(root);
  }
}
