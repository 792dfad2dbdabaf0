import type { FrameLocator, Locator, Page } from "playwright-core";
import { axe, type Violation } from "./axe.ts";
import type { Workbench } from "./workbench.ts";

/** The page object of the dataset inspector. */
export class InspectorPanel {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get view(): FrameLocator {
    return this.#workbench.webview;
  }

  get page(): Page {
    return this.#workbench.page;
  }

  get table(): Locator {
    return this.view.locator(".table");
  }

  get rows(): Locator {
    return this.view.locator(".line.body");
  }

  get selected(): Locator {
    return this.view.locator(".line.body.selected");
  }

  get detail(): Locator {
    return this.view.locator(".detail");
  }

  async matches(): Promise<string> {
    const text = (await this.view.locator(".matches").textContent({ timeout: 30_000 })) ?? "";
    return text.replace(/\s+/g, " ").trim();
  }

  async status(): Promise<string> {
    return ((await this.view.locator(".status").textContent()) ?? "").replace(/\s+/g, " ").trim();
  }

  /** The cell of the selected row. */
  async cell(name: string): Promise<string> {
    const text = await this.selected.locator(`.cell.${name}`).textContent({ timeout: 30_000 });
    return (text ?? "").replace(/\s+/g, " ").trim();
  }

  value(facet: string, value: string): Locator {
    return this.view.locator(`[data-facet="${facet}"][data-value="${value}"]`);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async focus(): Promise<void> {
    await this.table.focus();
  }

  /** What axe finds in the panel as it is on the screen, colours included. */
  axe(): Promise<Violation[]> {
    return axe(this.view.locator("main"));
  }
}
