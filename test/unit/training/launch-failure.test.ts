import { readdirSync } from "node:fs";
import type * as promises from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { describeFileError } from "../../../src/training/file-errors.ts";
import { resumeRun, startRun } from "../../../src/training/launch.ts";
import { isAlive, ProcessIdentity, signalGroup } from "../../../src/training/processes.ts";
import { liveStatus, readProcess } from "../../../src/training/run-folder.ts";
import { temporaryFolder, writeDataset, writeTrainer } from "./fixture.ts";

/** The disk is full for files whose path matches; what should have been written is kept here. */
const disk = vi.hoisted<{ full: RegExp | undefined; lost: unknown[] }>(() => ({
  full: undefined,
  lost: [],
}));

vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof promises>();
  const writeFile: typeof fs.writeFile = async (path, data, options) => {
    if (typeof path !== "string" || !disk.full?.test(path))
      return fs.writeFile(path, data, options);
    disk.lost.push(data);
    // As Node tells it: without the path.
    const error = new Error("ENOSPC: no space left on device, write");
    throw Object.assign(error, { code: "ENOSPC", syscall: "write", errno: -28 });
  };
  return { ...fs, writeFile };
});

const node = process.execPath;
afterEach(() => {
  disk.full = undefined;
  disk.lost.length = 0;
  process.execPath = node;
});

async function setUp() {
  const root = temporaryFolder();
  const trainer = await writeTrainer(root, "polite");
  const runs = join(root, "runs");
  return { root, runs, options: { runs, dataset: await writeDataset(root), seed: 1, trainer } };
}

/** A run that was made and lost its process. */
async function lostRun() {
  const { root, runs, options } = await setUp();
  const folder = await startRun(options);
  const identity = (await readProcess(folder))!;
  signalGroup(identity, "SIGKILL");
  await vi.waitFor(async () => expect(await isAlive(identity)).toBe(false), 5000);
  expect(await liveStatus(folder)).toBe("interrupted");
  return { root, runs, options, folder };
}

const spoilers: [string, () => void, RegExp][] = [
  [
    "the trainer's program cannot be run",
    () => (process.execPath = "/no/such/node"),
    /^the trainer could not be started: [^\n]*ENOENT[^\n]*$/,
  ],
  [
    "the disk is full when the process is written down",
    () => (disk.full = /process\.json/),
    /ENOSPC/,
  ],
  [
    "the disk is full when the lock is handed over",
    () => (disk.full = /\.locks[^.]+\.[^.]+\.tmp$/),
    /ENOSPC/,
  ],
];

/** The trainer that was told of in the file that could not be written is gone. */
async function expectNoTrainer(folder?: string): Promise<void> {
  const told = disk.lost.flatMap((data) => {
    const parsed = ProcessIdentity.safeParse(JSON.parse(String(data)));
    return parsed.success ? [parsed.data] : [];
  });
  if (String(disk.full).includes("process")) expect(told).toHaveLength(1);
  const written = folder === undefined ? undefined : await readProcess(folder);
  for (const identity of written ? [...told, written] : told) {
    expect(identity.pid).not.toBe(process.pid);
    expect(await isAlive(identity)).toBe(false);
  }
}

describe.each(spoilers)("when %s,", (_, spoil, message) => {
  test("a new run leaves nothing, and the next one starts", async () => {
    const { runs, options } = await setUp();
    spoil();
    await expect(startRun(options)).rejects.toThrow(message);
    await expectNoTrainer();
    expect(readdirSync(runs)).toEqual([".locks"]);
    expect(readdirSync(join(runs, ".locks"))).toEqual([]);

    disk.full = undefined;
    process.execPath = node;
    const folder = await startRun(options);
    const identity = (await readProcess(folder))!;
    onTestFinished(() => void signalGroup(identity, "SIGKILL"));
    expect(await isAlive(identity)).toBe(true);
  });

  test("a run that is resumed stays as it was, and can be resumed again", async () => {
    const { runs, options, folder } = await lostRun();
    spoil();
    await expect(resumeRun(folder, options)).rejects.toThrow(message);
    await expectNoTrainer(folder);
    expect(await liveStatus(folder)).toBe("interrupted");
    expect(readdirSync(join(runs, ".locks"))).toEqual([]);

    disk.full = undefined;
    process.execPath = node;
    await resumeRun(folder, options);
    const identity = (await readProcess(folder))!;
    onTestFinished(() => void signalGroup(identity, "SIGKILL"));
    expect(await liveStatus(folder)).toBe("running");
  });
});

test("a full disk is told with the file that could not be written", async () => {
  const { options, runs } = await setUp();
  disk.full = /process\.json/;
  const error: unknown = await startRun(options).catch((reason: unknown) => reason);
  expect(describeFileError(error)).toMatch(
    /^The disk is full: \S+process\.json could not be written\. Nothing was lost\.$/,
  );
  expect(describeFileError(error)).toContain(runs);
});
