import * as vscode from "vscode";
import { Command } from "../contributions.ts";
import { drawText } from "../policy/draw.ts";
import type { Category, Statement } from "../policy/statement.ts";
import { categoryWord, counted } from "../protocol/words.ts";
import type { ScoreBoard } from "../workspace/statement-scores.ts";
import { ago } from "./age.ts";
import { statementAt } from "./hint-layout.ts";
import { rowsOf } from "./lens-words.ts";
import type { ResultsSource } from "./lenses.ts";
import { type PolicyDocuments, policySelector } from "./policy-documents.ts";
import { describeScore, outcomeOf, outcomeSign, scoreOf } from "./score-words.ts";
import type { StatementScores } from "./scores.ts";
import { pictureOf } from "./tree-picture.ts";

/** Colour is never the only sign of a category: each has its icon and its word. */
export const categoryIcon: Readonly<Record<Category, string>> = {
  factual: "book",
  behavioral: "person",
  "simple-conditional": "git-branch",
  "complex-conditional": "type-hierarchy-sub",
};

export const categoryName: Readonly<Record<Category, string>> = {
  factual: "Factual",
  behavioral: "Behavioral",
  "simple-conditional": "Simple conditional",
  "complex-conditional": "Complex conditional",
};

const decider: Readonly<Record<Statement["decidedBy"], string>> = {
  rules: "by rules",
  model: "by the model",
  teacher: "by the teacher",
  author: "by the author",
};

/** What is known of a statement beside what it says. */
export interface Surroundings {
  /** Its document, for links to the tree in a panel, to the rows and to the run. */
  uri?: vscode.Uri;
  /** How many rows of data it has. */
  rows?: number | undefined;
  /** What the run that counts says of the policy. */
  board?: ScoreBoard | undefined;
}

const outcomeName = {
  learned: "Learned",
  missed: "Not learned",
  stale: "Changed since the run",
} as const;

/**
 * Category, why, the decision tree, and how well a model has learned it. The policy's own words go
 * in as plain text only.
 */
export function describeStatement(
  statement: Statement,
  { uri, rows, board }: Surroundings = {},
): vscode.MarkdownString {
  const { category, confidence, decidedBy, why, decision } = statement;
  const markdown = new vscode.MarkdownString("", true);
  markdown.appendMarkdown(
    `$(${categoryIcon[category]}) **${categoryName[category]}** (\`${categoryWord[category]}\`), decided ${decider[decidedBy]}`,
  );
  if (decidedBy !== "author") {
    markdown.appendMarkdown(`, ${Math.round(confidence * 100)} % confident`);
  }
  if (why !== undefined) markdown.appendMarkdown("\n\n").appendText(why);
  const score = scoreOf(board, statement);
  if (board && score) {
    const outcome = outcomeOf(score);
    const before = outcome === "stale" ? "then " : "";
    markdown.appendMarkdown(
      `\n\n${outcomeSign[outcome]} **${outcomeName[outcome]}**: ${before}${describeScore(score)}`,
    );
    markdown.appendMarkdown("  \nRun ").appendText(board.run.id);
    markdown.appendMarkdown(`, ${ago(board.run.at, Date.now())}`);
  }
  if (decision) {
    markdown.appendMarkdown(`\n\nDecision tree, depth ${decision.depth}:`);
    markdown.appendCodeblock(drawText(decision), "plaintext");
    const picture = pictureOf(decision, vscode.window.activeColorTheme.kind);
    // The words stand in the text above; a reader of the screen need not hear them twice.
    if (picture !== undefined) markdown.appendMarkdown(`\n\n![](${picture})`);
  }
  if (uri !== undefined) {
    const place = { document: uri.toString(), offset: statement.start };
    const links: readonly Link[] = [
      ...(decision ? [["Show Decision Tree", Command.showDecisionTree, place] as const] : []),
      ...(rows
        ? [[`Show ${counted(rows, "Row")}`, Command.showStatementRows, place] as const]
        : []),
      ...(board && score
        ? [["Show Run", Command.showRuns, { folder: board.run.folder }] as const]
        : []),
    ];
    if (links.length === 0) return markdown;
    markdown.isTrusted = { enabledCommands: links.map(([, command]) => command) };
    const written = links.map(
      ([title, command, target]) =>
        `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([target]))})`,
    );
    markdown.appendMarkdown(`\n\n${written.join(" · ")}`);
  }
  return markdown;
}

type Link = readonly [title: string, command: Command, target: object];

export class StatementHover implements vscode.HoverProvider, vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #scores: StatementScores;
  readonly #registration: vscode.Disposable;
  #source: ResultsSource | undefined;

  constructor(policies: PolicyDocuments, scores: StatementScores) {
    this.#policies = policies;
    this.#scores = scores;
    this.#registration = vscode.languages.registerHoverProvider(policySelector, this);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  /** From now on the hover leads to the rows of a statement, too. */
  addResults(source: ResultsSource): void {
    this.#source = source;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const reading = await this.#policies.read(document);
    if (reading?.version !== document.version) return undefined;
    const statement = statementAt(reading.parsed.statements, document.offsetAt(position));
    if (!statement) return undefined;
    const rows = (await this.#source?.results(document.uri))?.rows;
    return new vscode.Hover(
      describeStatement(statement, {
        uri: document.uri,
        rows: rows && rowsOf(new Set([statement.id]), rows),
        board: this.#scores.of(document),
      }),
      new vscode.Range(document.positionAt(statement.start), document.positionAt(statement.end)),
    );
  }
}
