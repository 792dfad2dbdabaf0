import * as vscode from "vscode";
import { uncovered } from "../synthesis/uncovered.ts";
import type { ResultsSource } from "./lenses.ts";
import { diagnosticSource } from "./lint-diagnostics.ts";
import type { PolicyDocuments } from "./policy-documents.ts";

/**
 * Tells in the policy which statements the newest dataset leaves out, and why. Loaded with the
 * desk: where there is no dataset there is nothing to tell.
 */
export class CoverageDiagnostics implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #source: ResultsSource;
  readonly #collection = vscode.languages.createDiagnosticCollection("ingrain-coverage");
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(policies: PolicyDocuments, source: ResultsSource) {
    this.#policies = policies;
    this.#source = source;
    this.#disposables = [
      this.#collection,
      policies.onDidSettle((document) => void this.#refresh(document)),
      source.onDidChange(() => this.#refreshAll()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)),
    ];
    this.#refreshAll();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #refreshAll(): void {
    for (const document of vscode.workspace.textDocuments) void this.#refresh(document);
  }

  async #refresh(document: vscode.TextDocument): Promise<void> {
    const reading = await this.#policies.read(document);
    const { manifest } = reading ? await this.#source.results(document.uri) : {};
    if (!reading || !manifest) {
      this.#collection.delete(document.uri);
      return;
    }
    if (document.isClosed || document.version !== reading.version) return;
    this.#collection.set(
      document.uri,
      uncovered(manifest, reading.parsed.statements).map(({ statement, requirement, message }) => {
        const { start, end } = statement;
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        const severity = vscode.DiagnosticSeverity.Information;
        const diagnostic = new vscode.Diagnostic(range, message, severity);
        diagnostic.source = diagnosticSource;
        diagnostic.code = requirement === "rows" ? "no-rows" : "not-covered";
        return diagnostic;
      }),
    );
  }
}
