import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { readEvents } from "../../../src/training/events-file.ts";
import { cancelRun, resumeRun, startRun } from "../../../src/training/launch.ts";
import { identify, isAlive, signalGroup, until } from "../../../src/training/processes.ts";
import {
  liveStatus,
  type LiveStatus,
  readProcess,
  readResumed,
  readState,
  runFiles,
} from "../../../src/training/run-folder.ts";
import {
  type Behaviour,
  idleProcess,
  temporaryFolder,
  writeDataset,
  writeTrainer,
} from "./fixture.ts";

async function start(behaviour: Behaviour) {
  const root = temporaryFolder();
  const trainer = await writeTrainer(root, behaviour);
  const runs = join(root, "runs");
  const options = { runs, dataset: await writeDataset(root), seed: 1, trainer };
  const folder = await startRun(options);
  const identity = (await readProcess(folder))!;
  onTestFinished(() => void signalGroup(identity, "SIGKILL"));
  return { root, folder, pid: identity.pid, options };
}

const reaches = (folder: string, status: LiveStatus) =>
  until(async () => (await liveStatus(folder)) === status, 5000);

const typesOf = (folder: string) => readEvents(runFiles(folder).events).map(({ type }) => type);

test("a started run is alive in a process of its own", async () => {
  const { folder, pid } = await start("polite");
  expect(await reaches(folder, "running")).toBe(true);
  expect(pid).not.toBe(process.pid);
  expect(readState(folder).process?.pid).toBe(pid);
});

test("a second run on the same dataset is refused while one runs, and leaves nothing", async () => {
  const { folder, options } = await start("polite");
  const second = startRun({ ...options, seed: 2 });
  await expect(second).rejects.toThrow(InputError);
  await expect(second).rejects.toThrow(
    readdirSync(options.runs).find((id) => !id.startsWith("."))!,
  );
  expect(readdirSync(options.runs).filter((id) => !id.startsWith("."))).toHaveLength(1);
  await reaches(folder, "running");
  await cancelRun(folder);
  const third = await startRun({ ...options, seed: 2 });
  await reaches(third, "running");
  await cancelRun(third);
});

test("cancelling waits until the process is gone, and writes one last word", async () => {
  const { folder } = await start("polite");
  await reaches(folder, "running");
  const identity = (await readProcess(folder))!;
  expect(await cancelRun(folder)).toEqual({ killed: false, status: "cancelled" });
  expect(await isAlive(identity)).toBe(false);
  expect(typesOf(folder)).toEqual(["started", "cancelled"]);
});

test.runIf(process.platform !== "win32")(
  "a trainer that does not listen is ended by force, with its children",
  async () => {
    const { folder } = await start("stubborn");
    await reaches(folder, "running");
    const identity = (await readProcess(folder))!;
    const child = await identify(Number(readFileSync(join(folder, "child.pid"), "utf8")));
    expect(await isAlive(child)).toBe(true);
    expect(await cancelRun(folder)).toEqual({ killed: true, status: "cancelled" });
    expect(await isAlive(identity)).toBe(false);
    expect(await isAlive(child)).toBe(false);
    expect(typesOf(folder)).toEqual(["started", "warning", "cancelled"]);
  },
);

test("the cancel file is heard where there are no signals", async () => {
  const { folder } = await start("polite");
  await reaches(folder, "running");
  writeFileSync(runFiles(folder).cancel, "");
  expect(await reaches(folder, "cancelled")).toBe(true);
});

test("a run that is over cannot be cancelled", async () => {
  const { folder } = await start("done");
  await reaches(folder, "finished");
  const identity = (await readProcess(folder))!;
  await until(async () => !(await isAlive(identity)), 2000);
  await expect(cancelRun(folder)).rejects.toThrow(InputError);
  await expect(cancelRun(folder)).rejects.toThrow("finished");
  await expect(resumeRun(folder, { trainer: join(folder, "../../done.cjs") })).rejects.toThrow(
    "finished already",
  );
});

test("a run whose process went without a last word is interrupted, and goes on when resumed", async () => {
  const { root, folder } = await start("lost");
  expect(await reaches(folder, "interrupted")).toBe(true);
  await resumeRun(folder, { trainer: await writeTrainer(root, "polite") });
  expect(await liveStatus(folder)).toBe("running");
  await expect(resumeRun(folder, { trainer: await writeTrainer(root, "polite") })).rejects.toThrow(
    "goes on already",
  );
  await cancelRun(folder);
});

test("a torn last event does not hinder resuming", async () => {
  const { root, folder } = await start("lost");
  await reaches(folder, "interrupted");
  appendFileSync(runFiles(folder).events, '{"v":1,"at":"20');
  expect(await liveStatus(folder)).toBe("interrupted");
  await resumeRun(folder, { trainer: await writeTrainer(root, "polite") });
  await cancelRun(folder);
  expect(typesOf(folder)).toEqual(["started", "started", "cancelled"]);
});

test("a run is resumed on the device that is named", async () => {
  const { root, folder } = await start("lost");
  await reaches(folder, "interrupted");
  const trainer = await writeTrainer(root, "polite");
  const wrong = resumeRun(folder, { trainer }, { batchSize: 1 });
  await expect(wrong).rejects.toThrow("only a run of the engine trl has a batch size");
  expect(await readResumed(folder)).toEqual({});
  await resumeRun(folder, { trainer }, { device: "cpu" });
  expect(await readResumed(folder)).toEqual({ device: "cpu" });
  await cancelRun(folder);
});

test("a trainer that cannot start says why", async () => {
  const { root, folder } = await start("lost");
  await reaches(folder, "interrupted");
  await expect(resumeRun(folder, { trainer: await writeTrainer(root, "mute") })).rejects.toThrow(
    "the trainer did not start: no such module",
  );
});

test("a trainer that is not built is told before anything is made", async () => {
  const root = temporaryFolder();
  const options = { runs: join(root, "runs"), dataset: await writeDataset(root), seed: 1 };
  await expect(startRun({ ...options, trainer: join(root, "nope.js") })).rejects.toThrow(
    "not built",
  );
  expect(existsSync(options.runs)).toBe(false);
});

describe("a run folder that names a process which is no trainer's leads to no signal:", () => {
  const isUnix = process.platform !== "win32";

  test.runIf(isUnix).each([
    ["the first process", 1],
    ["this process", process.pid],
    ["its parent", process.ppid],
  ])("%s", async (_, pid) => {
    const { folder } = await start("lost");
    await reaches(folder, "interrupted");
    const identity = await identify(pid);
    for (const claimed of [identity, { pid, host: identity.host }]) {
      writeFileSync(runFiles(folder).process, JSON.stringify(claimed));
      const kill = vi.spyOn(process, "kill");
      onTestFinished(() => kill.mockRestore());
      expect(await liveStatus(folder)).toBe("interrupted");
      await expect(cancelRun(folder)).rejects.toThrow("does not go on");
      expect(kill.mock.calls).toEqual([]);
    }
  });

  test.runIf(isUnix)("a process that cannot be told from another of its number", async () => {
    const { folder } = await start("lost");
    await reaches(folder, "interrupted");
    const identity = await identify(idleProcess().pid!);
    const claims = [
      { pid: identity.pid, host: identity.host },
      { ...identity, start: "another" },
    ];
    for (const claimed of claims) {
      writeFileSync(runFiles(folder).process, JSON.stringify(claimed));
      await expect(cancelRun(folder)).rejects.toThrow("does not go on");
      expect(await isAlive(identity)).toBe(true);
    }
  });
});
