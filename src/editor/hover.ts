import * as vscode from "vscode";
import { Command } from "../contributions.ts";
import { drawText } from "../policy/draw.ts";
import type { Category, Statement } from "../policy/statement.ts";
import { categoryWord, counted } from "../protocol/words.ts";
import { statementAt } from "./hint-layout.ts";
import { rowsOf } from "./lens-words.ts";
import type { ResultsSource } from "./lenses.ts";
import { type PolicyDocuments, policySelector } from "./policy-documents.ts";
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

/**
 * Category, why, and the decision tree. The policy's own words go in as plain text only.
 *
 * @param uri the document, for links to the tree in a panel and to the rows.
 * @param rows how many rows of data the statement has, where that is known.
 */
export function describeStatement(
  statement: Statement,
  uri?: vscode.Uri,
  rows?: number,
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
  if (decision) {
    markdown.appendMarkdown(`\n\nDecision tree, depth ${decision.depth}:`);
    markdown.appendCodeblock(drawText(decision), "plaintext");
    const picture = pictureOf(decision, vscode.window.activeColorTheme.kind);
    // The words stand in the text above; a reader of the screen need not hear them twice.
    if (picture !== undefined) markdown.appendMarkdown(`\n\n![](${picture})`);
  }
  if (uri !== undefined) {
    const links = [
      ...(decision ? [["Show Decision Tree", Command.showDecisionTree] as const] : []),
      ...(rows ? [[`Show ${counted(rows, "Row")}`, Command.showStatementRows] as const] : []),
    ];
    if (links.length === 0) return markdown;
    const place = encodeURIComponent(
      JSON.stringify([{ document: uri.toString(), offset: statement.start }]),
    );
    markdown.isTrusted = { enabledCommands: links.map(([, command]) => command) };
    const written = links.map(([title, command]) => `[${title}](command:${command}?${place})`);
    markdown.appendMarkdown(`\n\n${written.join(" · ")}`);
  }
  return markdown;
}

export class StatementHover implements vscode.HoverProvider, vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #registration: vscode.Disposable;
  #source: ResultsSource | undefined;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
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
      describeStatement(statement, document.uri, rows && rowsOf(new Set([statement.id]), rows)),
      new vscode.Range(document.positionAt(statement.start), document.positionAt(statement.end)),
    );
  }
}
