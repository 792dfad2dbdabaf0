import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Dataset } from "../../../src/synthesis/dataset.ts";
import { serializeDataset } from "../../../src/synthesis/jsonl.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";

/** A policy small enough for tests, with a statement of every category. */
export const policyText = `# Key desk

Each locker has a number from 1 to 40. A spare key costs 6 euros.

Greet every guest by name.

A locker is opened only if the guest shows a pass.

Members pay nothing for a lost key, guests with a pass pay 6 euros and others pay 15 euros.
`;

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ingrain-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function smallDataset(seed = 1): Dataset {
  return synthesize(parsePolicy(policyText, { path: "key-desk.md" }), { seed, command: "test" });
}

/** Writes the small dataset. @returns its folder. */
export async function writeDataset(parent: string, dataset = smallDataset()): Promise<string> {
  const folder = join(parent, "dataset");
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(serializeDataset(dataset))) {
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A process that does nothing, until the test is over. */
export function idleProcess(): ChildProcess {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** How a stand-in for the trainer behaves once it has said that it started. */
export type Behaviour = "polite" | "stubborn" | "lost" | "done" | "mute";

/**
 * Writes a program that speaks as the trainer does and trains nothing.
 * - polite: ends when asked, with its last word.
 * - stubborn: does not listen, and neither does its child, whose pid is in `child.pid`.
 * - lost: goes without a last word. - done: finishes. - mute: goes before it said anything.
 * @returns its path.
 */
export async function writeTrainer(folder: string, behaviour: Behaviour): Promise<string> {
  const path = join(folder, `${behaviour}.cjs`);
  await writeFile(
    path,
    `const fs = require("node:fs"), path = require("node:path"), os = require("node:os");
const run = process.argv[2], behaviour = ${JSON.stringify(behaviour)};
const say = (event) => fs.appendFileSync(path.join(run, "events.jsonl"),
  JSON.stringify({ v: 1, at: new Date().toISOString(), ...event }) + "\\n");
if (behaviour === "mute") { console.error("no such module"); process.exit(1); }
process.on("SIGTERM", () => {
  if (behaviour === "stubborn") return;
  say({ type: "cancelled" });
  process.exit(0);
});
if (behaviour === "stubborn") {
  const child = require("node:child_process").spawn(process.execPath,
    ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: "ignore" });
  fs.writeFileSync(path.join(run, "child.pid"), String(child.pid));
}
setInterval(() => {
  if (!fs.existsSync(path.join(run, "cancel"))) return;
  say({ type: "cancelled" });
  process.exit(0);
}, 20);
say({ type: "started", pid: process.pid, host: os.hostname(), engine: "onnx", device: "cpu" });
if (behaviour === "lost") process.kill(process.pid, "SIGKILL");
if (behaviour === "done") { say({ type: "finished", report: "report.json" }); process.exit(0); }
`,
  );
  return path;
}
