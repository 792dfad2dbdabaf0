import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

async function showPolicy(...paragraphs: string[]): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({
    content: `---\ningrain: policy\n---\n\n${paragraphs.join("\n\n")}\n`,
    language: "markdown",
  });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Our diagnostics, once there are as many as expected or the time is over. */
async function diagnostics(
  { uri }: vscode.TextDocument,
  count: number,
): Promise<vscode.Diagnostic[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Ingrain");
    if (found.length === count || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function actions(
  document: vscode.TextDocument,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    range,
    kind.value,
  );
}

function rangeOf(document: vscode.TextDocument, words: string): vscode.Range {
  const start = document.getText().indexOf(words);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + words.length));
}

describe("lint", () => {
  it("shows findings with a rule, a page and a severity", async () => {
    const document = await showPolicy("Answer promptly.", "See [it](#nowhere).");
    const found = await diagnostics(document, 2);
    deepStrictEqual(
      found.map(({ range, severity }) => [document.getText(range), severity]),
      [
        ["promptly", vscode.DiagnosticSeverity.Information],
        ["#nowhere", vscode.DiagnosticSeverity.Warning],
      ],
    );
    const code = found[0]?.code;
    ok(typeof code === "object");
    strictEqual(code.value, "vague-term");
    ok(code.target.path.endsWith("/media/lint.md"));
    const page = await vscode.workspace.openTextDocument(code.target.with({ fragment: "" }));
    const line = Number(/^L(\d+)$/.exec(code.target.fragment)?.[1]);
    strictEqual(page.lineAt(line - 1).text, "## `vague-term`");
  });

  it("suppresses a finding by a quick fix", async () => {
    const document = await showPolicy("Answer promptly.");
    const [found] = await diagnostics(document, 1);
    ok(found);
    const fixes = await actions(document, found.range, vscode.CodeActionKind.QuickFix);
    const fix = fixes.find(({ title }) => title === "Suppress vague-term for This Statement");
    ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    strictEqual((await diagnostics(document, 0)).length, 0);
    ok(document.getText().includes("<!-- ingrain-disable-next-statement vague-term -->\nAnswer"));
  });

  it("follows the setting at once", async () => {
    const document = await showPolicy("Answer promptly.");
    strictEqual((await diagnostics(document, 1)).length, 1);
    const settings = vscode.workspace.getConfiguration("ingrain");
    await settings.update("lint.enabled", false, vscode.ConfigurationTarget.Global);
    try {
      strictEqual((await diagnostics(document, 0)).length, 0);
    } finally {
      await settings.update("lint.enabled", undefined, vscode.ConfigurationTarget.Global);
    }
    strictEqual((await diagnostics(document, 1)).length, 1);
  });
});

describe("rewrites", () => {
  it("mark the statement at the cursor", async () => {
    const document = await showPolicy("We pay. They ask.");
    const offered = await actions(
      document,
      rangeOf(document, "They"),
      vscode.CodeActionKind.RefactorRewrite,
    );
    const mark = offered.find(({ title }) => title === "Mark as Behavior");
    ok(mark?.edit);
    await vscode.workspace.applyEdit(mark.edit);
    ok(document.getText().includes("We pay. <!-- ingrain: behavioral --> They ask."));
  });

  it("offer to split and to state the other side where they apply", async () => {
    const document = await showPolicy(
      "Greet the caller and ask for the name.",
      "If the parcel is late, refund the fee.",
    );
    const titles = async (words: string) =>
      (
        await actions(document, rangeOf(document, words), vscode.CodeActionKind.RefactorRewrite)
      ).map(({ title }) => title);
    ok((await titles("Greet")).includes('Split at "and"'));
    ok((await titles("If the")).includes("State the Other Side"));
    ok(!(await titles("If the")).includes('Split at "and"'));
  });
});
