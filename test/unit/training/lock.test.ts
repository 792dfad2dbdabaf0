import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { RunLock } from "../../../src/training/lock.ts";
import { identify, type ProcessIdentity } from "../../../src/training/processes.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { idleProcess, temporaryFolder } from "./fixture.ts";

const sha = "ab".repeat(32);

/** A run folder that names its process. */
function runOf(runs: string, id: string, process: ProcessIdentity): string {
  const folder = join(runs, id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(runFiles(folder).process, JSON.stringify(process));
  return folder;
}

const gone = async () => ({ ...(await identify(process.pid)), start: "before/1", pid: 999_999 });

test("one run holds the lock; the next is refused and told whose it is", async () => {
  const runs = temporaryFolder();
  const self = await identify(process.pid);
  const trainer = await identify(idleProcess().pid!);
  const first = new RunLock(runOf(runs, "first", trainer), sha);
  const second = new RunLock(runOf(runs, "second", self), sha);
  await first.acquire();
  await expect(second.acquire()).rejects.toThrow(InputError);
  await first.handOver();
  await expect(second.acquire()).rejects.toThrow("first");
  await second.release();
  await expect(second.acquire()).rejects.toThrow("first");
  await first.release();
  await second.acquire();
});

test("another dataset has another lock", async () => {
  const runs = temporaryFolder();
  const self = await identify(process.pid);
  await new RunLock(runOf(runs, "first", self), sha).acquire();
  await new RunLock(runOf(runs, "second", self), "cd".repeat(32)).acquire();
});

test("the lock of a dead process is taken over, by one only", async () => {
  const runs = temporaryFolder();
  const dead = new RunLock(runOf(runs, "dead", await gone()), sha);
  await dead.acquire();
  await dead.handOver();
  const self = await identify(process.pid);
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => new RunLock(runOf(runs, `run-${i}`, self), sha).acquire()),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(readdirSync(join(runs, ".locks"))).toHaveLength(1);
});

test("a lock file that says nothing is taken over", async () => {
  const runs = temporaryFolder();
  const folder = runOf(runs, "run", await identify(process.pid));
  mkdirSync(join(runs, ".locks"));
  writeFileSync(join(runs, ".locks", sha.slice(0, 32)), "");
  await new RunLock(folder, sha).acquire();
});
