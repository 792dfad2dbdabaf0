import * as vscode from "vscode";
import { Color, Setting } from "../contributions.ts";
import type { Category, Statement } from "../policy/statement.ts";
import { barColor, barIcon, type ThemeKind } from "./bar-icon.ts";
import { barLines, type LineSpan } from "./hint-layout.ts";
import type { PolicyDocuments } from "./policy-documents.ts";

type Types = Readonly<Record<Category, vscode.TextEditorDecorationType>>;

const colorSetting = "workbench.colorCustomizations";

/**
 * A thin bar in the gutter, in the category's colour, along the lines of every statement, and the
 * statement's mark in the overview ruler.
 */
export class CategoryBars implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #marks: Types = forEachCategory(markType);
  #bars: Types = forEachCategory(barType);
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#disposables = [
      policies.onDidSettle((document) => this.#drawOn(editorsOf(document))),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#drawOn(editors)),
      vscode.window.onDidChangeActiveColorTheme(() => this.#recolor()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(colorSetting)) this.#recolor();
        else if (event.affectsConfiguration(Setting.bars))
          this.#drawOn(vscode.window.visibleTextEditors);
      }),
    ];
    this.#drawOn(vscode.window.visibleTextEditors);
  }

  dispose(): void {
    const types = [...Object.values(this.#bars), ...Object.values(this.#marks)];
    for (const disposable of [...this.#disposables, ...types]) disposable.dispose();
  }

  /** New images in the colours of now; the marks take theirs from the theme. */
  #recolor(): void {
    for (const type of Object.values(this.#bars)) type.dispose();
    this.#bars = forEachCategory(barType);
    this.#drawOn(vscode.window.visibleTextEditors);
  }

  #drawOn(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) void this.#draw(editor);
  }

  async #draw(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const enabled = vscode.workspace.getConfiguration().get<boolean>(Setting.bars, true);
    const reading = enabled ? await this.#policies.read(document) : undefined;
    if (reading && reading.version !== document.version) return;
    const statements = reading?.parsed.statements ?? [];
    const lines = barLines(statements, (offset) => document.positionAt(offset).line);
    // The list of categories lies with the schemas, whose library would be loaded at start-up.
    for (const category of Object.keys(Color) as Category[]) {
      const fits = (of: { category: Category }) => of.category === category;
      const bars = lines.filter(fits).map((span) => rangeOfLines(document, span));
      const marks = statements.filter(fits).map((statement) => rangeOf(document, statement));
      editor.setDecorations(this.#bars[category], bars);
      editor.setDecorations(this.#marks[category], marks);
    }
  }
}

function editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
}

/** To the end of the last line, so that a wrapped line has its bar to the end too. */
function rangeOfLines(document: vscode.TextDocument, { first, last }: LineSpan): vscode.Range {
  return new vscode.Range(first, 0, last, document.lineAt(last).text.length);
}

function rangeOf(document: vscode.TextDocument, { start, end }: Statement): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

function forEachCategory(make: (category: Category) => vscode.TextEditorDecorationType): Types {
  return {
    factual: make("factual"),
    behavioral: make("behavioral"),
    "simple-conditional": make("simple-conditional"),
    "complex-conditional": make("complex-conditional"),
  };
}

const themeKinds: Readonly<Record<vscode.ColorThemeKind, ThemeKind>> = {
  [vscode.ColorThemeKind.Light]: "light",
  [vscode.ColorThemeKind.Dark]: "dark",
  [vscode.ColorThemeKind.HighContrast]: "highContrast",
  [vscode.ColorThemeKind.HighContrastLight]: "highContrastLight",
};

function barType(category: Category): vscode.TextEditorDecorationType {
  // What is set for one theme only is left out: the interface does not tell the theme in use.
  const chosen = vscode.workspace.getConfiguration().get<Record<string, unknown>>(colorSetting, {})[
    Color[category]
  ];
  const color = barColor(category, themeKinds[vscode.window.activeColorTheme.kind], chosen);
  return vscode.window.createTextEditorDecorationType({
    gutterIconPath: vscode.Uri.parse(barIcon(color), true),
    gutterIconSize: "100% 100%",
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

function markType(category: Category): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    overviewRulerColor: new vscode.ThemeColor(Color[category]),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
