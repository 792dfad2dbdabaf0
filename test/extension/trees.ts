import { match, ok, strictEqual } from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

const rule = "If the caller is angry, stay calm, otherwise be brief.";

async function showPolicy(): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({
    content: `---\ningrain: policy\n---\n\n${rule}\n`,
    language: "markdown",
  });
  const editor = await vscode.window.showTextDocument(document);
  const place = document.positionAt(document.getText().indexOf("angry"));
  editor.selection = new vscode.Selection(place, place);
  return editor;
}

/** What our hover says at the cursor, once it says something or the time is over. */
async function hover({ document, selection }: vscode.TextEditor): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      selection.active,
    );
    const text = found
      .flatMap(({ contents }) => contents)
      .map((content) => (content instanceof vscode.MarkdownString ? content.value : ""))
      .join("\n");
    if (text !== "" || Date.now() > deadline) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The panel's tab: the window tells of a new one a little later. */
async function treeTab(): Promise<vscode.Tab | undefined> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const tab = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(
        ({ input }) =>
          input instanceof vscode.TabInputWebview && input.viewType.includes("ingrainDecisionTree"),
      );
    if (tab !== undefined || Date.now() > deadline) return tab;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("decision trees", () => {
  it("show in the hover as text and as a picture", async () => {
    const text = await hover(await showPolicy());
    match(text, /the caller is angry\?/);
    match(text, /├─ yes: stay calm/);
    match(text, /└─ no: be brief/);
    match(text, /!\[\]\(data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+\)/);
  });

  it("copy as Mermaid, and show in a panel of their own", async () => {
    const editor = await showPolicy();
    await hover(editor);
    await vscode.env.clipboard.writeText("");
    await vscode.commands.executeCommand("ingrain.copyDecisionTree");
    const copied = await vscode.env.clipboard.readText();
    strictEqual(copied.split("\n")[0], "flowchart TD");
    match(copied, /"stay calm"/);

    await vscode.commands.executeCommand("ingrain.showDecisionTree");
    const panel = await treeTab();
    ok(panel, "no panel opened");
    await vscode.window.tabGroups.close(panel);
  });
});
