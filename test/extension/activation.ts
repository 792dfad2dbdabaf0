import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

const id = "ingrain.ingrain";

/** The extension as VS Code knows it. */
function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(id);
  ok(found, `${id} is not installed`);
  return found;
}

async function show(content: string, language: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document);
  return document;
}

/** The words of the inlay hints in a document, once there are any or the time is over. */
async function hints(document: vscode.TextDocument, milliseconds: number): Promise<string[]> {
  const range = new vscode.Range(0, 0, document.lineCount, 0);
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      "vscode.executeInlayHintProvider",
      document.uri,
      range,
    );
    if (found.length > 0 || Date.now() > deadline) {
      return found.map(({ label }) =>
        typeof label === "string" ? label : label.map((part) => part.value).join(""),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const rules = [
  "The desk is open at nine.",
  "Greet every caller by name.",
  "If the caller is angry, stay calm.",
].join("\n\n");

describe("activation", () => {
  it("stays asleep until Markdown is opened", async () => {
    await show("plain", "plaintext");
    strictEqual(extension().isActive, false);
    await show("# Notes", "markdown");
    const deadline = Date.now() + 10_000;
    while (!extension().isActive && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    strictEqual(extension().isActive, true);
  });

  it("registers every command of its manifest", async () => {
    const manifest = extension().packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const declared = manifest.contributes.commands.map(({ command }) => command);
    const registered = new Set(await vscode.commands.getCommands(true));
    ok(declared.length > 0);
    deepStrictEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });
});

describe("hints", () => {
  it("name the category of each statement in a marked policy", async () => {
    const document = await show(`---\ningrain: policy\n---\n\n${rules}\n`, "markdown");
    deepStrictEqual(await hints(document, 10_000), ["fact", "behavior", "if"]);
  });

  it("leave other Markdown alone until it is treated as a policy", async () => {
    const document = await show(rules, "markdown");
    deepStrictEqual(await hints(document, 1000), []);
    await vscode.commands.executeCommand("ingrain.treatAsPolicy");
    strictEqual((await hints(document, 10_000)).length, 3);
    await vscode.commands.executeCommand("ingrain.stopTreatingAsPolicy");
    deepStrictEqual(await hints(document, 0), []);
  });
});
