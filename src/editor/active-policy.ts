import * as vscode from "vscode";
import { comparisonScheme, ContextKey } from "../contributions.ts";
import type { Statement } from "../policy/statement.ts";
import type { PolicyDocuments, PolicyReading } from "./policy-documents.ts";
import { type Outline, outlineOf } from "./sections.ts";

/**
 * The policy that commands and the Statements view mean: the one in the active editor or, while a
 * panel or a view has the focus, the one shown last.
 */
export class ActivePolicy implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly onDidChange = this.#changed.event;
  #document: vscode.TextDocument | undefined;
  #reading: PolicyReading | undefined;
  #source: string | undefined;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#disposables = [
      this.#changed,
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor && !isComparison(editor.document)) void this.follow(editor.document);
      }),
      policies.onDidSettle((document) => {
        const shown = vscode.window.activeTextEditor?.document;
        if (document === shown || document === this.#document) void this.follow(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.#document) this.#set(undefined, undefined);
      }),
    ];
    const editor = vscode.window.activeTextEditor;
    if (editor) void this.follow(editor.document);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  get document(): vscode.TextDocument | undefined {
    return this.#document;
  }

  get reading(): PolicyReading | undefined {
    return this.#reading;
  }

  /** The text that the reading is of; the document may be ahead of it while someone types. */
  get source(): string | undefined {
    return this.#source;
  }

  /** The reading by its headings. */
  get outline(): Outline {
    return outlineOf(this.#source ?? "", this.#reading?.parsed.statements ?? nothing);
  }

  /** Makes a document the active policy, if it is one and no other has the editor. */
  async follow(document: vscode.TextDocument): Promise<void> {
    const reading = await this.#policies.read(document);
    const active = vscode.window.activeTextEditor?.document;
    if (active && active !== document && !isComparison(active)) return;
    // A newer text has its own event.
    if (reading && reading.version !== document.version) return;
    if (reading) this.#set(document, reading);
    else this.#set(undefined, undefined);
  }

  #set(document: vscode.TextDocument | undefined, reading: PolicyReading | undefined): void {
    this.#document = document;
    this.#reading = reading;
    this.#source = document?.getText();
    const byCommand = document !== undefined && this.#policies.isTreated(document.uri);
    const language = vscode.window.activeTextEditor?.document.languageId;
    setContext(ContextKey.markdownActive, language === "markdown");
    setContext(ContextKey.policyActive, document !== undefined);
    setContext(ContextKey.policyByCommand, byCommand);
    this.#changed.fire();
  }
}

/** A comparison tells of a policy, as a panel does: that policy stays the active one. */
function isComparison({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === comparisonScheme;
}

const nothing: readonly Statement[] = [];

function setContext(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
