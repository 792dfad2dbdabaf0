import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { Statement } from "../policy/statement.ts";
import { layoutHints } from "./hint-layout.ts";
import { describeStatement } from "./hover.ts";
import { type PolicyDocuments, policySelector } from "./policy-documents.ts";

/** What a hint that several statements share says of each of them. */
function describeAll(statements: readonly Statement[]): vscode.MarkdownString {
  const [first, ...others] = statements.map((statement) => describeStatement(statement));
  for (const { value } of others) first!.appendMarkdown(`\n\n---\n\n${value}`);
  return first!;
}

/** The category word at the end of every statement, as an inlay hint. */
export class CategoryHints implements vscode.InlayHintsProvider, vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly onDidChangeInlayHints = this.#changed.event;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#disposables = [
      this.#changed,
      policies.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(Setting.hints)) this.#changed.fire();
      }),
      vscode.languages.registerInlayHintsProvider(policySelector, this),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async provideInlayHints(
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[]> {
    if (!vscode.workspace.getConfiguration().get<boolean>(Setting.hints, true)) return [];
    const reading = await this.#policies.read(document);
    if (token.isCancellationRequested || reading?.version !== document.version) return [];
    return layoutHints(
      reading.parsed.statements,
      document.getText(),
      document.offsetAt(range.start),
      document.offsetAt(range.end),
    ).map(({ offset, word, statements }) => {
      const hint = new vscode.InlayHint(document.positionAt(offset), word);
      hint.paddingLeft = true;
      hint.tooltip = describeAll(statements);
      return hint;
    });
  }
}
