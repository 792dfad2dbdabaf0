import type { FrameLocator, Locator, Page } from "playwright-core";

/** Light, dark and the two high-contrast themes that VS Code brings, by setting and by name in the picker. */
export const themes = {
  dark: { id: "Default Dark Modern", label: "Dark Modern", class: "vs-dark" },
  light: { id: "Default Light Modern", label: "Light Modern", class: "vs:not(.vs-dark)" },
  "high-contrast-dark": {
    id: "Default High Contrast",
    label: "Dark High Contrast",
    class: "hc-black",
  },
  "high-contrast-light": {
    id: "Default High Contrast Light",
    label: "Light High Contrast",
    class: "hc-light",
  },
} as const;
export type Theme = keyof typeof themes;

/** What we use of the browser's type, which the tests do not load. */
interface Canvas {
  width: number;
  height: number;
  getContext(kind: "2d"): {
    getImageData(x: number, y: number, width: number, height: number): { data: Iterable<number> };
  };
}

const patience = { timeout: 60_000 };

/** How long one look at the palette takes before it is opened anew, in milliseconds. */
const lookMs = 6000;

/** The page object of VS Code's window. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the address that Server.url gave, and waits for the workbench. */
  async open(url: string): Promise<void> {
    await this.page.goto(url, patience);
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .statusbar-item").first().waitFor(patience);
  }

  /** Reloads the window by its command, which writes down what is open before it goes. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load", patience);
    await this.run("Developer: Reload Window");
    await loaded;
    await this.ready();
  }

  /** Leaves the window after it has written down what is open, which it does every 5 seconds. */
  async leave(): Promise<void> {
    await this.page.waitForTimeout(10_000);
    await this.page.goto("about:blank");
  }

  /** Runs a command by its title, as a person does: F1, the title, a click. */
  async run(title: string): Promise<void> {
    await this.#find(title, 60_000, (row, look) => row.click(look));
  }

  /** Whether the palette offers a command; commands that a `when` clause hides are not there. */
  async offers(title: string): Promise<boolean> {
    try {
      await this.#find(title, 2000, (row, look) => row.waitFor(look));
      return true;
    } catch {
      return false;
    } finally {
      await this.page.keyboard.press("Escape");
    }
  }

  /**
   * The palette lists what is there when it opens, and a slow window may get its commands later;
   * it closes when a webview that is still loading takes the focus. So it is opened anew until
   * `act` has done its part with the command's row.
   */
  async #find(
    title: string,
    timeout: number,
    act: (row: Locator, look: { timeout: number }) => Promise<void>,
  ): Promise<void> {
    const input = this.page.locator(".quick-input-widget input.input");
    const row = this.page
      .locator(".quick-input-list .monaco-list-row")
      .filter({ has: this.page.getByText(title, { exact: true }) })
      .first();
    for (let left = timeout; ; left -= lookMs) {
      const look = { timeout: Math.min(left, lookMs) };
      try {
        await this.page.keyboard.press("F1");
        await input.fill(`>${title}`, look);
        await act(row, look);
        return;
      } catch (error) {
        if (left <= lookMs) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Opens a file of the folder by its name, as Ctrl+P does, and waits for its editor. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor(patience);
    await input.fill(name);
    await this.pick(name);
    await this.tab(name).and(this.page.locator(".active")).first().waitFor(patience);
  }

  /** A line of the open editor that contains a text; the editor writes blanks as U+00A0. */
  line(text: string): Locator {
    return this.page.locator(".view-lines .view-line").filter({ hasText: text }).first();
  }

  /** The words that hints add to the text of the open editor. */
  get hints(): Locator {
    return this.page
      .locator(".editor-instance .view-lines span")
      .filter({ hasText: /^[\s\u00a0]*(fact|behavior|if|if…else)[\s\u00a0]*$/ });
  }

  /** The bars in the gutter of the open editor; one a line on the screen. */
  get bars(): Locator {
    return this.page.locator('.editor-instance .glyph-margin-widgets [class*="ced-"]');
  }

  /** The colours of the marks in the overview ruler, as `#rrggbb`: it is painted, not written. */
  async rulerColors(): Promise<Set<string>> {
    const ruler = this.page.locator(".editor-instance canvas.decorationsOverviewRuler").first();
    const pixels = await ruler.evaluate((element) => {
      const canvas = element as unknown as Canvas;
      return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
    });
    const colors = new Set<string>();
    for (let at = 0; at < pixels.length; at += 4) {
      const channels = pixels.slice(at, at + 3).map((value) => value.toString(16).padStart(2, "0"));
      if (pixels[at + 3] === 255) colors.add(`#${channels.join("")}`);
    }
    return colors;
  }

  /** Goes to the beginning or the end of the open editor. */
  async go(where: "Home" | "End"): Promise<void> {
    await this.page.locator(".editor-instance .view-lines").first().click(patience);
    await this.page.keyboard.press(`Control+${where}`);
  }

  /** Picks a colour theme, as a person does. */
  async wear(theme: Theme): Promise<void> {
    await this.run("Preferences: Color Theme");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.fill(themes[theme].label);
    await this.pick(themes[theme].label);
    await this.page.locator(`.monaco-workbench.${themes[theme].class}`).waitFor(patience);
    await input.waitFor({ state: "hidden" });
  }

  /** Picks an entry of an open quick pick. */
  async pick(text: string | RegExp): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text });
    await row.first().click(patience);
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast .notification-list-item").filter({
      hasText: text,
    });
  }

  /** An entry of the activity bar, by the title of its view container. */
  async openView(title: string): Promise<void> {
    await this.page.locator(".activitybar").getByRole("tab", { name: title }).click(patience);
  }

  /** A row of a tree in the side bar. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator(".sidebar .monaco-list-row").filter({ hasText: text });
  }

  tab(text: string | RegExp): Locator {
    return this.page.locator(".tabs-container .tab").filter({ hasText: text });
  }

  /** The document inside the webview that is shown. */
  get webview(): FrameLocator {
    return this.page
      .frameLocator("iframe.webview.ready >> visible=true")
      .frameLocator("iframe#active-frame");
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path, animations: "disabled" });
  }

  /** The activation time of an extension in milliseconds, from "Show Running Extensions". */
  async activationTime(extension: string): Promise<number> {
    await this.run("Developer: Show Running Extensions");
    const row = this.page
      .locator(".runtime-extensions-editor .monaco-list-row")
      .filter({ hasText: extension });
    const text = (await row.first().locator(".activation-time").textContent(patience)) ?? "";
    await this.page.keyboard.press("Escape");
    const milliseconds = /(\d+)\s*ms/.exec(text)?.[1];
    if (milliseconds === undefined) throw new Error(`No activation time in "${text}"`);
    return Number(milliseconds);
  }
}
