import * as vscode from "vscode";
import type { Turn } from "../serving/ask.ts";
import {
  type Chat,
  ChatAnswer,
  type ChatCell,
  formatChat,
  parseChat,
} from "../workspace/chat-file.ts";

/** A chat as a notebook: a question is a cell, the answer its output, and a note is a text cell. */

/** Notes are Markdown; a question is what it is. */
const question = "plaintext";
const plain = "text/plain";

/** A new chat with the model of a run, and a place for the first question. */
export function newChat(run: string, title: string): vscode.NotebookData {
  const lead = `Questions to the model that has learned ${code(title)} (run ${code(run)}). The policy is not in the prompt: its identifier stands there. A text cell begins a new conversation.`;
  return notebookOf({
    version: 1,
    run,
    cells: [
      { kind: "note", text: lead },
      { kind: "question", text: "" },
    ],
  });
}

/** Titles come from strangers: as code, Markdown reads nothing into them. */
function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ").replaceAll("`", "'")}\``;
}

/** Files of chats, as VS Code reads and writes notebooks. */
export const chatSerializer: vscode.NotebookSerializer = {
  deserializeNotebook: (content) => notebookOf(parseChat(new TextDecoder().decode(content))),
  serializeNotebook: (data) => new TextEncoder().encode(formatChat(chatOf(data))),
};

function notebookOf({ run, cells }: Chat): vscode.NotebookData {
  const data = new vscode.NotebookData(cells.map(cellOf));
  data.metadata = { ...(run !== undefined && { run }) };
  return data;
}

function cellOf(cell: ChatCell): vscode.NotebookCellData {
  if (cell.kind === "note") {
    return new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, cell.text, "markdown");
  }
  const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, cell.text, question);
  if (cell.answer) data.outputs = [outputOf(cell.answer)];
  return data;
}

function chatOf({ cells, metadata }: vscode.NotebookData): Chat {
  const run: unknown = metadata?.["run"];
  return {
    version: 1,
    ...(typeof run === "string" && { run }),
    cells: cells.map(({ kind, value, outputs }): ChatCell => {
      if (kind === vscode.NotebookCellKind.Markup) return { kind: "note", text: value };
      const answer = answerOf(outputs);
      return { kind: "question", text: value, ...(answer && { answer }) };
    }),
  };
}

/** An answer as the output of its question: plain text, whatever the model writes. */
export function outputOf(answer: ChatAnswer): vscode.NotebookCellOutput {
  const { text, ...rest } = answer;
  const shown = rest.incomplete ? `${text} …` : text;
  return new vscode.NotebookCellOutput(
    [vscode.NotebookCellOutputItem.text(withoutControls(shown), plain)],
    { answer: { ...rest, text } },
  );
}

/** The answer that an output shows; undefined for an error, or none. */
export function answerOf(
  outputs: readonly vscode.NotebookCellOutput[] | undefined,
): ChatAnswer | undefined {
  return ChatAnswer.safeParse(outputs?.[0]?.metadata?.["answer"]).data;
}

/** VS Code colours plain text by escape sequences: what a model writes commands nothing. */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}

/**
 * What was said before a question and the question itself: all answered questions above it, up to
 * the text cell that began the conversation.
 */
export function turnsTo(cell: vscode.NotebookCell): Turn[] {
  const before = cell.notebook.getCells().slice(0, cell.index);
  const start = before.findLastIndex(({ kind }) => kind === vscode.NotebookCellKind.Markup) + 1;
  const said = before.slice(start).flatMap(({ document, outputs }): Turn[] => {
    const answer = answerOf(outputs);
    if (!answer || answer.text === "") return [];
    return [
      { role: "user", content: document.getText() },
      { role: "assistant", content: answer.text },
    ];
  });
  return [...said, { role: "user", content: cell.document.getText() }];
}
