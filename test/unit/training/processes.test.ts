import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identify, isAlive, onThisHost, until } from "../../../src/training/processes.ts";

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
