import { basename, extname } from "node:path";
import * as vscode from "vscode";
import { comparisonScheme } from "../contributions.ts";
import type { ActivePolicy } from "../editor/active-policy.ts";
import type { Logger } from "../editor/logger.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { requirePolicySize } from "../policy/decode.ts";
import { diffPolicies } from "../policy/diff.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import type { ModelClassifier } from "../policy/model-classifier.ts";
import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import type { StaleRows } from "../workspace/stale-rows.ts";
import { type ComparisonReport, type DatasetState, renderComparison } from "./comparison-report.ts";
import { GitFile, type GitVersion } from "./git.ts";
import { attempt } from "./reporting.ts";

export interface ComparisonOptions {
  policies: PolicyDocuments;
  active: ActivePolicy;
  /** What of the newest dataset of a policy went stale; undefined when it has none. */
  stale: (policy: vscode.Uri, now: readonly Statement[]) => Promise<StaleRows | undefined>;
  logger: Logger & { show(): void };
}

/** *Compare with Git Version*: a read-only document beside the policy. */
export class Comparisons
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider
{
  readonly #options: ComparisonOptions;
  readonly #shown = new Map<string, { report: ComparisonReport; policy: vscode.Uri }>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables: readonly { dispose(): unknown }[];
  readonly onDidChange = this.#changed.event;

  constructor(options: ComparisonOptions) {
    this.#options = options;
    this.#disposables = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(comparisonScheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: comparisonScheme }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async compareWithGit(): Promise<void> {
    await attempt("The policy was not compared", this.#options.logger, async () => {
      const document = this.#options.active.document;
      if (!document) throw new InputError("No policy is open.", "Open one and try again.");
      if (document.uri.scheme !== "file") {
        throw new InputError("The policy is not a file on a disk, so Git has no versions of it.");
      }
      const file = await GitFile.open(document.uri);
      const version = await chooseVersion(file);
      if (!version) return;
      const { policies } = this.#options;
      const reading = await policies.readRefined(document);
      if (!reading) throw new InputError("The document is no policy any more.");
      const classifier = policies.classifierOf(document);
      const old = await readVersion(await file.show(version), document.uri, classifier);
      const { statements } = reading.parsed;
      const report = renderComparison(
        diffPolicies(old, reading.parsed),
        nameOf(version),
        await this.#dataset(document.uri, statements),
      );
      await this.#show(document.uri, version, report);
    });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const shown = this.#shown.get(uri.toString());
    return shown?.report.text ?? "This comparison is gone. Run Compare with Git Version again.\n";
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const shown = this.#shown.get(document.uri.toString());
    if (!shown || shown.report.text !== document.getText()) return [];
    return shown.report.links.map(({ start, end, line }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const link = new vscode.DocumentLink(range, shown.policy.with({ fragment: `L${line}` }));
      link.tooltip = "Reveal in the policy";
      return link;
    });
  }

  async #dataset(policy: vscode.Uri, now: readonly Statement[]): Promise<DatasetState> {
    try {
      return await this.#options.stale(policy, now);
    } catch (error) {
      const problem = messageOf(error);
      this.#options.logger.warn(problem);
      return { problem };
    }
  }

  async #show(policy: vscode.Uri, version: GitVersion, report: ComparisonReport): Promise<void> {
    const name = basename(policy.fsPath, extname(policy.fsPath));
    const uri = vscode.Uri.from({
      scheme: comparisonScheme,
      path: `/${name} since ${nameOf(version).replaceAll("/", "-")}.md`,
      query: JSON.stringify([policy.toString(), version.ref]),
    });
    this.#shown.set(uri.toString(), { report, policy });
    // The document may be open from before, with an older comparison.
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  }
}

/** The parser is loaded with the first policy, in a bundle of its own. */
async function readVersion(
  shown: string,
  { fsPath }: vscode.Uri,
  classifier: ModelClassifier | undefined,
): Promise<ParsedPolicy> {
  // As VS Code drops it from a document.
  const text = shown.replace(/^\uFEFF/, "");
  requirePolicySize(new TextEncoder().encode(text).byteLength, "The older version");
  const { readPolicy } = await import("../editor/reader.ts");
  return readPolicy(text, basename(fsPath), classifier);
}

function nameOf({ ref, group }: GitVersion): string {
  return group === "commit" ? ref.slice(0, 7) : ref;
}

const groupTitle: Readonly<Record<GitVersion["group"], string>> = {
  head: "Last commit",
  commit: "Commits that changed the policy",
  ref: "Branches and tags",
};

async function chooseVersion(file: GitFile): Promise<GitVersion | undefined> {
  const items: (vscode.QuickPickItem & { version?: GitVersion })[] = [];
  let group: string | undefined;
  for (const version of await file.versions()) {
    if (version.group !== group) {
      items.push({ label: groupTitle[version.group], kind: vscode.QuickPickItemKind.Separator });
    }
    group = version.group;
    items.push({ label: version.label, description: version.description, version });
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: "Compare with which version?",
    matchOnDescription: true,
  });
  return chosen?.version;
}
