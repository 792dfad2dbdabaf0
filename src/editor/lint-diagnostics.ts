import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { Finding } from "../policy/lint/lint.ts";
import type { Logger } from "./logger.ts";
import type { PolicyDocuments, PolicyReading } from "./policy-documents.ts";
import { headingLines } from "./rule-pages.ts";

/** Marks our diagnostics among those of other extensions. */
export const diagnosticSource = "Ingrain";

const severity: Readonly<Record<Finding["severity"], vscode.DiagnosticSeverity>> = {
  hint: vscode.DiagnosticSeverity.Hint,
  information: vscode.DiagnosticSeverity.Information,
  warning: vscode.DiagnosticSeverity.Warning,
  error: vscode.DiagnosticSeverity.Error,
};

interface Linted {
  version: number;
  findings: readonly Finding[];
}

/**
 * What the linter finds in the open policies, as diagnostics. The linter is loaded with the first
 * policy and rests between its rules, so that it never blocks typing.
 */
export class LintDiagnostics implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #pages: vscode.Uri;
  readonly #logger: Logger;
  readonly #collection = vscode.languages.createDiagnosticCollection("ingrain");
  readonly #linted = new Map<string, Linted>();
  /** The run that counts for each document: a later one has newer text or settings. */
  readonly #latest = new Map<string, symbol>();
  readonly #disposables: readonly { dispose(): unknown }[];
  #lines: Promise<ReadonlyMap<string, number>> | undefined;
  #mistakes = "";

  constructor(policies: PolicyDocuments, extensionUri: vscode.Uri, logger: Logger) {
    this.#policies = policies;
    this.#pages = vscode.Uri.joinPath(extensionUri, "media", "lint.md");
    this.#logger = logger;
    this.#disposables = [
      this.#collection,
      policies.onDidSettle((document) => void this.#refresh(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (
          event.affectsConfiguration(Setting.lint) ||
          event.affectsConfiguration(Setting.lintRules)
        )
          this.#refreshAll();
      }),
    ];
    this.#refreshAll();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** The finding that a diagnostic shows; undefined when the document has changed since. */
  findingOf(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): Finding | undefined {
    const linted = this.#linted.get(document.uri.toString());
    if (linted?.version !== document.version) return undefined;
    const { code } = diagnostic;
    const rule = typeof code === "object" ? code.value : code;
    return linted.findings.find(
      (finding) => finding.rule === rule && rangeOf(document, finding).isEqual(diagnostic.range),
    );
  }

  #refreshAll(): void {
    for (const document of vscode.workspace.textDocuments) void this.#refresh(document);
  }

  #forget({ uri }: vscode.TextDocument): void {
    this.#linted.delete(uri.toString());
    this.#latest.delete(uri.toString());
    this.#collection.delete(uri);
  }

  async #refresh(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const run = Symbol(key);
    this.#latest.set(key, run);
    const isCurrent = () => this.#latest.get(key) === run;
    const settings = vscode.workspace.getConfiguration(undefined, document.uri);
    const reading = settings.get<boolean>(Setting.lint, true)
      ? await this.#policies.read(document)
      : undefined;
    if (!isCurrent()) return;
    if (reading === undefined) {
      this.#forget(document);
      return;
    }
    if (reading.version !== document.version) return;
    const rules = settings.get<unknown>(Setting.lintRules);
    const findings = await this.#lint(document, reading, rules, isCurrent);
    const pages = await this.#pageLines();
    if (findings === undefined || !isCurrent() || document.version !== reading.version) return;
    this.#linted.set(key, { version: reading.version, findings });
    this.#collection.set(
      document.uri,
      findings.map((finding) => this.#diagnostic(document, finding, pages)),
    );
  }

  /** Undefined when the document or the settings changed under it: they bring their own run. */
  async #lint(
    document: vscode.TextDocument,
    { version, parsed }: PolicyReading,
    rules: unknown,
    isCurrent: () => boolean,
  ): Promise<readonly Finding[] | undefined> {
    const { beginLinting } = await import("./linter.ts");
    if (document.version !== version) return undefined;
    const { mistakes, steps } = beginLinting(document.getText(), parsed, rules);
    this.#warn(mistakes);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await new Promise((resolve) => setImmediate(resolve));
      if (!isCurrent() || document.version !== version) return undefined;
    }
  }

  #diagnostic(
    document: vscode.TextDocument,
    finding: Finding,
    lines: ReadonlyMap<string, number>,
  ): vscode.Diagnostic {
    const diagnostic = new vscode.Diagnostic(
      rangeOf(document, finding),
      finding.message,
      severity[finding.severity],
    );
    diagnostic.source = diagnosticSource;
    const line = lines.get(finding.rule);
    diagnostic.code = {
      value: finding.rule,
      target: line === undefined ? this.#pages : this.#pages.with({ fragment: `L${line}` }),
    };
    diagnostic.relatedInformation = (finding.related ?? []).map(
      (related) =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(document.uri, rangeOf(document, related)),
          related.message,
        ),
    );
    return diagnostic;
  }

  /** Where each rule's page begins: a link into a file leads to a line, not to a heading. */
  #pageLines(): Promise<ReadonlyMap<string, number>> {
    return (this.#lines ??= Promise.resolve(vscode.workspace.fs.readFile(this.#pages)).then(
      (bytes) => headingLines(new TextDecoder().decode(bytes)),
    ));
  }

  #warn(mistakes: readonly string[]): void {
    const line = mistakes.length === 0 ? "" : `${Setting.lintRules}: ${mistakes.join(" ")}`;
    if (line !== "" && line !== this.#mistakes) this.#logger.warn(line);
    this.#mistakes = line;
  }
}

function rangeOf(
  document: vscode.TextDocument,
  { start, end }: { start: number; end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
