import * as vscode from "vscode";
import { Color, Setting } from "../contributions.ts";
import type { Category } from "../policy/statement.ts";
import { barColumn } from "./hint-layout.ts";
import type { PolicyDocuments } from "./policy-documents.ts";

/** A thin bar in the category's colour before every statement, and its mark in the ruler. */
export class CategoryBars implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #types: Readonly<Record<Category, vscode.TextEditorDecorationType>>;
  readonly #disposables: vscode.Disposable[];

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#types = {
      factual: barType("factual"),
      behavioral: barType("behavioral"),
      "simple-conditional": barType("simple-conditional"),
      "complex-conditional": barType("complex-conditional"),
    };
    this.#disposables = [
      ...Object.values(this.#types),
      policies.onDidChange((document) => this.#drawOn(editorsOf(document))),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#drawOn(editors)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(Setting.bars))
          this.#drawOn(vscode.window.visibleTextEditors);
      }),
    ];
    this.#drawOn(vscode.window.visibleTextEditors);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #drawOn(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) void this.#draw(editor);
  }

  async #draw(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const enabled = vscode.workspace.getConfiguration().get<boolean>(Setting.bars, true);
    const reading = enabled ? await this.#policies.read(document) : undefined;
    if (reading && reading.version !== document.version) return;
    for (const [category, type] of Object.entries(this.#types)) {
      const ranges = (reading?.parsed.statements ?? [])
        .filter((statement) => statement.category === category)
        .map(({ start, end }) => barRange(document, start, end));
      editor.setDecorations(type, ranges);
    }
  }
}

function editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
}

/** The statement with what stands before it on its line, so that the bar stands free of letters. */
function barRange(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  const first = document.positionAt(start);
  const before = document.lineAt(first.line).text.slice(0, first.character);
  return new vscode.Range(first.with({ character: barColumn(before) }), document.positionAt(end));
}

function barType(category: Category): vscode.TextEditorDecorationType {
  const color = new vscode.ThemeColor(Color[category]);
  return vscode.window.createTextEditorDecorationType({
    borderColor: color,
    borderStyle: "solid",
    borderWidth: "0 0 0 2px",
    overviewRulerColor: color,
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
