import * as vscode from "vscode";
import type { ParsedPolicy } from "../policy/statement.ts";
import { Setting } from "../contributions.ts";
import type { Logger } from "./logger.ts";
import { matchesPolicyGlobs, mayBeMarked } from "./policy-files.ts";

/** Where policies may live: not in the old side of a diff, nor in an output channel. */
export const policySelector: vscode.DocumentSelector = ["file", "untitled", "vscode-vfs"].map(
  (scheme) => ({ scheme, language: "markdown" }),
);

/** A policy as it stands in one version of a document. */
export interface PolicyReading {
  version: number;
  parsed: ParsedPolicy;
}

interface Entry {
  version: number;
  reading: Promise<PolicyReading | undefined>;
}

/**
 * How long typing rests before the policy is parsed again, in milliseconds; longer for policies
 * that take long.
 */
const minRestMs = 150;
const treatedKey = "treatedAsPolicy";

/**
 * Which open Markdown documents are policies, and what they say. Parsed lazily, once per document
 * version, and never while the user types on.
 */
export class PolicyDocuments implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();
  /** What each open document said last, even while its newest version is not read yet. */
  readonly #last = new Map<string, ParsedPolicy>();
  readonly #warnings = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  #restMs = minRestMs;
  readonly #disposables: { dispose(): unknown }[] = [this.#changed];
  /** Fires when a document has a new reading, and when it became or ceased to be a policy. */
  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento, logger: Logger) {
    this.#memento = memento;
    this.#logger = logger;
    this.#disposables.push(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#refresh(document);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => this.#refresh(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#entries.delete(uri.toString());
        this.#last.delete(uri.toString());
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(Setting.policies)) this.#forget();
      }),
    );
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** The policy that the document holds now, or undefined when it is none. */
  read(document: vscode.TextDocument): Promise<PolicyReading | undefined> {
    if (vscode.languages.match(policySelector, document) === 0) return Promise.resolve(undefined);
    const key = document.uri.toString();
    const known = this.#entries.get(key);
    if (known?.version === document.version) return known.reading;
    const rest = known ? this.#restMs : 0;
    const reading = this.#readAfter(rest, document, document.version);
    this.#entries.set(key, { version: document.version, reading });
    return reading;
  }

  /** Whether the user called it a policy by command. */
  isTreated(uri: vscode.Uri): boolean {
    return this.#treated().includes(uri.toString());
  }

  /** Remembers for this workspace that the file is a policy, or that it is none after all. */
  async treat(document: vscode.TextDocument, asPolicy: boolean): Promise<void> {
    const uri = document.uri.toString();
    const others = this.#treated().filter((treated) => treated !== uri);
    await this.#memento.update(treatedKey, asPolicy ? [...others, uri] : others);
    this.#entries.delete(uri);
    this.#refresh(document);
  }

  #treated(): string[] {
    return this.#memento.get<string[]>(treatedKey, []);
  }

  #forget(): void {
    this.#entries.clear();
    for (const document of vscode.workspace.textDocuments) this.#refresh(document);
  }

  #refresh(document: vscode.TextDocument): void {
    if (vscode.languages.match(policySelector, document) === 0) return;
    const { version } = document;
    void this.read(document).then(() => {
      if (document.version === version && !document.isClosed) this.#changed.fire(document);
    });
  }

  async #readAfter(
    rest: number,
    document: vscode.TextDocument,
    version: number,
  ): Promise<PolicyReading | undefined> {
    await new Promise((resolve) => setTimeout(resolve, rest));
    if (document.isClosed) return undefined;
    if (document.version !== version) return this.read(document);
    const text = document.getText();
    const named = this.#isNamed(document.uri);
    if (!named && !mayBeMarked(text)) return undefined;
    try {
      const { readPolicy } = await import("./reader.ts");
      const started = performance.now();
      const key = document.uri.toString();
      const path = vscode.workspace.asRelativePath(document.uri);
      const parsed = readPolicy(text, path, named, this.#last.get(key));
      if (!parsed) return undefined;
      this.#last.set(key, parsed);
      const ms = Math.round(performance.now() - started);
      this.#restMs = Math.max(minRestMs, 3 * ms);
      this.#logger.debug(
        `Parsed ${parsed.policy.path}: ${parsed.statements.length} statements in ${ms} ms`,
      );
      return { version, parsed };
    } catch (error) {
      this.#warn(document, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Once a document and reason: every version would say the same. */
  #warn({ uri }: vscode.TextDocument, reason: string): void {
    const line = `${uri.fsPath} was not read as a policy: ${reason}`;
    if (this.#warnings.get(uri.toString()) === line) return;
    this.#warnings.set(uri.toString(), line);
    this.#logger.warn(line);
  }

  #isNamed(uri: vscode.Uri): boolean {
    if (this.isTreated(uri)) return true;
    const globs = vscode.workspace
      .getConfiguration(undefined, uri)
      .get<string[]>(Setting.policies, []);
    return matchesPolicyGlobs(globs, vscode.workspace.asRelativePath(uri, false));
  }
}
