import * as vscode from "vscode";
import { drawMermaid } from "../policy/draw.ts";
import type { Decision, Statement } from "../policy/statement.ts";
import { statementAt } from "./hint-layout.ts";
import type { PolicyDocuments } from "./policy-documents.ts";
import { renderNoTree, renderTree } from "./tree-page.ts";

/** When-clauses of the manifest know the panel by this name. */
const viewType = "ingrainDecisionTree";

/** A place in a document, as a link in a hover carries it. */
export interface Place {
  /** The document's URI. */
  document: string;
  offset: number;
  /** Where the place ends, when it is more than one statement. */
  end?: number;
}

type Conditional = Statement & { decision: Decision };

/**
 * One panel beside the editor with the decision tree of one statement. It follows edits of that
 * statement and the theme. It holds nothing that is not in the document, so it does not come back
 * after a reload.
 */
export class TreePanel implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #subscription: { dispose(): unknown };
  #panel: vscode.WebviewPanel | undefined;
  #shown: { document: vscode.TextDocument; id: string; offset: number } | undefined;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#subscription = policies.onDidSettle((document) => {
      if (document === this.#shown?.document) void this.#render();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#panel?.dispose();
  }

  /** Shows the tree of the statement at a place, by default at the cursor. */
  async show(place?: Place): Promise<void> {
    const found = await this.#find(place);
    if (found === undefined) return;
    this.#shown = {
      document: found.document,
      id: found.statement.id,
      offset: found.statement.start,
    };
    if (this.#panel === undefined) {
      this.#panel = vscode.window.createWebviewPanel(
        viewType,
        "Decision Tree",
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: false, localResourceRoots: [] },
      );
      this.#panel.onDidDispose(() => {
        this.#panel = undefined;
        this.#shown = undefined;
      });
    } else this.#panel.reveal(undefined, true);
    await this.#render();
  }

  /** Copies the tree of the panel in front, or of the statement at the cursor, as Mermaid. */
  async copy(): Promise<void> {
    const statement = this.#panel?.active === true ? await this.#current() : undefined;
    const decision = (statement ?? (await this.#find())?.statement)?.decision;
    if (decision === undefined) return;
    await vscode.env.clipboard.writeText(drawMermaid(decision));
    vscode.window.setStatusBarMessage("Copied the decision tree as Mermaid", 3000);
  }

  async #render(): Promise<void> {
    const statement = await this.#current();
    if (this.#panel === undefined) return;
    const { webview } = this.#panel;
    webview.html =
      statement === undefined
        ? renderNoTree(webview.cspSource)
        : renderTree(statement, webview.cspSource);
  }

  /** The shown statement as it reads now: its id survives edits elsewhere, its place those in it. */
  async #current(): Promise<Conditional | undefined> {
    const shown = this.#shown;
    if (shown === undefined) return undefined;
    const statements = (await this.#policies.read(shown.document))?.parsed.statements ?? [];
    const statement =
      statements.find(({ id }) => id === shown.id) ?? statementAt(statements, shown.offset);
    if (statement === undefined) return undefined;
    shown.id = statement.id;
    shown.offset = statement.start;
    return statement.decision && { ...statement, decision: statement.decision };
  }

  async #find(
    place?: Place,
  ): Promise<{ document: vscode.TextDocument; statement: Conditional } | undefined> {
    const editor = vscode.window.activeTextEditor;
    const document = place
      ? vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === place.document)
      : editor?.document;
    const offset = place?.offset ?? editor?.document.offsetAt(editor.selection.active);
    const reading = document && (await this.#policies.read(document));
    if (document === undefined || offset === undefined || reading === undefined) {
      void vscode.window.showInformationMessage(
        "Open a policy and put the cursor on a conditional statement to see its decision tree.",
      );
      return undefined;
    }
    const statement = statementAt(reading.parsed.statements, offset);
    if (statement?.decision === undefined) {
      void vscode.window.showInformationMessage(
        "There is no decision tree here. Put the cursor on a conditional statement.",
      );
      return undefined;
    }
    return { document, statement: { ...statement, decision: statement.decision } };
  }
}
