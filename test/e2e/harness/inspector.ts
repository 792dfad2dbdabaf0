import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { FrameLocator, Locator, Page } from "playwright-core";
import type { Workbench } from "./workbench.ts";

/** What axe tells of a page. */
interface Violation {
  id: string;
  impact: string;
  nodes: string[];
}

/** What runs in the browser, whose types the tests do not load. */
interface AxeWindow {
  axe: {
    run(): Promise<{
      violations: {
        id: string;
        impact: string;
        nodes: { html: string; failureSummary: string }[];
      }[];
    }>;
  };
}

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
  async axe(): Promise<Violation[]> {
    const source = await readFile(
      createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
      "utf8",
    );
    const main = this.view.locator("main");
    await main
      .evaluate((_, script) => {
        // The page's policy keeps scripts out; the test's own goes past it.
        (0, eval)(script);
      }, source)
      .catch(async () => main.evaluate(`(element) => { ${source} }`));
    return main.evaluate(async () => {
      const { axe } = globalThis as unknown as AxeWindow;
      const { violations } = await axe.run();
      return violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`),
      }));
    });
  }
}
