import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { Statement } from "../policy/statement.ts";
import type { ScoreBoard } from "../workspace/statement-scores.ts";
import type { PolicyDocuments } from "./policy-documents.ts";

/** Who knows what runs say of a policy; the desk does, once it is loaded. */
export interface ScoreSource {
  /** Fires when another run counts, or none. */
  readonly onDidChange: vscode.Event<void>;
  /** What the run that counts says of a policy's statements; undefined where there is none. */
  board(policy: vscode.Uri, now: readonly Statement[]): Promise<ScoreBoard | undefined>;
}

/**
 * What the run that counts says of each statement of the open policies. It is worked out when typing
 * rests and when a run comes or goes, and kept: hints that are drawn with every letter only look it
 * up.
 */
export class StatementScores implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #boards = new Map<string, ScoreBoard>();
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #disposables: { dispose(): unknown }[];
  #source: ScoreSource | undefined;
  /** Fires when there is another board for a document, or none any more. */
  readonly onDidChange = this.#changed.event;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#disposables = [
      this.#changed,
      policies.onDidSettle((document) => void this.#refresh(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#boards.delete(uri.toString())),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(Setting.results)) this.#refreshAll();
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** From now on there are scores. */
  addSource(source: ScoreSource): void {
    this.#source = source;
    this.#disposables.push(source.onDidChange(() => this.#refreshAll()));
    this.#refreshAll();
  }

  /** What is known now; nothing is read for it. */
  of({ uri }: Pick<vscode.TextDocument, "uri">): ScoreBoard | undefined {
    return this.#boards.get(uri.toString());
  }

  #refreshAll(): void {
    for (const document of vscode.workspace.textDocuments) void this.#refresh(document);
  }

  async #refresh(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const board = await this.#work(document);
    if (document.isClosed || board === this.#boards.get(key)) return;
    if (board) this.#boards.set(key, board);
    else this.#boards.delete(key);
    this.#changed.fire(document);
  }

  async #work(document: vscode.TextDocument): Promise<ScoreBoard | undefined> {
    const enabled = vscode.workspace
      .getConfiguration(undefined, document)
      .get<boolean>(Setting.results, true);
    if (!enabled || !this.#source) return undefined;
    // As the run's dataset was read: before the network has spoken, categories would seem others.
    const reading = await this.#policies.readRefined(document);
    return reading && this.#source.board(document.uri, reading.parsed.statements);
  }
}
