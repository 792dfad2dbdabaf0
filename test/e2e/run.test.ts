import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Report } from "../../src/evaluation/report.ts";
import { DatasetManifest } from "../../src/synthesis/dataset.ts";
import { RunEvent } from "../../src/training/events.ts";
import { cancelRun } from "../../src/training/launch.ts";
import { InspectorPanel } from "./harness/inspector.ts";
import { RunPanel } from "./harness/run-panel.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";
import { type Theme, themes, type Workbench } from "./harness/workbench.ts";

/** A whole run with its default settings, on two slow cores that do other things too. */
const runTime = 1_200_000;
const sample = basename(samplePolicy);

let session: Session;
let window: Window;
let workbench: Workbench;
let panel: RunPanel;

beforeAll(async () => {
  session = await Session.start([samplePolicy], { vsix: packagedExtension() });
  window = await Window.open(session, "run");
  workbench = window.workbench;
  panel = new RunPanel(workbench);
  await window.visit();
  await workbench.openFile(sample);
  await workbench.hints.first().waitFor({ timeout: 60_000 });
});
afterAll(async () => {
  await window.close();
  // After a failure in the middle the trainer still goes on: it is detached.
  for (const run of await runFolders()) await cancelRun(run).catch(() => undefined);
  await session.end();
});

/** Oldest first: run ids begin with the time. */
async function runFolders(): Promise<string[]> {
  const runs = session.path(join(".ingrain", "runs"));
  const ids = (await readdir(runs).catch(() => [])).filter((id) => !id.startsWith("."));
  return ids.sort().map((id) => join(runs, id));
}

async function newestRun(): Promise<string> {
  const newest = (await runFolders()).at(-1);
  if (newest === undefined) throw new Error("There is no run.");
  return newest;
}

async function eventsOf(run: string): Promise<RunEvent[]> {
  const lines = (await readFile(join(run, "events.jsonl"), "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => RunEvent.parse(JSON.parse(line)));
}

/** Processes that wrote `started` into the run. */
async function trainersOf(run: string): Promise<number[]> {
  return (await eventsOf(run)).flatMap((event) => (event.type === "started" ? [event.pid] : []));
}

async function curveMoves(): Promise<void> {
  const before = await panel.curveLabel();
  await expect.poll(() => panel.curveLabel(), { timeout: 60_000 }).not.toBe(before);
}

it("trains from the palette, through a reload and a restart, to the report", async () => {
  await workbench.run("Ingrain: Internalize Policy");
  await panel.waitForStatus("running");
  await curveMoves();
  await window.shot("run-dark");
  const run = await newestRun();
  const progress = await panel.progress();

  await workbench.reload();
  await panel.waitForStatus("running");
  await curveMoves();
  expect(await panel.progress()).toBeGreaterThanOrEqual(progress);
  await window.shot("run-after-reload");

  // VS Code closed and opened again: the browser window comes back to a new server.
  await workbench.leave();
  await session.restart();
  await window.visit();
  await panel.waitForStatus("running");
  await curveMoves();
  await window.shot("run-after-restart");
  expect(await trainersOf(run)).toHaveLength(1);

  await panel.waitForStatus("finished", runTime);
  await panel.report.waitFor();
  const report = Report.parse(JSON.parse(await readFile(join(run, "report.json"), "utf8")));
  const { internalized, "sft-only": sftOnly } = report.arms;
  expect(internalized!.accuracy).toBeGreaterThan(sftOnly!.accuracy);
  const row = await panel.reportRow("internalized").textContent();
  expect(row).toContain(internalized!.accuracy.toFixed(2));
  expect(await panel.exam("internalized").locator("tbody tr").count()).toBe(
    Object.keys(internalized!.byCategory).length,
  );
  for (const name of Object.keys(themes) as Theme[]) {
    await workbench.wear(name);
    await window.shot(`finished-${name}`);
  }
  await panel.report.scrollIntoViewIfNeeded();
  await window.shot("report");
}, 1_500_000);

it("shows the dataset as a table", async () => {
  await workbench.run("Ingrain: Open Dataset");
  const inspector = new InspectorPanel(workbench);
  await inspector.rows.first().waitFor({ timeout: 30_000 });
  const run = await newestRun();
  const manifest = DatasetManifest.parse(
    JSON.parse(await readFile(join(run, "dataset", "dataset.json"), "utf8")),
  );
  await inspector.value("part", "exam").click();
  await expect
    .poll(() => inspector.matches(), { timeout: 30_000 })
    .toMatch(new RegExp(`^${manifest.counts.exam.toLocaleString("en")} of `));
  for (const name of ["light", "dark"] as const) {
    await workbench.wear(name);
    await window.shot(`dataset-${name}`);
  }
});

it("cancels a run and resumes it", async () => {
  await workbench.openFile(sample);
  await workbench.run("Ingrain: Internalize Policy");
  await panel.waitForStatus("running");
  await curveMoves();
  const run = await newestRun();
  await expect
    .poll(async () => (await eventsOf(run)).some(({ type }) => type === "checkpoint"), {
      timeout: 120_000,
    })
    .toBe(true);
  await panel.press("Cancel");
  await panel.waitForStatus("cancelled");
  await window.shot("cancelled");
  const [first] = await trainersOf(run);
  expect(() => process.kill(first!, 0)).toThrow();

  await panel.press("Resume");
  await panel.waitForStatus("running");
  await curveMoves();
  const resumed = (await eventsOf(run)).findLast(({ type }) => type === "started");
  expect(resumed).toMatchObject({ resumed: { step: expect.any(Number) as number } });
  await workbench.run("Ingrain: Cancel Run");
  await panel.waitForStatus("cancelled");
}, 400_000);
