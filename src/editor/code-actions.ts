import * as vscode from "vscode";
import type { Edit } from "../policy/blocks.ts";
import type { Classifier } from "../policy/classifier.ts";
import type { Skeleton } from "../policy/rewrites/rewrite.ts";
import type { Statement } from "../policy/statement.ts";
import { statementAt } from "./hint-layout.ts";
import { diagnosticSource, type LintDiagnostics } from "./lint-diagnostics.ts";
import { type PolicyDocuments, policySelector } from "./policy-documents.ts";

const { QuickFix, RefactorRewrite } = vscode.CodeActionKind;

/** What has to be loaded to work out a rewrite; the parser is there already by then. */
const tools = async (classifier: Classifier | undefined) => {
  const [{ trialReader }, rewrites] = await Promise.all([
    import("./reader.ts"),
    import("../policy/rewrites/rewrites.ts"),
  ]);
  return { read: trialReader("policy.md", classifier), ...rewrites };
};

/**
 * Fixes and suppressions for what the linter found, and rewrites of the statement at the cursor.
 * Rewrites are tried on the text before they are offered, so they wait until someone asks.
 */
export class PolicyCodeActions implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #lint: LintDiagnostics;
  readonly #registration: vscode.Disposable;

  constructor(policies: PolicyDocuments, lint: LintDiagnostics) {
    this.#policies = policies;
    this.#lint = lint;
    this.#registration = vscode.languages.registerCodeActionsProvider(policySelector, this, {
      providedCodeActionKinds: [QuickFix, RefactorRewrite],
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics, only, triggerKind }: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    const wanted = (kind: vscode.CodeActionKind) => only === undefined || only.contains(kind);
    const ours = diagnostics.filter(({ source }) => source === diagnosticSource);
    const asked = triggerKind === vscode.CodeActionTriggerKind.Invoke;
    const fixes = wanted(QuickFix) ? ours : [];
    const rewrites = asked && wanted(RefactorRewrite);
    if (fixes.length === 0 && !rewrites) return [];
    const reading = await this.#policies.read(document);
    if (token.isCancellationRequested || reading?.version !== document.version) return [];
    const { statements } = reading.parsed;
    return [
      ...(
        await Promise.all(fixes.map((diagnostic) => this.#fixes(document, statements, diagnostic)))
      ).flat(),
      ...(rewrites ? await this.#rewrites(document, statements, range.start) : []),
    ];
  }

  async #fixes(
    document: vscode.TextDocument,
    statements: readonly Statement[],
    diagnostic: vscode.Diagnostic,
  ): Promise<vscode.CodeAction[]> {
    const finding = this.#lint.findingOf(document, diagnostic);
    if (finding === undefined) return [];
    const text = document.getText();
    const { read, suppressionsOf } = await tools(this.#policies.classifierOf(document));
    const statement = statementAt(statements, finding.start);
    const target = statement && { text, statements, statement };
    const act = (title: string, edits: readonly Edit[], isPreferred = false) => {
      const action = actionOf(document, title, edits, QuickFix);
      action.diagnostics = [diagnostic];
      action.isPreferred = isPreferred;
      return action;
    };
    const suppressions = await suppressionsOf(text, target, finding.rule, read);
    return [
      ...(finding.fix ? [act(finding.fix.title, finding.fix.edits, true)] : []),
      ...suppressions.map(({ title, edits }) => act(title, edits)),
    ];
  }

  async #rewrites(
    document: vscode.TextDocument,
    statements: readonly Statement[],
    position: vscode.Position,
  ): Promise<vscode.CodeAction[]> {
    const statement = statementAt(statements, document.offsetAt(position));
    if (statement === undefined) return [];
    const { read, rewritesOf } = await tools(this.#policies.classifierOf(document));
    const target = { text: document.getText(), statements, statement };
    const { rewrites, skeleton } = await rewritesOf(target, read);
    return [
      ...rewrites.map(({ title, edits }) => actionOf(document, title, edits, RefactorRewrite)),
      ...(skeleton ? [skeletonAction(document, skeleton)] : []),
    ];
  }
}

function actionOf(
  document: vscode.TextDocument,
  title: string,
  edits: readonly Edit[],
  kind: vscode.CodeActionKind,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(
    document.uri,
    edits.map(({ start, end, text }) =>
      vscode.TextEdit.replace(
        new vscode.Range(document.positionAt(start), document.positionAt(end)),
        text,
      ),
    ),
  );
  return action;
}

/** The words to fill in stand selected after it. */
function skeletonAction(
  document: vscode.TextDocument,
  { title, offset, before, placeholder, after }: Skeleton,
): vscode.CodeAction {
  const snippet = new vscode.SnippetString()
    .appendText(before)
    .appendPlaceholder(placeholder)
    .appendText(after);
  const action = new vscode.CodeAction(title, RefactorRewrite);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, [
    vscode.SnippetTextEdit.insert(document.positionAt(offset), snippet),
  ]);
  return action;
}
