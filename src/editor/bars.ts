import * as vscode from "vscode";
import { Color, Setting } from "../contributions.ts";
import type { Category, Statement } from "../policy/statement.ts";
import type { Outcome } from "../workspace/statement-scores.ts";
import { barColor, barIcon, type ThemeKind } from "./bar-icon.ts";
import { barLines, type LineSpan } from "./hint-layout.ts";
import type { PolicyDocuments } from "./policy-documents.ts";
import { outcomesByLine } from "./score-words.ts";
import type { StatementScores } from "./scores.ts";

type Types = Readonly<Record<Category, vscode.TextEditorDecorationType>>;

/** What stands beside a bar; most lines have nothing there. */
type Mark = Outcome | "none";
const marks: readonly Mark[] = ["none", "learned", "missed", "stale"];
type Bars = Readonly<Record<Mark, Types>>;

const colorSetting = "workbench.colorCustomizations";

/**
 * A thin bar in the gutter, in the category's colour, along the lines of every statement, with what a
 * run says of it where it begins, and the statement's mark in the overview ruler.
 */
export class CategoryBars implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #scores: StatementScores;
  readonly #marks: Types = forEachCategory(markType);
  #bars: Bars = barTypes();
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(policies: PolicyDocuments, scores: StatementScores) {
    this.#policies = policies;
    this.#scores = scores;
    this.#disposables = [
      scores.onDidChange((document) => this.#drawOn(editorsOf(document))),
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
    const types = [...typesOf(this.#bars), ...Object.values(this.#marks)];
    for (const disposable of [...this.#disposables, ...types]) disposable.dispose();
  }

  /** New images in the colours of now; the marks take theirs from the theme. */
  #recolor(): void {
    for (const type of typesOf(this.#bars)) type.dispose();
    this.#bars = barTypes();
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
    const lineAt = (offset: number) => document.positionAt(offset).line;
    const outcomes = outcomesByLine(this.#scores.of(document), statements, lineAt);
    const lines = barLines(statements, lineAt).flatMap((span) => marked(span, outcomes));
    // The list of categories lies with the schemas, whose library would be loaded at start-up.
    for (const category of Object.keys(Color) as Category[]) {
      const fits = (of: { category: Category }) => of.category === category;
      for (const mark of marks) {
        const bars = lines.filter((line) => fits(line) && line.mark === mark);
        editor.setDecorations(
          this.#bars[mark][category],
          bars.map((span) => rangeOfLines(document, span)),
        );
      }
      const places = statements.filter(fits).map((statement) => rangeOf(document, statement));
      editor.setDecorations(this.#marks[category], places);
    }
  }
}

function editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
}

/** The line where a statement begins apart from its other lines, where a run says something of it. */
function marked(
  span: LineSpan,
  outcomes: ReadonlyMap<number, Outcome>,
): (LineSpan & { mark: Mark })[] {
  const { first, last } = span;
  const outcome = outcomes.get(first);
  if (outcome === undefined) return [{ ...span, mark: "none" }];
  const others = last > first ? [{ ...span, first: first + 1, mark: "none" } as const] : [];
  return [{ ...span, last: first, mark: outcome }, ...others];
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

function barTypes(): Bars {
  const of = (mark: Mark) => forEachCategory((category) => barType(category, mark));
  return { none: of("none"), learned: of("learned"), missed: of("missed"), stale: of("stale") };
}

function typesOf(bars: Bars): vscode.TextEditorDecorationType[] {
  return Object.values(bars).flatMap((types) => Object.values(types));
}

function barType(category: Category, mark: Mark): vscode.TextEditorDecorationType {
  // What is set for one theme only is left out: the interface does not tell the theme in use.
  const chosen = vscode.workspace.getConfiguration().get<Record<string, unknown>>(colorSetting, {})[
    Color[category]
  ];
  const theme = themeKinds[vscode.window.activeColorTheme.kind];
  const icon = barIcon(
    barColor(category, theme, chosen),
    mark === "none" ? undefined : { outcome: mark, theme },
  );
  return vscode.window.createTextEditorDecorationType({
    gutterIconPath: vscode.Uri.parse(icon, true),
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
