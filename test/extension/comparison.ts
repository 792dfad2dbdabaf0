import { execFileSync } from "node:child_process";
import { ok, strictEqual } from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, after, describe, it } from "mocha";
import * as vscode from "vscode";

interface Git {
  getAPI(version: 1): { openRepository(root: vscode.Uri): Promise<object | null> };
}

const policy = (fee: number) =>
  `---\ningrain: policy\n---\n\n# Desk\n\nA key costs ${fee} euros.\n\nGreet every guest.\n`;
const scheme = "ingrain-comparison";

/** Waits for what is given back, which may take its time. */
async function eventually<T>(look: () => T | undefined | Thenable<T | undefined>): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    ok(Date.now() < deadline, "it did not come in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("Compare with Git Version", () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const root = folder?.fsPath ?? "";
  const file = join(root, "desk.md");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.org", ...args], {
      cwd: root,
    });

  before(async () => {
    ok(folder, "no folder is open");
    git("init", "--quiet");
    writeFileSync(file, policy(6));
    git("add", "desk.md");
    git("commit", "--quiet", "--message", "Begin");
    writeFileSync(file, policy(8));
    const extension = vscode.extensions.getExtension<Git>("vscode.git");
    ok(extension, "VS Code came without its Git extension");
    ok(await (await extension.activate()).getAPI(1).openRepository(folder));
  });
  after(() => rmSync(join(root, ".git"), { recursive: true, force: true }));

  it("shows beside the policy what changed since HEAD, with links into it", async () => {
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    // The command means the active policy; once it has hints, it has been read.
    const range = new vscode.Range(0, 0, document.lineCount, 0);
    await eventually(async () => {
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        document.uri,
        range,
      );
      return hints.length > 0 ? hints : undefined;
    });
    const command = vscode.commands.executeCommand("ingrain.compareWithGitVersion");
    const shown = await eventually(() => {
      // HEAD is the first choice.
      void vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === scheme);
    });
    await command;
    const text = shown.getText();
    ok(text.startsWith("# Desk: changes since HEAD\n\n1 changed; 1 unchanged.\n"), text);
    ok(text.includes("- before: A key costs 6 euros.\n  - now: A key costs 8 euros."), text);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      shown.uri,
    );
    strictEqual(
      links.find(({ target }) => target?.path === document.uri.path)?.target?.fragment,
      "L7",
    );
    // Neither asks to be saved; what other suites have written may.
    strictEqual([document, shown].filter(({ isDirty }) => isDirty).length, 0);
  });
});
