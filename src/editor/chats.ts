import * as vscode from "vscode";
import { chatNotebook } from "../contributions.ts";
import type { ChatKernel } from "../panels/chat.ts";
import type { Desk } from "../panels/desk.ts";

/**
 * Chats with a model, as notebooks. Registered when the extension starts, since VS Code restores
 * notebooks by their type; what they do is imported with the first of them.
 */
export class Chats implements vscode.Disposable {
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(desk: () => Promise<Desk>) {
    const cells = () => import("../panels/chat-cells.ts");
    const kernel = () => import("../panels/chat.ts");
    const controller = vscode.notebooks.createNotebookController(
      "ingrain.model",
      chatNotebook,
      "Trained Model",
    );
    controller.description = "The policy is in its weights, not in the prompt";
    controller.supportedLanguages = ["plaintext"];
    controller.supportsExecutionOrder = false;
    let asked: Promise<ChatKernel> | undefined;
    controller.executeHandler = async (sent) => {
      asked ??= Promise.all([kernel(), desk()]).then(
        ([{ ChatKernel }, services]) => new ChatKernel(services.chat),
      );
      await (await asked).run(sent, controller);
    };
    const prefer = (notebook: vscode.NotebookDocument) => {
      if (notebook.notebookType !== chatNotebook) return;
      const { Preferred } = vscode.NotebookControllerAffinity;
      controller.updateNotebookAffinity(notebook, Preferred);
    };
    vscode.workspace.notebookDocuments.forEach(prefer);
    this.#disposables = [
      controller,
      vscode.workspace.onDidOpenNotebookDocument(prefer),
      vscode.workspace.registerNotebookSerializer(chatNotebook, {
        deserializeNotebook: async (content, token) =>
          (await cells()).chatSerializer.deserializeNotebook(content, token),
        serializeNotebook: async (data, token) =>
          (await cells()).chatSerializer.serializeNotebook(data, token),
      }),
      vscode.notebooks.registerNotebookCellStatusBarItemProvider(chatNotebook, {
        provideCellStatusBarItems: async (cell) => (await kernel()).promptCostOf(cell),
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
