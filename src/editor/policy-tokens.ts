import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import { messageOf } from "../policy/errors.ts";
import { tokenizerName } from "../workspace/tokenizer-files.ts";
import type { ActivePolicy } from "./active-policy.ts";
import type { ExactCounter } from "./exact-counter.ts";
import type { Logger } from "./logger.ts";
import { sectionsIn } from "./sections.ts";
import { type TokenCounts, TokenEstimator } from "./token-words.ts";

/**
 * The tokens of the active policy: estimated, or counted exactly with the `tokenizer.json` that the
 * setting names, in a thread that starts with the first exact count.
 */
export class PolicyTokens implements vscode.Disposable {
  readonly #active: ActivePolicy;
  readonly #extensionUri: vscode.Uri;
  readonly #logger: Logger;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly #estimator = new TokenEstimator();
  #counts: TokenCounts | undefined;
  #document: vscode.TextDocument | undefined;
  #counter: Promise<ExactCounter> | undefined;
  #counting = false;
  #stale = false;
  /** The last reason that was logged. */
  #problem = "";
  readonly onDidChange = this.#changed.event;

  constructor(active: ActivePolicy, extensionUri: vscode.Uri, logger: Logger) {
    this.#active = active;
    this.#extensionUri = extensionUri;
    this.#logger = logger;
    this.#disposables = [
      this.#changed,
      active.onDidChange(() => this.#update()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(Setting.tokenizer)) return;
        this.#counts = undefined;
        this.#update();
      }),
      // What the setting may name changes with the trust.
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#update()),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#release();
  }

  /** Undefined while no policy is active. */
  get counts(): TokenCounts | undefined {
    return this.#counts;
  }

  #update(): void {
    const { document, source, outline } = this.#active;
    if (!document || source === undefined) {
      this.#set(document, undefined);
      return;
    }
    const path = tokenizerPath(document.uri);
    const estimate = this.#estimator.estimate(source, outline);
    if (path === undefined) {
      this.#release();
      this.#set(document, estimate);
      return;
    }
    // While it is counted again, the last exact count stands, and so does the reason for none.
    const before = document === this.#document ? this.#counts : undefined;
    const { counter } = before ?? estimate;
    this.#set(document, before && counter.kind === "exact" ? before : { ...estimate, counter });
    void this.#countExactly(path);
  }

  /** One count at a time; what changed meanwhile is counted afterwards. */
  async #countExactly(path: string): Promise<void> {
    if (this.#counting) {
      this.#stale = true;
      return;
    }
    const { document, source, outline } = this.#active;
    if (!document || source === undefined) return;
    const outdated = () =>
      this.#stale || document !== this.#active.document || path !== tokenizerPath(document.uri);
    this.#counting = true;
    try {
      const sections = sectionsIn(outline);
      const counter = await (this.#counter ??= this.#load());
      const texts = [
        source,
        ...sections.map(({ heading, end }) => source.slice(heading.start, end)),
      ];
      const [total = 0, ...counts] = await counter.count(path, texts);
      if (outdated()) return;
      this.#set(document, {
        counter: { kind: "exact", name: tokenizerName(path), path },
        total,
        sections: new Map(sections.map(({ id }, i) => [id, counts[i] ?? 0])),
      });
    } catch (error) {
      if (outdated()) return;
      const problem = messageOf(error);
      if (problem !== this.#problem) this.#logger.warn(`Tokens are estimated: ${problem}`);
      this.#problem = problem;
      this.#set(document, {
        ...this.#estimator.estimate(source, outline),
        counter: { kind: "estimate", problem },
      });
    } finally {
      this.#counting = false;
      if (this.#stale) {
        this.#stale = false;
        this.#update();
      }
    }
  }

  /** Lets go of the thread, with its vocabulary. */
  #release(): void {
    void this.#counter?.then((counter) => counter.dispose());
    this.#counter = undefined;
  }

  async #load(): Promise<ExactCounter> {
    const { ExactCounter } = await import("./exact-counter.ts");
    const program = vscode.Uri.joinPath(this.#extensionUri, "dist", "token-worker.js");
    return new ExactCounter(program.fsPath);
  }

  #set(document: vscode.TextDocument | undefined, counts: TokenCounts | undefined): void {
    this.#document = document;
    this.#counts = counts;
    this.#changed.fire();
  }
}

/** What the setting names: an absolute path, or one in the workspace folder of the policy. */
function tokenizerPath(policy: vscode.Uri): string | undefined {
  const named = vscode.workspace
    .getConfiguration(undefined, policy)
    .get<string>(Setting.tokenizer, "")
    .trim();
  if (named === "" || isAbsolute(named)) return named || undefined;
  const folder =
    vscode.workspace.getWorkspaceFolder(policy) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === "file" ? join(folder.uri.fsPath, named) : named;
}
