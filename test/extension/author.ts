import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

const policy = `---
ingrain: policy
---

# Desk

The desk is open at nine.

## Callers

Greet every caller by name.

If the parcel is lost:

- apologise
- open a claim
`;

async function show(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ content, language: "markdown" });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Asks until the answer is not empty: the policy is read in the background. */
async function soon<T>(ask: () => PromiseLike<T[] | undefined>): Promise<T[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = (await ask()) ?? [];
    if (found.length > 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const lensesOf = ({ uri }: vscode.TextDocument) =>
  vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);

describe("a policy's structure", () => {
  it("has a lens with the counts above each heading, unless the setting turns them off", async () => {
    const document = await show(policy);
    const lenses = await soon(() => lensesOf(document));
    const found = lenses.map(({ command, range }) => [
      document.lineAt(range.start.line).text,
      command?.title,
    ]);
    deepStrictEqual(found, [
      ["# Desk", "1 fact · 1 behavior · 1 condition"],
      ["## Callers", "1 behavior · 1 condition"],
    ]);
    const configuration = vscode.workspace.getConfiguration("ingrain.hints");
    await configuration.update("lenses", false, vscode.ConfigurationTarget.Global);
    deepStrictEqual(await lensesOf(document), []);
    await configuration.update("lenses", undefined, vscode.ConfigurationTarget.Global);
  });

  it("reveals a section from its lens", async () => {
    const document = await show(policy);
    const [lens] = await soon(() => lensesOf(document));
    const { command, arguments: args = [] } = lens!.command!;
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    strictEqual(vscode.window.activeTextEditor?.document, document);
  });

  it("is in the document's symbols, each range inside its parent's", async () => {
    const document = await show(policy);
    const ours = () =>
      vscode.commands
        .executeCommand<vscode.DocumentSymbol[] | undefined>(
          "vscode.executeDocumentSymbolProvider",
          document.uri,
        )
        .then((symbols) => symbols?.filter(({ kind }) => kind === vscode.SymbolKind.Module));
    const [desk] = await soon(ours);
    const names = (symbol: vscode.DocumentSymbol): unknown => [
      symbol.name,
      ...symbol.children.map(names),
    ];
    deepStrictEqual(names(desk!), [
      "Desk",
      ["The desk is open at nine."],
      [
        "Callers",
        ["Greet every caller by name."],
        ["If the parcel is lost: apologise; open a claim"],
      ],
    ]);
    const nested = (symbol: vscode.DocumentSymbol): boolean =>
      symbol.range.contains(symbol.selectionRange) &&
      symbol.children.every((child) => symbol.range.contains(child.range) && nested(child));
    ok(nested(desk!));
  });

  it("folds the branches under their lead-in, and leaves the folds of Markdown", async () => {
    const document = await show(policy);
    const line = (text: string) => document.positionAt(policy.indexOf(text)).line;
    const starts = async () => {
      const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
        "vscode.executeFoldingRangeProvider",
        document.uri,
      );
      return folds.map(({ start }) => start);
    };
    await soon(async () => ((await starts()).includes(line("If the parcel")) ? [true] : []));
    const found = await starts();
    for (const text of ["# Desk", "## Callers", "If the parcel"])
      ok(found.includes(line(text)), text);
  });
});

describe("the author's comments", () => {
  it("are completed with the categories", async () => {
    const document = await show(`${policy}\n<!-- ingrain:\nThe desk closes at five.\n`);
    const at = document.positionAt(document.getText().indexOf("<!-- ingrain:") + 13);
    const words = ["factual", "behavioral", "simple-conditional", "complex-conditional"];
    const suggested = async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        document.uri,
        at,
        ":",
      );
      const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
      return words.filter((word) => labels.includes(word));
    };
    deepStrictEqual(await soon(suggested), words);
  });

  it("are warned of when they do nothing, until they are mended", async () => {
    const document = await show(
      `${policy}\n<!-- ingrain: behavoral -->\nThe desk closes at five.\n`,
    );
    const warnings = () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ source, code }) => source === "Ingrain" && code === "unknown-category");
    const [warning] = await soon(() => Promise.resolve(warnings()));
    strictEqual(document.getText(warning!.range), "<!-- ingrain: behavoral -->");
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, warning!.range, "<!-- ingrain: behavioral -->");
    await vscode.workspace.applyEdit(edit);
    await soon(() => Promise.resolve(warnings().length === 0 ? [true] : []));
    deepStrictEqual(warnings(), []);
  });
});

describe("the Statements view", () => {
  it("groups, and reveals the statement at the cursor", async () => {
    const document = await show(policy);
    await soon(() => lensesOf(document));
    for (const command of [
      "ingrain.groupStatementsByCategory",
      "ingrain.revealStatementInView",
      "ingrain.groupStatementsBySection",
      "ingrain.revealStatementInView",
      "ingrain.clearStatementsFilter",
    ]) {
      await vscode.commands.executeCommand(command);
    }
  });
});
