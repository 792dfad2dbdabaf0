import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  canBeTrainer,
  identify,
  isAlive,
  onThisHost,
  signalGroup,
  until,
} from "../../../src/training/processes.ts";

test("this process is alive, on this host", async () => {
  const self = await identify(process.pid);
  expect(onThisHost(self)).toBe(true);
  expect(await isAlive(self)).toBe(true);
});

test("a process that ended is not", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  const identity = await identify(child.pid!);
  await once(child, "exit");
  expect(await until(async () => !(await isAlive(identity)), 2000)).toBe(true);
});

test.runIf(process.platform === "linux")(
  "the pid of another process is not taken for it",
  async () => {
    const self = await identify(process.pid);
    expect(await isAlive({ ...self, start: "another boot/1" })).toBe(false);
  },
);

test("until gives up", async () => {
  expect(await until(() => Promise.resolve(false), 30)).toBe(false);
});

test.each([
  ["the first process", 1],
  ["this process", process.pid],
  ["its parent", process.ppid],
])("no signal is sent to %s, nor to its group", (_, pid) => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  onTestFinished(() => kill.mockRestore());
  const identity = { pid, host: "here", start: "now" };
  expect(canBeTrainer(identity)).toBe(false);
  expect(signalGroup(identity, "SIGKILL")).toBe(false);
  expect(kill).not.toHaveBeenCalled();
});

test.runIf(process.platform !== "win32")(
  "nor to a process of which nobody knows when it began",
  () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    onTestFinished(() => kill.mockRestore());
    expect(signalGroup({ pid: 4242, host: "here" }, "SIGTERM")).toBe(false);
    expect(kill).not.toHaveBeenCalled();
    expect(signalGroup({ pid: 4242, host: "here", start: "then" }, "SIGTERM")).toBe(true);
    expect(kill).toHaveBeenCalledWith(-4242, "SIGTERM");
  },
);
