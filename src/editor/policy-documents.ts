import * as vscode from "vscode";
import type { Edit } from "../policy/blocks.ts";
import { messageOf } from "../policy/errors.ts";
import type { CategoryModel, ModelClassifier } from "../policy/model-classifier.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import { Setting } from "../contributions.ts";
import type { LivePolicy } from "./live-policy.ts";
import type { Logger } from "./logger.ts";
import { matchesPolicyGlobs, mayBeMarked } from "./policy-files.ts";
import { TurnsEmitter } from "./turns.ts";

/** Where policies may live: not in the old side of a diff, nor in an output channel. */
export const policySelector: vscode.DocumentSelector = ["file", "untitled", "vscode-vfs"].map(
  (scheme) => ({ scheme, language: "markdown" }),
);

/** A policy as it stands in one version of a document. */
export interface PolicyReading {
  version: number;
  parsed: ParsedPolicy;
}

type Reading = Promise<PolicyReading | undefined>;

/** What is known of an open document. */
interface Entry {
  /** The newest reading, and the version that it is of. */
  reading?: Reading;
  version: number;
  /** While it is a policy. */
  live?: LivePolicy | undefined;
  /** What it said last, even while its newest version is not read yet. */
  last?: ParsedPolicy;
  resting?: NodeJS.Timeout;
}

/** How long typing rests until what need not follow every letter is looked at, in milliseconds. */
const restMs = 200;
const treatedKey = "treatedAsPolicy";

/**
 * Which open Markdown documents are policies, and what they say. A policy is read when it is first
 * looked at, and then with every edit.
 */
