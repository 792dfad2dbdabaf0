import { mkdir, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { barColors, type ThemeKind } from "../../src/editor/bar-icon.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";
import { type Theme, themes, type Workbench } from "./harness/workbench.ts";

const sample = basename(samplePolicy);

let session: Session;
let window: Window;
let workbench: Workbench;

beforeAll(async () => {
  session = await Session.start([samplePolicy], { vsix: packagedExtension() });
  await writeFile(session.path("notes.md"), "# Notes\n\nIf it rains, take a coat.\n");
  window = await Window.open(session, "policy");
  workbench = window.workbench;
});
afterAll(async () => {
  await window.close();
  await session.end();
});

it("leaves Markdown that is no policy alone", async () => {
  await window.visit();
  await workbench.openFile("notes.md");
  // Told and not asserted: other work on the machine adds to the time.
  const times: number[] = [];
  for (let start = 0; start < 3; start++) {
    if (start > 0) await workbench.reload();
    await workbench.line("take a coat").waitFor();
    times.push(await workbench.activationTime("Ingrain"));
  }
  console.log(`Activated in ${times.join(", ")} ms`);
  await workbench.openFile("notes.md");
  await workbench.page.waitForTimeout(1000);
  expect(await workbench.hints.count()).toBe(0);
});

/** The colours that the manifest gives to the categories, as the four kinds of theme show them. */
const kinds: Readonly<Record<Theme, ThemeKind>> = {
  dark: "dark",
  light: "light",
  "high-contrast-dark": "highContrast",
  "high-contrast-light": "highContrastLight",
};

it("shows the category of each statement of a policy, in every theme", async () => {
  await workbench.openFile(sample);
  await workbench.hints.first().waitFor({ timeout: 30_000 });
  const words = async () =>
    new Set((await workbench.hints.allTextContents()).map((word) => word.trim()));
  // The end of the sample has all four on one screen.
  await workbench.go("End");
  await expect
    .poll(words, { timeout: 30_000 })
    .toEqual(new Set(["fact", "behavior", "if", "if…else"]));

  const hintColors = new Set<string>();
  for (const name of Object.keys(themes) as Theme[]) {
    await workbench.wear(name);
    const hint = workbench.hints.first();
    await hint.waitFor();
    hintColors.add((await hint.evaluateAll(stylesOf, "color")).join());
    const colors = Object.values(barColors[kinds[name]]).map((color) => color.toLowerCase());
    await expect
      .poll(async () => [...(await workbench.rulerColors())], { timeout: 30_000 })
      .toEqual(expect.arrayContaining(colors));
    await expect.poll(barsOnScreen, { timeout: 30_000 }).toEqual(new Set(colors));
    await window.shot(`editor-${name}`);
  }
  // The hints take their colours from the theme.
  expect(hintColors.size).toBeGreaterThan(1);
});

it("draws the bars in the colour that the user gives to a category", async () => {
  const settings = { "workbench.colorCustomizations": { "ingrain.factual": "#ff8800" } };
  await mkdir(session.path(".vscode"));
  await writeFile(session.path(".vscode/settings.json"), JSON.stringify(settings));
  await expect.poll(barsOnScreen, { timeout: 30_000 }).toContain("#ff8800");
  await expect.poll(() => workbench.rulerColors(), { timeout: 30_000 }).toContain("#ff8800");
});

/** The colours of the bars on the screen: each is an image in one colour. */
async function barsOnScreen(): Promise<Set<string>> {
  const images = await workbench.bars.evaluateAll(stylesOf, "background-image");
  return new Set(
    images.map(
      (image) => /#\w+(?=\W*\/>)/.exec(decodeURIComponent(image))?.[0].toLowerCase() ?? image,
    ),
  );
}

/** Runs in the browser, whose types the tests do not load. */
function stylesOf(elements: unknown[], property: string): string[] {
  const browser = globalThis as unknown as {
    getComputedStyle(of: unknown): { getPropertyValue(property: string): string };
  };
  return elements.map((element) => browser.getComputedStyle(element).getPropertyValue(property));
}

it("reads a Markdown file as a policy when told so", async () => {
  await workbench.openFile("notes.md");
  await workbench.run("Ingrain: Treat as Policy");
  await workbench.hints.first().waitFor({ timeout: 30_000 });
  expect((await workbench.hints.allTextContents()).map((word) => word.trim())).toEqual(["if"]);
});
