import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LiveRun, prepareRun } from "./harness/prepared-runs.ts";
import { RunPanel } from "./harness/run-panel.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";
import { type Theme, themes, type Workbench } from "./harness/workbench.ts";

const patience = { timeout: 60_000 };

let session: Session;
let window: Window;
let workbench: Workbench;
let panel: RunPanel;
let live: LiveRun;

beforeAll(async () => {
  session = await Session.start([samplePolicy], { vsix: packagedExtension() });
  const runs = session.path(join(".ingrain", "runs"));
  await prepareRun(runs, { day: 2, accuracy: 0.5, hyperparameters: { peakRate: 5e-4 } });
  await prepareRun(runs, { day: 3, accuracy: 0.62, seed: 2 });
  await prepareRun(runs, { day: 4, accuracy: 0.71, hyperparameters: { width: 192, layers: 6 } });
  await prepareRun(runs, { day: 5, accuracy: 0.86, dataset: "d2" });
  await prepareRun(runs, { day: 6, ends: "failed" });
  await prepareRun(runs, { day: 7, ends: "cancelled" });
  await prepareRun(runs, { day: 8, ends: "never" });
  await mkdir(join(runs, "20261109-140300-broken"));
  live = await LiveRun.start(runs, 10);
  window = await Window.open(session, "compare");
  workbench = window.workbench;
  panel = new RunPanel(workbench);
  await window.visit();
  await workbench.openView("Ingrain");
});
afterAll(async () => {
  await window.close();
  live.end();
  await session.end();
});

const treeTexts = async () =>
  (await workbench.treeRow(/./).allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());

const runRow = (figure: string) => workbench.treeRow(figure).first();

it("lists the runs by their state, with age and figure", async () => {
  await workbench.treeRow("Finished").waitFor(patience);
  // A list has only those rows that fit on the screen.
  for (const other of ["Statements", "Datasets"]) {
    await workbench.page.getByRole("button", { name: `${other} Section` }).click(patience);
  }
  await expect.poll(treeTexts, patience).toContainEqual(expect.stringMatching(/^Finished ?4$/));
  const texts = await treeTexts();
  for (const group of [/^Running ?1$/, /^Failed ?2$/, /^Interrupted ?1$/, /^Cancelled ?1$/]) {
    expect(texts).toContainEqual(expect.stringMatching(group));
  }
  expect(texts).toContainEqual(expect.stringMatching(/^Parcel desk ?0\.86 · \d+ days? ago/));
  expect(texts).toContainEqual(expect.stringContaining("unreadable"));
  await window.shot("runs-view");
});

it("tells a range of the time left, and follows the log", async () => {
  await workbench.run("Ingrain: Show Runs");
  await panel.waitForStatus("running");
  // Half of the stretches took one second a step, the others two: 1,000 tokens a step.
  await live.steps([...new Array<number>(20).fill(1), ...new Array<number>(20).fill(2)]);
  await expect.poll(() => panel.timeLeft.textContent(), patience).toMatch(/\d.* left/);
  await window.shot("time-left");

  await workbench.webview.locator("summary", { hasText: "Log" }).click(patience);
  const field = panel.log.locator("vscode-text-field");
  const lines = panel.log.locator(".lines");
  await lines.getByText("live step 40").waitFor(patience);
  const fromEnd = () =>
    lines.evaluate((element) => {
      const box = element as unknown as Record<
        "scrollTop" | "scrollHeight" | "clientHeight",
        number
      >;
      return box.scrollHeight - box.scrollTop - box.clientHeight;
    });
  await expect.poll(fromEnd, patience).toBeLessThan(9);
  await live.steps([1, 1, 1]);
  await lines.getByText("live step 43").waitFor(patience);
  await expect.poll(fromEnd, patience).toBeLessThan(9);
  await field.click();
  await workbench.page.keyboard.type("live step 2");
  await panel.log.locator("[role=status]").getByText("1 of 11").waitFor(patience);
  await workbench.page.keyboard.press("Enter");
  await panel.log.locator("[role=status]").getByText("2 of 11").waitFor(patience);
  await expect.poll(fromEnd, patience).toBeGreaterThan(9);
  await window.shot("log");
});

it("compares the runs that are selected in the view", async () => {
  await runRow("0.86").click(patience);
  await panel.waitForStatus("finished");
  await runRow("0.62").click({ modifiers: ["Control"] });
  await runRow("0.86").click({ button: "right" });
  await workbench.page
    .locator(".context-view .action-label", { hasText: "Compare Runs" })
    .click(patience);
  await panel.comparison.waitFor(patience);
  expect(await panel.cells('data-difference="seed"')).toEqual(["1", "2"]);
  expect(await panel.cells('data-difference="dataset.path"')).toEqual([
    ".ingrain/datasets/d2",
    ".ingrain/datasets/d1",
  ]);
  expect((await panel.cells('data-row="overall"'))[0]).toMatch(/^0\.86 .*n=90$/);
  expect((await panel.cells('data-row="prompt"'))[0]).toContain("1,384 a question");
  await window.shot("two");
});

it("takes up to five, from the panel, by the keyboard", async () => {
  await panel.button("Choose Runs…").focus();
  await workbench.page.keyboard.press("Enter");
  const input = workbench.page.locator(".quick-input-widget input.input");
  await input.waitFor(patience);
  const boxes = workbench.page.locator(
    ".quick-input-list .monaco-list-row [role=checkbox], .quick-input-list .monaco-list-row input[type=checkbox]",
  );
  const ticked = () =>
    workbench.page.locator(".quick-input-widget .quick-input-count").textContent(patience);
  await expect.poll(ticked, patience).toContain("1 Selected");
  for (const id of ["20261104", "20261102", "20261106", "20261107"]) {
    await input.fill(id);
    await workbench.page
      .locator(".quick-input-list .monaco-list-row", { hasText: id })
      .first()
      .click(patience);
  }
  await expect.poll(ticked, patience).toContain("4 Selected");
  expect(await boxes.count()).toBeGreaterThan(0);
  await window.shot("choice");
  await input.fill("");
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => panel.cells('data-row="status"'), patience).toHaveLength(5);
  expect(await panel.cells('data-row="status"')).toEqual([
    "finished",
    "failed",
    "finished",
    "finished",
    "finished",
  ]);
  for (const name of Object.keys(themes) as Theme[]) {
    await workbench.wear(name);
    await window.shot(`five-${name}`);
    const serious = (await panel.axe()).filter(({ impact }) => /serious|critical/.test(impact));
    expect(serious).toEqual([]);
  }
  await panel.comparison.scrollIntoViewIfNeeded();
  await window.shot("differences");
  await panel.choice("Held-out loss").click(patience);
  await window.shot("held-out");
  await panel.choice("Loss").click(patience);
});

it("keeps the comparison and the reader's look over a reload", async () => {
  await panel.smoothing.fill("0.9");
  await panel.choice("Tokens/s").click(patience);
  await workbench.reload();
  await expect.poll(() => panel.cells('data-row="status"'), patience).toHaveLength(5);
  await expect
    .poll(() => panel.choice("Tokens/s").getAttribute("aria-pressed"), patience)
    .toBe("true");
  await expect.poll(() => panel.smoothing.inputValue(), patience).toBe("0.9");
  await panel.button("Take B Away").click(patience);
  await expect.poll(() => panel.cells('data-row="status"'), patience).toHaveLength(4);
  await window.shot("reloaded");
});
