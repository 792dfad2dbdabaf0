import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench.ts";

const patience = { timeout: 60_000 };

/** The page object of a chat with a model: a notebook of questions. */
export class Chat {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** The questions, from the top. */
  get questions(): Locator {
    return this.#workbench.page.locator(".notebookOverlay .code-cell-row >> visible=true");
  }

  /** Writes into a question and sends it. */
  async ask(at: number, text: string): Promise<void> {
    const { page } = this.#workbench;
    const editor = this.questions.nth(at).locator(".monaco-editor").first();
    await editor.click(patience);
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(text);
    await page.keyboard.press("Shift+Enter");
  }

  /**
   * What stands below questions, of all chats that are open: answers and errors are drawn in a
   * webview of their notebook.
   */
  async outputs(): Promise<string> {
    const { page } = this.#workbench;
    const texts = await Promise.all(
      page.frames().map((frame) =>
        frame
          .locator(".output")
          .allTextContents()
          .catch((): string[] => []),
      ),
    );
    return texts.flat().join("\n");
  }

  /** The line below a question. */
  statusOf(at: number): Locator {
    return this.questions.nth(at).locator(".cell-statusbar-container").first();
  }
}
