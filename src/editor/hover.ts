import * as vscode from "vscode";
import { Command } from "../contributions.ts";
import { drawText } from "../policy/draw.ts";
import type { Category, Statement } from "../policy/statement.ts";
import { categoryWord } from "../protocol/words.ts";
import { statementAt } from "./hint-layout.ts";
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
 * @param uri the document, for a link that opens the tree in a panel.
 */
export function describeStatement(statement: Statement, uri?: vscode.Uri): vscode.MarkdownString {
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
    if (uri !== undefined) {
      const place = encodeURIComponent(
        JSON.stringify([{ document: uri.toString(), offset: statement.start }]),
      );
      markdown.isTrusted = { enabledCommands: [Command.showDecisionTree] };
      markdown.appendMarkdown(
        `\n\n[Show Decision Tree](command:${Command.showDecisionTree}?${place})`,
      );
    }
  }
  return markdown;
}

export class StatementHover implements vscode.HoverProvider, vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #registration: vscode.Disposable;

  constructor(policies: PolicyDocuments) {
    this.#policies = policies;
    this.#registration = vscode.languages.registerHoverProvider(policySelector, this);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const reading = await this.#policies.read(document);
    if (reading?.version !== document.version) return undefined;
    const statement = statementAt(reading.parsed.statements, document.offsetAt(position));
    if (!statement) return undefined;
    return new vscode.Hover(
      describeStatement(statement, document.uri),
      new vscode.Range(document.positionAt(statement.start), document.positionAt(statement.end)),
    );
  }
}
