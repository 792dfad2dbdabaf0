import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { Statement } from "../policy/statement.ts";
import { type Hint, layoutHints } from "./hint-layout.ts";
import { describeStatement } from "./hover.ts";
import { scoreMark, scoreOf } from "./score-words.ts";
import type { StatementScores } from "./scores.ts";
import { type PolicyDocuments, policySelector } from "./policy-documents.ts";

/** A hint that knows what it tells of, so that only the one under the mouse is described. */
class CategoryHint extends vscode.InlayHint {
  readonly statements: readonly Statement[];
  readonly uri: vscode.Uri;

  /** @param marks what a run says of the statements; none where there is no run. */
  constructor(document: vscode.TextDocument, { offset, word, statements }: Hint, marks: string) {
    const parts = [word, ...(marks === "" ? [] : [`  ${marks}`])];
    super(
      document.positionAt(offset),
      parts.map((part) => new vscode.InlayHintLabelPart(part)),
    );
    this.paddingLeft = true;
    this.statements = statements;
    this.uri = document.uri;
  }
}

/** The category word at the end of every statement, and what a run says of it, as an inlay hint. */
export class CategoryHints implements vscode.InlayHintsProvider<CategoryHint>, vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #scores: StatementScores;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly onDidChangeInlayHints = this.#changed.event;

  constructor(policies: PolicyDocuments, scores: StatementScores) {
    this.#policies = policies;
    this.#scores = scores;
    this.#disposables = [
      this.#changed,
      policies.onDidChange(() => this.#changed.fire()),
      scores.onDidChange(() => this.#changed.fire()),
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
    const board = this.#scores.of(document);
    return layoutHints(
      reading.parsed.statements,
      document.getText(),
      document.offsetAt(range.start),
      document.offsetAt(range.end),
    ).map((hint) => {
      const scores = hint.statements.flatMap((statement) => scoreOf(board, statement) ?? []);
      return new CategoryHint(document, hint, scores.map(scoreMark).join(", "));
    });
  }

  /** Says of each of the statements that share a hint what its hover says. */
  resolveInlayHint(hint: CategoryHint): CategoryHint {
    const board = this.#scores.of(hint);
    const [first, ...others] = hint.statements.map((each) =>
      describeStatement(each, { uri: hint.uri, board }),
    );
    for (const { value } of others) first!.appendMarkdown(`\n\n---\n\n${value}`);
    hint.tooltip = first!;
    return hint;
  }
}
