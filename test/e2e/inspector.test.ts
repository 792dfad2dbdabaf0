import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DatasetManifest, Review } from "../../src/synthesis/dataset.ts";
import { InspectorPanel } from "./harness/inspector.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";
import { type Theme, themes, type Workbench } from "./harness/workbench.ts";

const sample = basename(samplePolicy);
const patience = { timeout: 60_000 };

let session: Session;
let window: Window;
let workbench: Workbench;
let panel: InspectorPanel;
/** The dataset of the sample policy. */
let folder: string;
let manifest: DatasetManifest;

beforeAll(async () => {
  session = await Session.start([samplePolicy], { vsix: packagedExtension() });
  window = await Window.open(session, "inspector");
  workbench = window.workbench;
  panel = new InspectorPanel(workbench);
  await window.visit();
  await workbench.openFile(sample);
  await workbench.hints.first().waitFor(patience);
});
afterAll(async () => {
  await window.close();
  await session.end();
});

async function reviews(): Promise<Review[]> {
  const text = await readFile(join(folder, "review.jsonl"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Review.parse(JSON.parse(line)));
}

const total = () => manifest.counts.cpt + manifest.counts.sft + manifest.counts.exam;
const count = (rows: number) => rows.toLocaleString("en");

it("opens the dataset that was just made", async () => {
  // The palette learns a moment after the editor that the workspace is trusted.
  await expect.poll(() => workbench.offers("Ingrain: Synthesize Dataset"), patience).toBe(true);
  await workbench.run("Ingrain: Synthesize Dataset");
  await panel.rows.first().waitFor(patience);
  const datasets = session.path(join(".ingrain", "datasets"));
  folder = join(
    datasets,
    (await readdir(datasets)).find((name) => !name.startsWith("."))!,
  );
  manifest = DatasetManifest.parse(
    JSON.parse(await readFile(join(folder, "dataset.json"), "utf8")),
  );
});

it("filters by facets and finds words", async () => {
  await expect.poll(() => panel.matches(), patience).toBe(`${count(total())} rows`);
  await window.shot("open");
  await panel.value("part", "exam").click();
  await expect
    .poll(() => panel.matches(), patience)
    .toBe(`${count(manifest.counts.exam)} of ${count(total())} rows`);
  await panel.value("part", "exam").click();
  await panel.focus();
  await panel.press("/");
  await workbench.page.keyboard.type("express depot");
  await expect.poll(() => panel.matches(), patience).toMatch(/^\d+ of /);
  await expect.poll(() => panel.rows.first().textContent(), patience).toMatch(/express|depot/i);
  await window.shot("search");
  await panel.press("Escape");
  await panel.view.locator("vscode-text-field").evaluate((field) => {
    const input = field as unknown as { value: string; dispatchEvent(event: unknown): void };
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await expect.poll(() => panel.matches(), patience).toBe(`${count(total())} rows`);
});

it("judges by the keyboard, and undoes; nothing generated changes", async () => {
  const before = await readFile(join(folder, "cpt.jsonl"), "utf8");
  await panel.focus();
  await panel.press("Home");
  const first = await panel.cell("id");
  await panel.press("a");
  await expect.poll(() => panel.cell("verdict"), patience).toBe("approved");
  await panel.press("j");
  await expect.poll(() => panel.cell("id"), patience).not.toBe(first);
  const second = await panel.cell("id");
  await panel.press("r");
  await expect.poll(() => panel.cell("verdict"), patience).toBe("rejected");
  await panel.press("k");
  await expect.poll(() => panel.cell("id"), patience).toBe(first);
  expect((await reviews()).map(({ row, verdict }) => [row, verdict])).toEqual([
    [first, "approved"],
    [second, "rejected"],
  ]);
  await panel.press("u");
  await expect.poll(async () => (await reviews()).at(-1)?.verdict, patience).toBe("withdrawn");
  await expect.poll(() => panel.status(), patience).toBe(`Undone: Rejected ${second}`);
  await window.shot("judged");
  expect(await readFile(join(folder, "cpt.jsonl"), "utf8")).toBe(before);
});

it("edits with the schema's word, and shows the row as edited", async () => {
  await panel.value("kind", "question").click();
  await panel.value("part", "cpt").click();
  await expect.poll(() => panel.cell("kind"), patience).toBe("question");
  await expect
    .poll(() => panel.detail.locator("h2").textContent(), patience)
    .toBe(await panel.cell("id"));
  await panel.focus();
  await panel.press("e");
  const answer = panel.view.locator('[name="answer-text"]');
  await answer.fill("");
  await panel.press("Control+Enter");
  await panel.detail.getByRole("alert").waitFor(patience);
  await window.shot("edit-refused");
  expect((await reviews()).filter(({ verdict }) => verdict === "edited")).toEqual([]);
  await answer.fill("an answer of ours");
  await panel.press("Control+Enter");
  await expect.poll(() => panel.cell("verdict"), patience).toBe("edited");
  expect((await reviews()).at(-1)).toMatchObject({
    verdict: "edited",
    edit: { text: expect.stringContaining("an answer of ours") as string },
  });
  await window.shot("edited");
});

it("judges all rows of a filter at once, and takes it back", async () => {
  const matches = Number((await panel.matches()).split(" ")[0]!.replaceAll(",", ""));
  await panel.view.locator(".all").getByRole("button", { name: "Reject" }).click();
  await expect.poll(() => panel.status(), patience).toBe(`Rejected ${count(matches)} rows`);
  await window.shot("bulk");
  await panel.focus();
  await panel.press("u");
  await expect.poll(() => panel.status(), patience).toContain("Undone");
  await expect.poll(() => panel.cell("verdict"), patience).toBe("edited");
  await panel.view.getByRole("button", { name: "Clear" }).click();
  await expect.poll(() => panel.matches(), patience).toBe(`${count(total())} rows`);
});

it("shows a row beside its source, character for character", async () => {
  const [statement] = manifest.statements.slice(3);
  await panel.view.locator("summary", { hasText: "Statement" }).click();
  await panel.value("statement", statement!.id).click();
  await expect.poll(() => panel.matches(), patience).toMatch(/ of /);
  await expect
    .poll(() => panel.detail.locator(".sources").textContent(), patience)
    .toContain(statement!.text);
  await panel.focus();
  await panel.press("Enter");
  const marked = workbench.page.locator(
    '.editor-instance .view-overlays [class*="ced-"], .editor-instance .view-lines [class*="ced-"]',
  );
  await workbench.tab(sample).first().waitFor(patience);
  await marked.first().waitFor(patience);
  await window.shot("source");
  // The editor says how much is selected, and where it ends.
  await workbench.page.keyboard.press("Control+2");
  const source = await readFile(session.path(sample), "utf8");
  const before = source.slice(0, statement!.end).split("\n");
  const place = `Ln ${before.length}, Col ${before.at(-1)!.length + 1}`;
  const status = workbench.page.locator("#status\\.editor\\.selection");
  await expect
    .poll(() => status.textContent(), patience)
    .toBe(`${place} (${statement!.end! - statement!.start!} selected)`);
  await workbench.page.keyboard.press("Control+1");
});

it("leads from a statement to its rows: by command, lens and hover", async () => {
  await workbench.openFile(sample);
  await workbench.go("End");
  await workbench.run("Ingrain: Show Rows of Statement");
  await expect.poll(() => panel.matches(), patience).toMatch(/^\d+ of /);
  await window.shot("rows-of-statement");
  await workbench.openFile(sample);
  await workbench.go("Home");
  const lens = workbench.page.locator(".codelens-decoration a", { hasText: "Show Rows" }).first();
  await lens.waitFor(patience);
  await window.shot("lens");
  await lens.click();
  await panel.rows.first().waitFor(patience);
});

it("draws charts, wears every theme, and gives axe nothing serious to find", async () => {
  await workbench.run("Ingrain: Open Dataset");
  await panel.rows.first().waitFor(patience);
  for (const name of Object.keys(themes) as Theme[]) {
    await workbench.wear(name);
    for (const view of ["Rows", "Charts"]) {
      await panel.view.getByRole("button", { name: view, exact: true }).click();
      await panel.view.locator(view === "Rows" ? ".table" : ".heat").waitFor(patience);
      await workbench.page.waitForTimeout(300);
      await window.shot(`${view.toLowerCase()}-${name}`);
      const found = await panel.axe();
      const serious = found.filter(({ impact }) => ["serious", "critical"].includes(impact));
      expect(serious, `${name}, ${view}`).toEqual([]);
    }
    await panel.view.getByRole("button", { name: "Rows", exact: true }).click();
  }
  await workbench.wear("dark");
});

it("keeps the verdicts of two windows", async () => {
  const other = await Window.open(session, "inspector-second");
  try {
    const second = new InspectorPanel(other.workbench);
    await other.visit();
    await other.workbench.openFile(sample);
    await other.workbench.hints.first().waitFor(patience);
    await other.workbench.run("Ingrain: Open Dataset");
    await second.rows.first().waitFor(patience);
    await panel.view
      .getByRole("button", { name: "Clear" })
      .click({ timeout: 2000 })
      .catch(() => undefined);
    await expect.poll(() => panel.matches(), patience).toBe(`${count(total())} rows`);
    const before = (await reviews()).length;
    await Promise.all([
      (async () => {
        await panel.focus();
        await panel.press("End");
        await panel.press("a");
      })(),
      (async () => {
        await second.focus();
        await second.press("Home");
        await second.press("r");
      })(),
    ]);
    await expect.poll(async () => (await reviews()).length, patience).toBe(before + 2);
    await second.press("End");
    await expect.poll(() => second.cell("verdict"), patience).toBe("approved");
    await panel.press("Home");
    await expect.poll(() => panel.cell("verdict"), patience).toBe("rejected");
    await other.shot("second-window");
  } finally {
    await other.close();
  }
});

it("stays smooth with 100,000 rows", async () => {
  const large = join(session.path(".ingrain"), "datasets", "large");
  await mkdir(large);
  const lines = (await readFile(join(folder, "cpt.jsonl"), "utf8")).trimEnd().split("\n");
  const rows = 100_000;
  const text: string[] = [];
  for (let row = 0; row < rows; row++) {
    const value = JSON.parse(lines[row % lines.length]!) as { id: string };
    text.push(JSON.stringify({ ...value, id: `c-${row}` }));
  }
  await writeFile(join(large, "cpt.jsonl"), `${text.join("\n")}\n`);
  await writeFile(join(large, "sft.jsonl"), "");
  await writeFile(join(large, "exam.jsonl"), "");
  const policy = { ...manifest.policy, title: "Large" };
  const counts = { ...manifest.counts, cpt: rows, sft: 0, exam: 0 };
  await writeFile(join(large, "dataset.json"), JSON.stringify({ ...manifest, policy, counts }));
  const start = Date.now();
  await workbench.run("Ingrain: Open Dataset");
  await workbench.pick("Large");
  await expect.poll(() => panel.matches(), patience).toBe("100,000 rows");
  console.log(`100,000 rows are open after ${Date.now() - start} ms, the palette included`);
  expect(await panel.rows.count()).toBeLessThan(300);
  await panel.focus();
  const times: number[] = [];
  for (const key of ["End", "Home", "PageDown", "PageDown", "End", "Home"]) {
    const before = await panel.cell("id");
    const pressed = Date.now();
    await panel.press(key);
    await expect.poll(() => panel.cell("id"), { timeout: 10_000, interval: 5 }).not.toBe(before);
    times.push(Date.now() - pressed);
  }
  console.log(`Rows after a jump: ${times.join(", ")} ms`);
  await panel.press("End");
  await expect.poll(() => panel.cell("id"), patience).toBe("c-99999");
  await window.shot("large");
  expect(await panel.rows.count()).toBeLessThan(300);
});
