import * as vscode from "vscode";
import { Command, Setting } from "../contributions.ts";
import type { PolicyResults } from "../workspace/policy-results.ts";
import { lensTitle } from "./lens-words.ts";
import { type PolicyDocuments, policySelector } from "./policy-documents.ts";
import { tallyOf } from "./score-words.ts";
import type { StatementScores } from "./scores.ts";
import { outlineOf, type Section, sectionsIn, statementsIn } from "./sections.ts";

/** Who knows the datasets of a policy; the desk does, once it is loaded. */
export interface ResultsSource {
  /** Fires when a dataset comes, goes or changes. */
  readonly onDidChange: vscode.Event<void>;
  results(policy: vscode.Uri): Promise<PolicyResults>;
}

/** A lens that knows what it counts, so that only those on the screen ask for results. */
class SectionLens extends vscode.CodeLens {
  readonly policy: vscode.Uri;
  readonly section: Section;
  /** Leads to the rows, and not to the Statements view. */
  readonly toRows: boolean;

  constructor(document: vscode.TextDocument, section: Section, toRows: boolean) {
    const { start, end } = section.heading;
    super(new vscode.Range(document.positionAt(start), document.positionAt(end)));
    this.policy = document.uri;
    this.section = section;
    this.toRows = toRows;
  }
}

/** The counts above every heading that has statements below it. */
export class SectionLenses implements vscode.CodeLensProvider<SectionLens>, vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #scores: StatementScores;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: { dispose(): unknown }[];
  #source: ResultsSource | undefined;
  /** Policies with a dataset, as far as their lenses were on the screen. */
  readonly #withRows = new Set<string>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(policies: PolicyDocuments, scores: StatementScores) {
    this.#policies = policies;
    this.#scores = scores;
    this.#disposables = [
      this.#changed,
      scores.onDidChange(() => this.#changed.fire()),
      policies.onDidSettle(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(Setting.lenses)) this.#changed.fire();
      }),
      vscode.languages.registerCodeLensProvider(policySelector, this),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** From now on the lenses show rows too. */
  addResults(source: ResultsSource): void {
    this.#source = source;
    this.#disposables.push(source.onDidChange(() => this.#changed.fire()));
    this.#changed.fire();
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<SectionLens[]> {
    if (!vscode.workspace.getConfiguration().get<boolean>(Setting.lenses, true)) return [];
    const reading = await this.#policies.read(document);
    if (token.isCancellationRequested || reading?.version !== document.version) return [];
    return sectionsIn(outlineOf(document.getText(), reading.parsed.statements))
      .filter((section) => statementsIn(section).length > 0)
      .flatMap((section) => {
        const counts = new SectionLens(document, section, false);
        if (!this.#withRows.has(document.uri.toString())) return [counts];
        return [counts, new SectionLens(document, section, true)];
      });
  }

  /** The way to the rows shows where there are some. */
  #note(policy: vscode.Uri, hasRows: boolean): void {
    const key = policy.toString();
    if (this.#withRows.has(key) === hasRows) return;
    if (hasRows) this.#withRows.add(key);
    else this.#withRows.delete(key);
    this.#changed.fire();
  }

  async resolveCodeLens(lens: SectionLens): Promise<SectionLens> {
    const { policy, section, toRows } = lens;
    if (toRows) {
      const place = { document: policy.toString(), offset: section.heading.end, end: section.end };
      lens.command = {
        title: "Show Rows",
        tooltip: "Show the rows of training data of this section",
        command: Command.showStatementRows,
        arguments: [place],
      };
      return lens;
    }
    const results = await this.#source?.results(policy);
    this.#note(policy, results?.rows !== undefined);
    const statements = statementsIn(section);
    const learned = tallyOf(this.#scores.of({ uri: policy }), statements);
    lens.command = {
      title: lensTitle(statements, results, learned),
      tooltip: "Reveal this section in the Statements view",
      command: Command.revealSection,
      arguments: [policy, section.id],
    };
    return lens;
  }
}
