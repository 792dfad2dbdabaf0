import { once } from "node:events";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EventWriter } from "../../../src/training/events-file.ts";
import { identify } from "../../../src/training/processes.ts";
import { hasLiveProcess, liveStatus, runFiles } from "../../../src/training/run-folder.ts";
import { idleProcess, temporaryFolder } from "./fixture.ts";

const started = { type: "started", pid: 1, host: "far", engine: "onnx", device: "cpu" } as const;

function runOn(process: object): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(runFiles(folder).process, JSON.stringify(process));
  new EventWriter(runFiles(folder).events).append(started);
  return folder;
}

test("a run of this host lives as long as its process", async () => {
  const trainer = idleProcess();
  const folder = runOn(await identify(trainer.pid!));
  expect(await liveStatus(folder)).toBe("running");
  trainer.kill("SIGKILL");
  await once(trainer, "exit");
  expect(await liveStatus(folder)).toBe("interrupted");
});

test("a run whose trainer is yet to come lives as long as its launcher", async () => {
  const launcher = idleProcess();
  const folder = temporaryFolder();
  writeFileSync(runFiles(folder).launcher, JSON.stringify(await identify(launcher.pid!)));
  expect(await liveStatus(folder)).toBe("created");
  expect(await hasLiveProcess(folder)).toBe(false);
  writeFileSync(runFiles(folder).process, JSON.stringify(await identify(999_999)));
  expect(await liveStatus(folder)).toBe("interrupted");
  rmSync(runFiles(folder).process);
  launcher.kill("SIGKILL");
  await once(launcher, "exit");
  expect(await liveStatus(folder)).toBe("interrupted");
});

test("a run of another host lives as long as it writes", async () => {
  const folder = runOn({ pid: 1, host: "far" });
  expect(await hasLiveProcess(folder)).toBe(true);
  const longAgo = new Date(Date.now() - 3_600_000);
  const { events, process } = runFiles(folder);
  utimesSync(process, longAgo, longAgo);
  expect(await liveStatus(folder)).toBe("running");
  utimesSync(events, longAgo, longAgo);
  expect(await liveStatus(folder)).toBe("interrupted");
});

test("what the last word says holds, whatever the process does", async () => {
  const folder = runOn(await identify(process.pid));
  new EventWriter(runFiles(folder).events).append({ type: "cancelled" });
  expect(await liveStatus(folder)).toBe("cancelled");
});
