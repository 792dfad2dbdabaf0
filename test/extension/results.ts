import { deepStrictEqual, match, ok } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import * as vscode from "vscode";
import { parsePolicy } from "../../src/policy/parse.ts";
import { synthesize } from "../../src/synthesis/synthesize.ts";
import { saveDataset } from "../../src/workspace/datasets.ts";
import { ingrainFolder } from "../../src/workspace/folder.ts";
import { armOf, finishedRun } from "../unit/workspace/finished-run.ts";

const name = "locker-desk.md";
const text = `---
ingrain: policy
---

# Locker desk

A locker has a number.

## Guests

Greet every guest by name.

A spare key costs 6 euros.
`;

/** Asks until the answer is as wanted: the disk is read in the background. */
async function until<T>(ask: () => PromiseLike<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("what a run has learned", () => {
  let document: vscode.TextDocument;

  before(async () => {
    const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    const ingrain = ingrainFolder(root);
    await writeFile(join(root, name), text);
    const parsed = parsePolicy(text, { path: name });
    const dataset = synthesize(parsed, { seed: 1, command: "test" });
    const folder = await saveDataset(ingrain, dataset);
    const [locker, greet, key] = parsed.statements.map(({ id }) => id);
    await finishedRun(ingrain.runs, folder, {
      internalized: armOf({
        [locker!]: { right: 4, n: 4 },
        [greet!]: { right: 1, n: 4 },
        [key!]: { right: 3, n: 4 },
      }),
      base: armOf({ [greet!]: { right: 2, n: 4 } }),
    });
    document = await vscode.workspace.openTextDocument(join(root, name));
    await vscode.window.showTextDocument(document);
    // Whatever loads the desk; it is asleep where a folder has no results when it is opened.
    await vscode.commands.executeCommand("ingrain.showRuns");
    await vscode.window.showTextDocument(document);
  });

  const hints = async () => {
    const range = new vscode.Range(0, 0, document.lineCount, 0);
    const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      "vscode.executeInlayHintProvider",
      document.uri,
      range,
    );
    return found.map(({ label }) =>
      typeof label === "string" ? label : label.map(({ value }) => value).join(""),
    );
  };
  const marked = (words: readonly string[]) => words.some((word) => /[✓✗]/.test(word));

  it("stands at the hint of each statement", async () => {
    deepStrictEqual(await until(hints, marked), ["fact  ✓ 4/4", "behavior  ✗ 1/4", "fact  ✗ 3/4"]);
  });

  it("stands above each heading as a share", async () => {
    const lenses = async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
        100,
      );
      return found.flatMap(({ command }) => command?.title ?? []);
    };
    const titles = await until(lenses, (all) => all.some((title) => title.includes("learned")));
    ok(
      titles.some((title) => title.endsWith("· 67 % learned")),
      titles.join("\n"),
    );
    ok(
      titles.some((title) => title.endsWith("· 50 % learned")),
      titles.join("\n"),
    );
  });

  it("is told in the hover beside what was known before, with links", async () => {
    const at = document.positionAt(text.indexOf("Greet"));
    const found = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      at,
    );
    const words = found
      .flatMap(({ contents }) => contents)
      .map((content) => (content instanceof vscode.MarkdownString ? content.value : ""))
      .join("\n");
    match(words, /\*\*Not learned\*\*: 1 of 4 right · untrained 2 of 4/);
    ok(!words.includes("SFT only"), words);
    match(words, /locker\\?-desk, just now/);
    match(words, /\[Show \d+ Rows\]\(command:ingrain\.showStatementRows/);
    match(words, /\[Show Run\]\(command:ingrain\.showRuns/);
  });

  it("is stale where the statement was changed, and comes back with it", async () => {
    const place = document.positionAt(text.indexOf("6 euros"));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, place, "about ");
    await vscode.workspace.applyEdit(edit);
    const stale = (words: readonly string[]) => words.includes("fact  ↻ stale");
    ok(stale(await until(hints, stale)));
    const undo = new vscode.WorkspaceEdit();
    undo.delete(document.uri, new vscode.Range(place, place.translate(0, "about ".length)));
    await vscode.workspace.applyEdit(undo);
    const back = (words: readonly string[]) => words.includes("fact  ✗ 3/4");
    ok(back(await until(hints, back)));
  });

  it("goes where the setting turns it off", async () => {
    const settings = vscode.workspace.getConfiguration("ingrain.hints");
    await settings.update("results", false, vscode.ConfigurationTarget.Global);
    try {
      const words = await until(hints, (all) => !marked(all));
      deepStrictEqual(words, ["fact", "behavior", "fact"]);
    } finally {
      await settings.update("results", undefined, vscode.ConfigurationTarget.Global);
    }
    ok(marked(await until(hints, marked)));
  });
});
