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
    const folder = this.near(policy);
    if (!vscode.workspace.getWorkspaceFolder(policy)) this.#loose.add(folder.root);
    return folder;
  }

  /** The same, for a look only: a loose policy's folder does not join those of the window. */
  near(policy: vscode.Uri): IngrainFolder {
    const folder = vscode.workspace.getWorkspaceFolder(policy);
    return ingrainFolder(folder ? folder.uri.fsPath : findRoot(dirname(policy.fsPath)));
  }
}
