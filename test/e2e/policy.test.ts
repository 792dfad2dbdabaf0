import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
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

it("shows the category of each statement of a policy, in every theme", async () => {
  await workbench.openFile(sample);
  await workbench.hints.first().waitFor({ timeout: 30_000 });
  const words = new Set((await workbench.hints.allTextContents()).map((word) => word.trim()));
  for (const word of ["fact", "behavior", "if"]) expect(words).toContain(word);

  const colors = new Set<string>();
  for (const name of Object.keys(themes) as Theme[]) {
    await workbench.wear(name);
    const hint = workbench.hints.first();
    await hint.waitFor();
    colors.add(await hint.evaluate(colorOf));
    await window.shot(`editor-${name}`);
  }
  // The hints take their colours from the theme.
  expect(colors.size).toBeGreaterThan(1);
});

/** Runs in the browser, whose types the tests do not load. */
function colorOf(element: unknown): string {
  const browser = globalThis as unknown as {
    getComputedStyle(of: unknown): { color: string };
  };
  return browser.getComputedStyle(element).color;
}

it("reads a Markdown file as a policy when told so", async () => {
  await workbench.openFile("notes.md");
  await workbench.run("Ingrain: Treat as Policy");
  await workbench.hints.first().waitFor({ timeout: 30_000 });
  expect((await workbench.hints.allTextContents()).map((word) => word.trim())).toEqual(["if"]);
});
