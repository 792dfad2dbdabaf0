import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test, onTestFinished } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { createRun } from "../../../src/training/create-run.ts";
import { EventWriter } from "../../../src/training/events-file.ts";
import { until } from "../../../src/training/processes.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { ingrainFolder } from "../../../src/workspace/folder.ts";
import { listRuns, readRun, watchRun } from "../../../src/workspace/runs.ts";
import { temporaryFolder, writeDataset } from "../training/fixture.ts";

async function setUp() {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const dataset = await writeDataset(root);
  const create = (seed = 1) => createRun({ runs: ingrain.runs, dataset, seed });
  return { ingrain, create, folder: (await create()).folder };
}

const started = {
  type: "started",
  pid: process.pid,
  host: "h",
  engine: "onnx",
  device: "cpu",
} as const;

/** As if the process that the folder names had ended. */
async function endProcess(folder: string): Promise<void> {
  await writeFile(
    runFiles(folder).process,
    JSON.stringify({ pid: 999_999, host: hostname(), start: "x" }),
  );
}

test("no folder, no runs", async () => {
  expect(await listRuns(ingrainFolder(temporaryFolder()))).toEqual([]);
});

test("runs are listed with their live status, newest first", async () => {
  const { ingrain, create, folder } = await setUp();
  const second = (await create(2)).folder;
  new EventWriter(runFiles(folder).events).append(started);
  await endProcess(folder);
  const runs = await listRuns(ingrain);
  expect(runs.map(({ folder: path, status }) => [path, status])).toEqual([
    [second, "created"],
    [folder, "interrupted"],
  ]);
});

test("a run that has just been made and lost its process is interrupted", async () => {
  const { folder } = await setUp();
  await rm(runFiles(folder).launcher);
  expect((await readRun(folder)).status).toBe("interrupted");
});

test.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
  ["no run.json", (folder) => rm(runFiles(folder).spec), /spec of the run is missing: .*run\.json/],
  [
    "an empty run.json",
    (folder) => writeFile(runFiles(folder).spec, ""),
    /is not JSON: .*run\.json/,
  ],
  [
    "half a run.json",
    (folder) => writeFile(runFiles(folder).spec, '{"id"'),
    /not JSON: .*run\.json/,
  ],
  [
    "another run.json",
    (folder) => writeFile(runFiles(folder).spec, "{}"),
    /not valid: .*run\.json/,
  ],
  [
    "a broken event",
    (folder) => writeFile(runFiles(folder).events, "{}\n"),
    /events\.jsonl:1: not an event/,
  ],
  [
    "a broken process.json",
    (folder) => writeFile(runFiles(folder).process, "{"),
    /not JSON: .*process\.json/,
  ],
])("a half-written run folder is listed with one clear line: %s", async (_, spoil, problem) => {
  const { ingrain, folder, create } = await setUp();
  await spoil(folder);
  const whole = (await create(2)).folder;
  const runs = await listRuns(ingrain);
  expect(runs).toHaveLength(2);
  const broken = runs.find((run) => run.folder === folder)!;
  expect(broken.status).toBe("broken");
  expect(broken.problem).toMatch(problem);
  expect(broken.problem).not.toContain("\n");
  expect(runs.find((run) => run.folder === whole)!.status).toBe("created");
  await expect(readRun(folder)).rejects.toThrow(InputError);
});

test("an empty folder and a stray file among the runs do no harm", async () => {
  const { ingrain } = await setUp();
  await mkdir(join(ingrain.runs, "empty"));
  await mkdir(join(ingrain.runs, ".new-abc"));
  await writeFile(join(ingrain.runs, "notes.txt"), "");
  expect((await listRuns(ingrain)).map(({ id, status }) => [id === "empty", status])).toEqual([
    [true, "broken"],
    [false, "created"],
  ]);
});

test("a torn last event is waited for, not told as broken", async () => {
  const { folder } = await setUp();
  new EventWriter(runFiles(folder).events).append(started);
  await appendFile(runFiles(folder).events, '{"v":1,"at"');
  expect((await readRun(folder)).status).toBe("running");
});

test("a finished run without its report says so", async () => {
  const { folder } = await setUp();
  new EventWriter(runFiles(folder).events).append({ type: "finished", report: "report.json" });
  await expect(readRun(folder)).rejects.toThrow(/report of the run is missing: .*report\.json/);
});

test("a watched run tells of new events and of its process's end", async () => {
  const { folder } = await setUp();
  let calls = 0;
  const watcher = watchRun(folder, () => calls++);
  onTestFinished(() => watcher.dispose());
  await until(() => Promise.resolve(calls > 0), 400);
  const before = calls;
  new EventWriter(runFiles(folder).events).append(started);
  expect(await until(() => Promise.resolve(calls > before), 5000)).toBe(true);
  const then = calls;
  await endProcess(folder);
  expect(await until(() => Promise.resolve(calls > then), 5000)).toBe(true);
});
