import { resolve, sep } from "node:path";
import * as vscode from "vscode";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { InputError } from "../policy/errors.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";
import { readManifest } from "../training/dataset-folder.ts";
import { isMissing } from "../training/files.ts";
import { policyFileInside } from "../workspace/datasets.ts";
import { linkStatements, type StatementLink } from "../workspace/statement-links.ts";

/** The policy that a dataset was made from, as it stands now, and where its statements are in it. */
export class SourceView implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #mark = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
    borderColor: new vscode.ThemeColor("editor.findMatchHighlightBorder"),
    borderStyle: "solid",
    borderWidth: "1px",
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.findMatchForeground"),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #subscription: { dispose(): unknown };
  #manifest: DatasetManifest | undefined;
  #document: vscode.TextDocument | undefined;
  #marked: vscode.TextEditor | undefined;
  /** Fires when the policy has other statements, or the dataset another policy. */
  readonly onDidChange = this.#changed.event;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#subscription = policies.onDidSettle((document) => {
      if (document === this.#document) this.#changed.fire();
    });
  }

  dispose(): void {
    this.#changed.dispose();
    this.#mark.dispose();
    this.#subscription.dispose();
  }

  /** Takes up a dataset. Its policy may be gone: then nothing is known of its statements. */
  async follow(folder: string): Promise<void> {
    this.clear();
    this.#document = undefined;
    this.#manifest = await readManifest(folder).catch((error: unknown) => {
      if (error instanceof InputError) return undefined;
      throw error;
    });
    const file = this.#manifest && (await policyOf(folder, this.#manifest));
    if (file !== undefined) this.#document = await vscode.workspace.openTextDocument(file);
    this.#changed.fire();
  }

  /** Where the dataset's statements are now; undefined when the policy cannot be read. */
  async links(): Promise<StatementLink[] | undefined> {
    const [manifest, document] = [this.#manifest, this.#document];
    if (!manifest || !document) return undefined;
    const open = document.isClosed
      ? await vscode.workspace.openTextDocument(document.uri)
      : document;
    this.#document = open;
    // As the dataset was read: before the network has spoken, its rows would seem stale.
    const reading = await this.#policies.readRefined(open);
    return reading && linkStatements(manifest.statements, reading.parsed.statements);
  }

  /**
   * Shows the policy beside the panel with these statements marked, the first of them selected.
   * @param only where the policy is visible already; it is not opened then.
   * @returns why nothing is shown, if it is not.
   */
  async show(ids: readonly string[], only = false): Promise<string | undefined> {
    const links = await this.links();
    const document = this.#document;
    if (!links || !document) return "The policy of this dataset cannot be read.";
    const ranges = ids.flatMap((id) => {
      const now = links.find((link) => link.id === id)?.now;
      if (!now) return [];
      return [new vscode.Range(document.positionAt(now.start), document.positionAt(now.end))];
    });
    const visible = vscode.window.visibleTextEditors.find(
      (editor) => editor.document === document && editor.viewColumn !== undefined,
    );
    if (only && !visible) return undefined;
    if (only && visible && visible !== this.#marked) return undefined;
    this.clear();
    const [first] = ranges;
    if (!first) return "The policy does not have this statement any more.";
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: visible?.viewColumn ?? vscode.ViewColumn.Beside,
      preserveFocus: true,
      selection: first,
    });
    editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    editor.setDecorations(this.#mark, ranges);
    this.#marked = editor;
    return undefined;
  }

  clear(): void {
    this.#marked?.setDecorations(this.#mark, []);
    this.#marked = undefined;
  }
}

/** The policy's file, where it lies inside the folder that holds `.ingrain`. */
async function policyOf(folder: string, manifest: DatasetManifest): Promise<string | undefined> {
  const [root = ""] = resolve(folder).split(`${sep}.ingrain${sep}`);
  try {
    return await policyFileInside(root, manifest.policy.path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
