import * as vscode from "vscode";
import type { Logger } from "../editor/logger.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import type { RunSummary } from "../protocol/runs.ts";
import { isServable } from "../protocol/status.ts";
import { ask } from "../serving/ask.ts";
import { promptCost } from "../serving/prompt-cost.ts";
import { readReport, readState } from "../training/run-folder.ts";
import type { ChatAnswer } from "../workspace/chat-file.ts";
import { answerOf, outputOf, turnsTo } from "./chat-cells.ts";
import { chooseRun } from "./run-choice.ts";
import type { ModelServing } from "./serving.ts";

export interface ChatServices {
  runs(): Promise<readonly RunSummary[]>;
  serving: Pick<ModelServing, "endpoint">;
  logger: Logger;
}

/** The shortest time between two looks of an answer that is being written, in milliseconds. */
const paceMs = 60;

/** Sends the questions of chats to the model and writes its answers below them. */
export class ChatKernel {
  readonly #services: ChatServices;
  #order = 0;

  constructor(services: ChatServices) {
    this.#services = services;
  }

  /** Sends questions, one after the other; one that fails ends them. */
  async run(
    cells: readonly vscode.NotebookCell[],
    controller: vscode.NotebookController,
  ): Promise<void> {
    for (const cell of cells) if (!(await this.#send(cell, controller))) return;
  }

  async #send(cell: vscode.NotebookCell, controller: vscode.NotebookController): Promise<boolean> {
    const execution = controller.createNotebookCellExecution(cell);
    execution.executionOrder = ++this.#order;
    execution.start(Date.now());
    const stop = new AbortController();
    execution.token.onCancellationRequested(() => stop.abort(new InputError("Stopped.")));
    const end = (success: boolean) => {
      execution.end(success, Date.now());
      return success;
    };
    try {
      await execution.clearOutput();
      return end(await this.#answer(cell, execution, stop.signal));
    } catch (error) {
      if (stop.signal.aborted && answerOf(cell.outputs)) return end(false);
      const message = messageOf(error);
      const hint = error instanceof InputError && error.hint !== undefined ? ` ${error.hint}` : "";
      this.#services.logger.warn(`The model was not asked: ${message}`);
      const shown = { name: "Not answered", message: `${message}${hint}`, stack: "" };
      const item = vscode.NotebookCellOutputItem.error(shown);
      await execution.replaceOutput(new vscode.NotebookCellOutput([item]));
      return end(false);
    }
  }

  /** @returns false when the question is empty. */
  async #answer(
    cell: vscode.NotebookCell,
    execution: vscode.NotebookCellExecution,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (cell.document.getText().trim() === "") throw new InputError("The question is empty.");
    const folder = await this.#folderOf(cell.notebook);
    const endpoint = await this.#services.serving.endpoint(folder, signal);
    const turns = turnsTo(cell);
    let text = "";
    let shownAt = 0;
    let showing = Promise.resolve();
    const show = (answer: ChatAnswer) => {
      showing = showing.then(() => execution.replaceOutput(outputOf(answer)));
      return showing;
    };
    const write = (piece: string) => {
      text += piece;
      if (Date.now() - shownAt < paceMs) return;
      shownAt = Date.now();
      void show({ text, incomplete: true });
    };
    const told = await ask(endpoint, turns, write, signal).catch(async (error: unknown) => {
      // What was written until a stop stays.
      if (text !== "") await show({ text, incomplete: true });
      throw error;
    });
    const report = await readReport(folder, readState(folder));
    const { cutOff, promptTokens } = told;
    await show({
      text,
      ...(cutOff && { incomplete: true }),
      ...(report && {
        prompt: promptCost(report.promptTokens, endpoint.server, turns, promptTokens),
      }),
    });
    return true;
  }

  /** The run of a chat, by its id; asked for where the chat names none. */
  async #folderOf(notebook: vscode.NotebookDocument): Promise<string> {
    const models = (await this.#services.runs()).filter(({ status }) => isServable(status));
    const id: unknown = notebook.metadata["run"];
    if (typeof id === "string") {
      const run = models.find((model) => model.id === id);
      if (run) return run.folder;
      throw new InputError(`The run ${id} is not in this workspace, or has no model.`);
    }
    const chosen = await chooseRun(models, "Ask the model of which run?", "There is no model yet.");
    if (chosen === undefined) throw new InputError("No run is chosen.");
    const edit = new vscode.WorkspaceEdit();
    const run = models.find(({ folder }) => folder === chosen)?.id;
    const metadata = { ...notebook.metadata, run };
    edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata(metadata)]);
    await vscode.workspace.applyEdit(edit);
    return chosen;
  }
}

/** Below each answered question: what its prompt cost, and what it would cost with the policy. */
export function promptCostOf(
  cell: vscode.NotebookCell,
): vscode.NotebookCellStatusBarItem | undefined {
  const prompt = answerOf(cell.outputs)?.prompt;
  if (!prompt) return undefined;
  const { withoutPolicy, withPolicy, estimated } = prompt;
  const about = estimated ? "about " : "";
  const tokens = (count: number) => count.toLocaleString("en");
  const item = new vscode.NotebookCellStatusBarItem(
    `Prompt: ${about}${tokens(withoutPolicy)} tokens, ${tokens(withPolicy)} with the policy in it`,
    vscode.NotebookCellStatusBarAlignment.Left,
  );
  item.tooltip = estimated
    ? "Estimated in the same way as the policy's own tokens"
    : "Counted by the model's own tokenizer";
  return item;
}
