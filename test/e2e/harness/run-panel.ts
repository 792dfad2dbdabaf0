import type { Locator } from "playwright-core";
import { axe, type Violation } from "./axe.ts";
import type { Workbench } from "./workbench.ts";

const patience = { timeout: 60_000 };

/** The page object of the run panel. */
export class RunPanel {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get status(): Locator {
    return this.#within("[role=status][data-status]");
  }

  /** The word that tells machines how the run stands, `running` for instance. */
  async waitForStatus(status: string, timeout = 60_000): Promise<void> {
    await this.#within(`[role=status][data-status="${status}"]`).waitFor({ timeout });
  }

  /** Share of the run that is done, 0 to 1. */
  async progress(): Promise<number> {
    return this.#within("progress").evaluate(
      (bar) => (bar as unknown as { value: number }).value,
      undefined,
      patience,
    );
  }

  /** The loss curve; its label says the newest losses in words. */
  get curve(): Locator {
    return this.#within("ingrain-loss-chart");
  }

  async curveLabel(): Promise<string> {
    return (await this.curve.getAttribute("aria-label", patience)) ?? "";
  }

  get report(): Locator {
    return this.#within("section.report");
  }

  /** A row of the report's table, by the name of the arm. */
  reportRow(arm: string): Locator {
    return this.report.locator(`tr[data-arm="${arm}"]`);
  }

  /** The exam's bars of an arm. */
  exam(arm: string): Locator {
    return this.#within(`table.bars[data-arm="${arm}"]`);
  }

  /** The runs side by side. */
  get comparison(): Locator {
    return this.#within("section.comparison");
  }

  /** The cells of a row of the comparison or of the exams side by side, by a part of its selector. */
  async cells(row: string): Promise<string[]> {
    const cells = this.#workbench.webview.locator(`tr[${row}] td`);
    await cells.first().waitFor(patience);
    return (await cells.allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());
  }

  get timeLeft(): Locator {
    return this.#within(".progress");
  }

  /** A choice above the chart, such as a metric. */
  choice(word: string): Locator {
    return this.#workbench.webview.locator("button.choice").filter({ hasText: word }).first();
  }

  get log(): Locator {
    return this.#within("ingrain-log");
  }

  get smoothing(): Locator {
    return this.#within("input[type=range]");
  }

  /** A button anywhere in the panel, by its words or its label. */
  button(name: string): Locator {
    return this.#workbench.webview.getByRole("button", { name }).first();
  }

  /** What axe finds in the panel as it is on the screen, colours included. */
  axe(): Promise<Violation[]> {
    return axe(this.#within("main"));
  }

  async press(button: string): Promise<void> {
    await this.#within("header vscode-button").filter({ hasText: button }).click(patience);
  }

  #within(selector: string): Locator {
    return this.#workbench.webview.locator(selector).first();
  }
}
