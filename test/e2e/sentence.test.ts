import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Report } from "../../src/evaluation/report.ts";
import { DatasetManifest } from "../../src/synthesis/dataset.ts";
import { installedExtension } from "./harness/extension-host.ts";
import { Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";
import { type Theme, themes, type Workbench } from "./harness/workbench.ts";

const policy = `---
ingrain: policy
---

# Parcel desk

The desk is open from 9:00 to 17:00. Rerouting costs 3 euros.

Greet every customer by name.

## Rerouting

Each parcel has a weight, a zone and a status.

Read the new address back to the customer before you save it.

A parcel can be rerouted only if its status is "in depot".

Gold customers reroute for free, silver customers pay 3 euros and others pay 5 euros.

## Refunds

A refund takes 7 days.

If a parcel is lost, refund the price and the postage.

Never promise a date of delivery.
`;

/** A model that learns some of it, in less than a minute when nobody else works. */
const small = { layers: 2, width: 64, heads: 4, vocabulary: 500, cptTokens: 200_000 };
const patience = { timeout: 60_000 };

let session: Session;
let window: Window;
let workbench: Workbench;

beforeAll(async () => {
  session = await Session.start([], { vsix: packagedExtension() });
  await writeFile(session.path("parcel-desk.md"), policy);
  const cli = join(await installedExtension(session), "dist", "cli.js");
  const settings = Object.entries(small).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const args = [cli, "internalize", "parcel-desk.md", "--set", "sftTokens=20000", ...settings];
  await promisify(execFile)(process.execPath, args, { cwd: session.folder });
  window = await Window.open(session, "sentence");
  workbench = window.workbench;
  await window.visit();
  await workbench.openFile("parcel-desk.md");
}, 900_000);
afterAll(async () => {
  await window.close();
  await session.end();
});

async function folders(kind: "runs" | "datasets"): Promise<string[]> {
  const parent = session.path(join(".ingrain", kind));
  const names = (await readdir(parent)).filter((name) => !name.startsWith("."));
  return names.sort().map((name) => join(parent, name));
}

async function manifests(): Promise<DatasetManifest[]> {
  const texts = (await folders("datasets")).map((each) =>
    readFile(join(each, "dataset.json"), "utf8"),
  );
  return (await Promise.all(texts)).map((text) => DatasetManifest.parse(JSON.parse(text)));
}

/** The mark that the newest report gives the statement with these words. */
async function markOf(words: string): Promise<RegExp> {
  const run = (await folders("runs")).at(-1)!;
  const report = Report.parse(JSON.parse(await readFile(join(run, "report.json"), "utf8")));
  const [manifest] = await manifests();
  const { id } = manifest!.statements.find(({ text }) => text.includes(words))!;
  const { right, n } = report.arms.internalized!.byStatement[id]!;
  return new RegExp(`${right >= 0.8 * n ? "✓" : "✗"}[\\s\\u00a0]${right}/${n}`);
}

const gold = "Gold customers reroute";

it("shows on each statement what the newest run learned of it", async () => {
  // One whose mark does not wrap: a line here is one of the screen.
  const words = "A parcel can be rerouted";
  const line = workbench.line(words);
  await expect.poll(() => line.textContent(), patience).toMatch(await markOf(words));
  await expect
    .poll(() => workbench.page.locator(".codelens-decoration a").allTextContents(), patience)
    .toContainEqual(expect.stringMatching(/% learned/));
  for (const name of Object.keys(themes) as Theme[]) {
    await workbench.wear(name);
    await window.shot(`learned-${name}`);
  }
  await workbench.wear("dark");
  await workbench.line("Greet every").click();
  await workbench.run("Show or Focus Hover");
  const hover = workbench.page.locator(".monaco-hover:visible");
  await hover.getByText("Show Run").waitFor(patience);
  expect(await hover.textContent()).toMatch(/of \d+ right · untrained \d+ of \d+ · SFT only/);
  await window.shot("hover");
  await workbench.page.keyboard.press("Escape");
});

it("takes a statement that was changed for stale, and its mark back with the change", async () => {
  const line = workbench.line("A refund takes");
  await line.click();
  await workbench.page.keyboard.press("End");
  await workbench.page.keyboard.press("ArrowLeft");
  await workbench.page.keyboard.type(" at most");
  await expect.poll(() => line.textContent(), patience).toMatch(/↻[\s\u00a0]stale/);
  await window.shot("stale");
  for (let letter = 0; letter < 8; letter++) await workbench.page.keyboard.press("Backspace");
  await expect.poll(() => line.textContent(), patience).toMatch(await markOf("A refund takes"));
});

it("names what was not learned, and writes more rows for it", async () => {
  await workbench.openFile("parcel-desk.md");
  await workbench.run("Ingrain: What to Do Next");
  await workbench.page.locator(".quick-input-title", { hasText: "not learned" }).waitFor(patience);
  await window.shot("what-next");
  await workbench.pick(gold);
  await window.shot("remedies");
  await workbench.pick("More Rows");
  const weights = async () =>
    (await manifests()).flatMap(({ weights: known = {} }) => Object.values(known));
  await expect.poll(weights, patience).toEqual([2]);
  await window.shot("more-rows");
});
