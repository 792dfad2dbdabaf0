import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Locator } from "playwright-core";

/** What axe tells of a page. */
export interface Violation {
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

/** What axe finds in a panel as it is on the screen, colours included. @param main its content. */
export async function axe(main: Locator): Promise<Violation[]> {
  const source = await readFile(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
    "utf8",
  );
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
