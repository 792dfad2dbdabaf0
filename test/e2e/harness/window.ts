import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { root } from "./install.ts";
import type { Session } from "./session.ts";
import { Workbench } from "./workbench.ts";

/**
 * A recorded browser window on a session's VS Code. What it saw stays in test-results/<name>:
 * screenshots, the trace for Playwright's viewer, the browser's console and VS Code's logs.
 */
export class Window {
  readonly workbench: Workbench;
  readonly results: string;
  readonly #session: Session;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #console: string[];
  #shots = 0;

  private constructor(
    parts: { session: Session; browser: Browser; context: BrowserContext; workbench: Workbench },
    results: string,
    console: string[],
  ) {
    this.#session = parts.session;
    this.#browser = parts.browser;
    this.#context = parts.context;
    this.workbench = parts.workbench;
    this.results = results;
    this.#console = console;
  }

  static async open(session: Session, name: string): Promise<Window> {
    const results = join(root, "test-results", name);
    await rm(results, { recursive: true, force: true });
    await mkdir(results, { recursive: true });
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    // Pictures of the screen come from shot(): a film would take the time that training needs.
    await context.tracing.start({ snapshots: true });
    const page = await context.newPage();
    const console: string[] = [];
    page.on("console", (message) => console.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => console.push(`uncaught: ${error.message}`));
    const workbench = new Workbench(page);
    return new Window({ session, browser, context, workbench }, results, console);
  }

  /** Opens the session's folder, with what was open there before. */
  async visit(): Promise<void> {
    const { server, folder } = this.#session;
    await this.workbench.open(server.url(folder));
  }

  /** Keeps a numbered picture of the window. */
  async shot(name: string): Promise<void> {
    this.#shots += 1;
    const path = join(this.results, `${String(this.#shots).padStart(2, "0")}-${name}.png`);
    await this.workbench.screenshot(path);
  }

  async close(): Promise<void> {
    await this.shot("end").catch(() => undefined);
    await this.#context.tracing.stop({ path: join(this.results, "trace.zip") });
    await this.#browser.close();
    await writeFile(join(this.results, "console.log"), `${this.#console.join("\n")}\n`);
    const { home } = this.#session;
    await cp(join(home, "server.log"), join(this.results, "server.log"));
    const logs = join(home, "user-data", "logs");
    await cp(logs, join(this.results, "logs"), { recursive: true });
  }
}
