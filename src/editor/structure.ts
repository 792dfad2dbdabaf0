import * as vscode from "vscode";
import type { Category, Statement } from "../policy/statement.ts";
import { categoryWord } from "../protocol/words.ts";
import { foldsOf } from "./fold-layout.ts";
import { type PolicyDocuments, policySelector, type PolicyReading } from "./policy-documents.ts";
import { outlineOf, type Outline, type Section } from "./sections.ts";

/** The kinds give a statement its icon in the outline and the breadcrumbs. */
const symbolKind: Readonly<Record<Category, vscode.SymbolKind>> = {
  factual: vscode.SymbolKind.Constant,
  behavioral: vscode.SymbolKind.Method,
  "simple-conditional": vscode.SymbolKind.Boolean,
  "complex-conditional": vscode.SymbolKind.Enum,
};

/** A policy's headings and statements as document symbols, and its branches as folding ranges. */
export class PolicyStructure
  implements vscode.DocumentSymbolProvider, vscode.FoldingRangeProvider, vscode.Disposable
{
  readonly #policies: PolicyDocuments;
  readonly #foldsChanged = new vscode.EventEmitter<void>();
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly onDidChangeFoldingRanges = this.#foldsChanged.event;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    const label = { label: "Ingrain Statements" };
    this.#disposables = [
      this.#foldsChanged,
      policies.onDidSettle(() => this.#foldsChanged.fire()),
      vscode.languages.registerDocumentSymbolProvider(policySelector, this, label),
      vscode.languages.registerFoldingRangeProvider(policySelector, this),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async provideDocumentSymbols(
    document: vscode.TextDocument,
  ): Promise<vscode.DocumentSymbol[] | undefined> {
    const reading = await this.#read(document);
    if (!reading) return undefined;
    const outline = outlineOf(document.getText(), reading.parsed.statements);
    return symbolsBelow(document, outline);
  }

  async provideFoldingRanges(
    document: vscode.TextDocument,
  ): Promise<vscode.FoldingRange[] | undefined> {
    const reading = await this.#read(document);
    if (!reading) return undefined;
    const lines = Array.from({ length: document.lineCount }, (_, i) => document.lineAt(i).text);
    const lineAt = (offset: number) => document.positionAt(offset).line;
    return foldsOf(reading.parsed.statements, lines, lineAt).map(
      ({ first, last }) => new vscode.FoldingRange(first, last),
    );
  }

  /** What the document says as it is now. */
  async #read(document: vscode.TextDocument): Promise<PolicyReading | undefined> {
    const reading = await this.#policies.read(document);
    return reading?.version === document.version ? reading : undefined;
  }
}

function symbolsBelow(
  document: vscode.TextDocument,
  { statements, sections }: Outline,
): vscode.DocumentSymbol[] {
  return [
    ...statements.map((statement) => statementSymbol(document, statement)),
    ...sections.map((section) => sectionSymbol(document, section)),
  ];
}

function sectionSymbol(document: vscode.TextDocument, section: Section): vscode.DocumentSymbol {
  const { title, heading, end } = section;
  const symbol = new vscode.DocumentSymbol(
    // VS Code refuses a symbol without a name.
    title || "(no title)",
    "",
    vscode.SymbolKind.Module,
    rangeOf(document, heading.start, end),
    rangeOf(document, heading.start, heading.end),
  );
  symbol.children = symbolsBelow(document, section);
  return symbol;
}

function statementSymbol(
  document: vscode.TextDocument,
  { text, category, start, end }: Statement,
): vscode.DocumentSymbol {
  const range = rangeOf(document, start, end);
  return new vscode.DocumentSymbol(
    text,
    categoryWord[category],
    symbolKind[category],
    range,
    range,
  );
}

function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
