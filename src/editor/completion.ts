import * as vscode from "vscode";
import type { ActivePolicy } from "./active-policy.ts";
import { suggestionsAt } from "./suggestions.ts";
import { policySelector } from "./policy-documents.ts";

/** Completes the author's comments, and the line of the front matter that marks a policy. */
export class PolicyCompletion implements vscode.CompletionItemProvider, vscode.Disposable {
  readonly #active: ActivePolicy;
  readonly #registration: vscode.Disposable;

  constructor(active: ActivePolicy) {
    this.#active = active;
    this.#registration = vscode.languages.registerCompletionItemProvider(
      policySelector,
      this,
      "<",
      "-",
      ":",
    );
  }

  dispose(): void {
    this.#registration.dispose();
  }

  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.CompletionItem[] {
    const isPolicy = this.#active.document === document;
    return suggestionsAt(document.getText(), document.offsetAt(position), isPolicy).map(
      ({ label, text, detail, start, end }, i) => {
        const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.EnumMember);
        item.range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        item.insertText = text;
        item.detail = detail;
        item.sortText = String(i);
        return item;
      },
    );
  }
}
