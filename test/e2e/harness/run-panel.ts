import type { Locator } from "playwright-core";
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

  async press(button: string): Promise<void> {
    await this.#within("header vscode-button").filter({ hasText: button }).click(patience);
  }

  #within(selector: string): Locator {
    return this.#workbench.webview.locator(selector).first();
  }
}
