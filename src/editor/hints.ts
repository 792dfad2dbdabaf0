import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { Statement } from "../policy/statement.ts";
import { type Hint, layoutHints } from "./hint-layout.ts";
import { describeStatement } from "./hover.ts";
import { type PolicyDocuments, policySelector } from "./policy-documents.ts";

/** A hint that knows what it tells of, so that only the one under the mouse is described. */
class CategoryHint extends vscode.InlayHint {
  readonly statements: readonly Statement[];
  readonly uri: vscode.Uri;

  constructor(document: vscode.TextDocument, { offset, word, statements }: Hint) {
    super(document.positionAt(offset), word);
    this.paddingLeft = true;
    this.statements = statements;
    this.uri = document.uri;
  }
}

/** The category word at the end of every statement, as an inlay hint. */
export class CategoryHints implements vscode.InlayHintsProvider<CategoryHint>, vscode.Disposable {
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
  ): Promise<CategoryHint[]> {
    if (!vscode.workspace.getConfiguration().get<boolean>(Setting.hints, true)) return [];
    const reading = await this.#policies.read(document);
    if (token.isCancellationRequested || reading?.version !== document.version) return [];
    return layoutHints(
      reading.parsed.statements,
      document.getText(),
      document.offsetAt(range.start),
      document.offsetAt(range.end),
    ).map((hint) => new CategoryHint(document, hint));
  }

  /** Says of each of the statements that share a hint what its hover says. */
  resolveInlayHint(hint: CategoryHint): CategoryHint {
    const [first, ...others] = hint.statements.map((each) => describeStatement(each, hint.uri));
    for (const { value } of others) first!.appendMarkdown(`\n\n---\n\n${value}`);
    hint.tooltip = first!;
    return hint;
  }
}