export class PolicyDocuments implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #extensionUri: vscode.Uri;
  readonly #logger: Logger;
  /** Made with the first policy. */
  #model: (CategoryModel & { dispose(): void }) | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #warnings = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #settled = new TurnsEmitter<vscode.TextDocument>();
  readonly #disposables: readonly { dispose(): unknown }[];
  /**
   * Fires when a document has a new reading, and when it became or ceased to be a policy: with
   * every letter that is typed.
   */
  readonly onDidChange = this.#changed.event;
  /** Fires after `onDidChange`, once nobody has typed for a moment. */
  readonly onDidSettle = this.#settled.event;

  constructor(memento: vscode.Memento, extensionUri: vscode.Uri, logger: Logger) {
    this.#memento = memento;
    this.#extensionUri = extensionUri;
    this.#logger = logger;
    this.#disposables = [
      this.#changed,
      this.#settled,
      vscode.workspace.onDidChangeTextDocument((event) => this.#follow(event)),
      vscode.workspace.onDidOpenTextDocument((document) => this.#refresh(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        clearTimeout(this.#entries.get(uri.toString())?.resting);
        this.#entries.delete(uri.toString());
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const model = event.affectsConfiguration(Setting.readingModel);
        if (!model && !event.affectsConfiguration(Setting.policies)) return;
        // What the model said is forgotten with what was read.
        if (model) for (const entry of this.#entries.values()) entry.live = undefined;
        for (const document of vscode.workspace.textDocuments) this.#refresh(document);
      }),
    ];
  }

  dispose(): void {
    for (const { resting } of this.#entries.values()) clearTimeout(resting);
    this.#model?.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** The folder with the network that tells categories. */
  get categories(): string {
    return vscode.Uri.joinPath(this.#extensionUri, "media", "categories").fsPath;
  }

  /** The policy that the document holds now, or undefined when it is none. */
  read(document: vscode.TextDocument): Reading {
    if (!isMarkdown(document) || document.isClosed) return Promise.resolve(undefined);
    const { reading, version } = this.#entryOf(document);
    if (reading !== undefined && version === document.version) return reading;
    return this.#enter(document, this.#look(document));
  }

  /** The policy that the document holds now, once the model has said what it has to say of it. */
  async readRefined(document: vscode.TextDocument): Reading {
    const reading = await this.read(document);
    const entry = this.#entryOf(document);
    if (reading === undefined || !entry.live?.isRefinable) return reading;
    await this.#refine(document, entry, entry.live);
    return this.read(document);
  }

  /** What decides the categories of a policy that was read; undefined for rules alone. */
  classifierOf({ uri }: vscode.TextDocument): ModelClassifier | undefined {
    return this.#entries.get(uri.toString())?.live?.classifier;
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
    this.#refresh(document);
  }

  #treated(): string[] {
    return this.#memento.get<string[]>(treatedKey, []);
  }

  /** Reads a document whatever is known of it. */
  #refresh(document: vscode.TextDocument): void {
    if (!isMarkdown(document) || document.isClosed) return;
    this.#announce(document, this.#enter(document, this.#look(document)), 0);
  }

  /** A policy is read with each edit; a document that is none is looked at when typing rests. */
  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || !isMarkdown(document)) return;
    if (this.#entryOf(document).live === undefined) {
      this.#announce(document, this.#enter(document, this.#lookLater(document)), 0);
      return;
    }
    // Each change is given as the one before it leaves the text.
    const edits = contentChanges.map(({ rangeOffset: start, rangeLength, text }) => ({
      start,
      end: start + rangeLength,
      text,
    }));
    this.#announce(document, this.#enter(document, this.#look(document, edits)), restMs);
  }

  #entryOf({ uri }: vscode.TextDocument): Entry {
    const key = uri.toString();
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { version: 0 };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #enter(document: vscode.TextDocument, reading: Reading): Reading {
    Object.assign(this.#entryOf(document), { reading, version: document.version });
    return reading;
  }

  #announce(document: vscode.TextDocument, reading: Reading, rest: number): void {
    const { version } = document;
    const entry = this.#entryOf(document);
    clearTimeout(entry.resting);
    const isCurrent = () => document.version === version && !document.isClosed;
    void reading.then(() => {
      if (!isCurrent()) return;
      this.#changed.fire(document);
      entry.resting = setTimeout(() => {
        void this.#settled.fire(document, isCurrent);
      }, rest);
      if (entry.live?.isRefinable) void this.#refine(document, entry, entry.live);
    });
  }

  /** Lets the model decide the categories that the rules are not sure of, and tells when it did. */
  async #refine(document: vscode.TextDocument, entry: Entry, live: LivePolicy): Promise<void> {
    const { version } = document;
    try {
      const parsed = await live.refine();
      if (parsed === undefined || live !== entry.live || document.version !== version) return;
      entry.last = parsed;
      this.#announce(document, this.#enter(document, Promise.resolve({ version, parsed })), restMs);
    } catch (error) {
      this.#warn(document, `its categories are by rules alone: ${messageOf(error)}`);
    }
  }

  async #lookLater(document: vscode.TextDocument): Reading {
    const { version } = document;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    if (document.isClosed) return undefined;
    return document.version === version ? this.#look(document) : this.read(document);
  }

  /** @param edits since the last look at it. */
  async #look(document: vscode.TextDocument, edits: readonly Edit[] = []): Reading {
    const { version } = document;
    const entry = this.#entryOf(document);
    const text = document.getText();
    const path = vscode.workspace.asRelativePath(document.uri);
    const named = this.#isNamed(document.uri);
    try {
      const reader = named || mayBeMarked(text) ? await import("./reader.ts") : undefined;
      if (!reader?.isPolicy(text, path, named)) {
        entry.live = undefined;
        return undefined;
      }
      if (entry.live === undefined) {
        // The parser was loaded meanwhile, and somebody typed.
        if (document.version !== version) return await this.read(document);
        const model = this.usesModel(document.uri)
          ? (this.#model ??= reader.categoryModel(this.#extensionUri.fsPath, this.categories))
          : undefined;
        entry.live = new reader.LivePolicy({
          path,
          previous: entry.last,
          model,
          logger: this.#logger,
        });
      }
      const parsed = await entry.live.update(text, edits);
      if (parsed === undefined) return await this.read(document);
      entry.last = parsed;
      return { version, parsed };
    } catch (error) {
      entry.live = undefined;
      this.#warn(document, `it was not read as a policy: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Once a document and reason: every version would say the same. */
  #warn({ uri }: vscode.TextDocument, reason: string): void {
    const line = `${uri.fsPath}: ${reason}`;
    if (this.#warnings.get(uri.toString()) === line) return;
    this.#warnings.set(uri.toString(), line);
    this.#logger.warn(line);
  }

  /** Whether the settings let the network decide categories. */
  usesModel(uri: vscode.Uri): boolean {
    return vscode.workspace.getConfiguration(undefined, uri).get(Setting.readingModel, true);
  }

  #isNamed(uri: vscode.Uri): boolean {
    if (this.isTreated(uri)) return true;
    const globs = vscode.workspace
      .getConfiguration(undefined, uri)
      .get<string[]>(Setting.policies, []);
    return matchesPolicyGlobs(globs, vscode.workspace.asRelativePath(uri, false));
  }
}

function isMarkdown(document: vscode.TextDocument): boolean {
  return vscode.languages.match(policySelector, document) > 0;
}
