import * as vscode from "vscode";
import { diagnosticSource } from "../editor/lint-diagnostics.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { InputError } from "../policy/errors.ts";
import { equalLists } from "../policy/lists.ts";
import type { Statement } from "../policy/statement.ts";
import { countTokens } from "../policy/tokens.ts";
import { reword, rewordingPrompt, type RewordingQuestion } from "../synthesis/reword.ts";
import { TeacherError } from "../synthesis/teacher.ts";
import { requireTrust, tell } from "./reporting.ts";
import type { TeacherKey } from "./teacher-key.ts";
import { chooseTeacher } from "./teaching.ts";
import { revealStatement } from "./what-next.ts";

/** What an answer takes for each token of the statement: three rewordings, and room. */
const answerShare = 4;

/**
 * Rewords a statement by the language model that is the teacher; what it proposes stands in the
 * Refactor Preview, and is written only where the user applies it there. Where no model is the
 * teacher, or the statement is a list or a table row, it is revealed with what the linter says.
 */
export async function rewordStatement(
  document: vscode.TextDocument,
  statement: Statement,
  { policies, key }: { policies: PolicyDocuments; key: TeacherKey },
): Promise<void> {
  const source = document.getText().slice(statement.start, statement.end);
  const chosen =
    isProse(source) && vscode.workspace.isTrusted
      ? await chooseTeacher(vscode.workspace.getConfiguration(undefined, document), key, {
          title: "Reword Statement",
          placeHolder: "Which model rewords it? The statement is sent to its provider.",
          why: "Ingrain asks it for another wording of a statement of your policy.",
        })
      : "none";
  if (!chosen) return;
  if (chosen === "none") {
    await revealStatement(document, statement);
    // The hover has the findings, the category and the pass rate.
    await vscode.commands.executeCommand("editor.action.showHover");
    return;
  }
  requireTrust();
  const reading = await policies.readRefined(document);
  if (!reading) throw new InputError("The file is not read as a policy.");
  const question = questionOn(document, statement, reading.parsed.policy.title, reading.parsed);
  const { port, note } = chosen;
  const prompt = rewordingPrompt(question).reduce(
    (sum, { content }) => sum + countTokens(content),
    0,
  );
  const tokens = prompt + answerShare * countTokens(statement.text);
  const agreed = await vscode.window.showQuickPick(
    [{ label: `Ask ${port.name}`, detail: `about ${tokens.toLocaleString("en")} tokens` }],
    { title: "Reword Statement", placeHolder: `The statement is sent to the model.${note}` },
  );
  if (!agreed) return;
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: `Asking ${port.name}`,
    cancellable: true,
  };
  const found = await vscode.window.withProgress(progress, async (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return reword(port, question, stop.signal).catch((error: unknown) => {
      if (!(error instanceof TeacherError)) throw error;
      if (error.kind === "cancelled") return undefined;
      throw new InputError(error.message, "Nothing was changed.");
    });
  });
  if (!found) return;
  const { taken, refused } = found;
  if (taken.length === 0) {
    const why = refused[0] ?? "the model proposed none";
    await tell("information", `No rewording says what the statement says: ${why}.`);
    return;
  }
  const picked = await vscode.window.showQuickPick(taken, {
    title: "Reword Statement",
    placeHolder: "Which wording? It is written only where you apply it in the Refactor Preview.",
  });
  if (picked === undefined) return;
  await propose(document, statement, picked, policies);
}

/** Whether a statement is one run of prose: words alone can take its place. */
function isProse(source: string): boolean {
  return !/\n[ \t]*(?:[-*+]|\d+[.)])[ \t]|\n[ \t]*\n|\|/.test(source);
}

function questionOn(
  document: vscode.TextDocument,
  statement: Statement,
  title: string,
  { statements }: { statements: readonly Statement[] },
): RewordingQuestion {
  const previous = statements[statements.findIndex(({ id }) => id === statement.id) - 1];
  const inSection = previous && equalLists(previous.section, statement.section);
  const { start, end } = statement;
  const place = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const findings = vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source, range }) => source === diagnosticSource && range.intersection(place));
  return {
    title,
    statement,
    before: inSection ? previous.text : undefined,
    findings: findings.map(({ message }) => message),
  };
}

async function propose(
  document: vscode.TextDocument,
  { id, text }: Statement,
  rewording: string,
  policies: PolicyDocuments,
): Promise<void> {
  const reading = await policies.read(document);
  // The user may have written on while the model was asked.
  const now = reading?.parsed.statements.find((statement) => statement.id === id);
  if (now?.text !== text || document.version !== reading?.version) {
    throw new InputError("The statement changed meanwhile.", "Nothing was changed. Try again.");
  }
  const range = new vscode.Range(document.positionAt(now.start), document.positionAt(now.end));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, rewording, {
    needsConfirmation: true,
    label: "Reword",
    description: rewording,
  });
  await vscode.workspace.applyEdit(edit, { isRefactoring: true });
}
