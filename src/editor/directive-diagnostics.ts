import * as vscode from "vscode";
import type { PolicyDocuments } from "./policy-documents.ts";

/** Warns of comments to Ingrain that do nothing. */
export class DirectiveDiagnostics implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection("ingrain-directives");
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#disposables = [
      this.#diagnostics,
      policies.onDidSettle((document) => void this.#check(document)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#checkIn(editors)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#diagnostics.delete(uri)),
    ];
    this.#checkIn(vscode.window.visibleTextEditors);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #checkIn(editors: readonly vscode.TextEditor[]): void {
    for (const { document } of editors) {
      if (!this.#diagnostics.has(document.uri)) void this.#check(document);
    }
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const reading = await this.#policies.read(document);
    if (!reading) {
      this.#diagnostics.delete(document.uri);
      return;
    }
    // The bundle of the reader has the parser, which a doubtful comment needs.
    const { checkDirectives } = await import("./reader.ts");
    if (document.isClosed || reading.version !== document.version) return;
    const problems = checkDirectives(document.getText(), reading.parsed.statements);
    this.#diagnostics.set(
      document.uri,
      problems.map(({ kind, message, start, end }) => {
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
        diagnostic.source = "Ingrain";
        diagnostic.code = kind;
        return diagnostic;
      }),
    );
  }
}
