import { build } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Dataset } from "../../src/synthesis/dataset.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { readEvents } from "../../src/training/events-file.ts";
import { startRun } from "../../src/training/launch.ts";
import { signalGroup, until } from "../../src/training/processes.ts";
import { liveStatus, readProcess, runFiles } from "../../src/training/run-folder.ts";
import type { DeviceChoice, OnnxHyperparameters } from "../../src/training/spec.ts";
import { smallDataset, writeDataset } from "../unit/training/fixture.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles the trainer as the package does. @returns its path. */
export async function buildTrainer(): Promise<string> {
  return bundle("src/training/engines/onnx/trainer.ts", "trainer.js");
}

/** Bundles the server of an embedded model beside the trainer. */
export async function buildServer(): Promise<void> {
  await bundle("src/serving/embedded/server.ts", "server.js");
}

async function bundle(source: string, name: string): Promise<string> {
  const path = join(root, ".cache", "engine", name);
  await build({
    entryPoints: [join(root, source)],
    outfile: path,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["onnxruntime-node"],
    logLevel: "warning",
  });
  return path;
}

/** A model that trains in seconds. */
export const tiny: Partial<OnnxHyperparameters> = {
  layers: 1,
  heads: 2,
  width: 32,
  context: 96,
  vocabulary: 320,
  batchTokens: 256,
  cptTokens: 6000,
  sftTokens: 2000,
  checkpointEverySteps: 5,
};

/** A folder on the repository's disk that goes with the test. */
export async function workFolder(): Promise<string> {
  const parent = join(root, ".cache", "engine");
  await mkdir(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "run-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a tiny run; its process ends with the test. @returns the run folder. */
export async function startTiny(
  trainer: string,
  folder: string,
  hyperparameters: Partial<OnnxHyperparameters> = {},
  { device = "cpu", dataset = smallDataset() }: { device?: DeviceChoice; dataset?: Dataset } = {},
): Promise<string> {
  const run = await startRun({
    runs: join(folder, "runs"),
    dataset: await writeDataset(folder, dataset),
    seed: 1,
    device,
    hyperparameters: { ...tiny, ...hyperparameters },
    trainer,
  });
  onTestFinished(async () => {
    const identity = await readProcess(run);
    if (identity) signalGroup(identity, "SIGKILL");
  });
  return run;
}

export const eventsOf = (run: string): RunEvent[] => readEvents(runFiles(run).events);

/** Waits for an event. */
export async function waitFor(
  run: string,
  wanted: (event: RunEvent) => boolean,
  limitMs = 100_000,
): Promise<boolean> {
  return until(() => Promise.resolve(eventsOf(run).some(wanted)), limitMs);
}

/** Waits until the run has said its last word, or is gone without one. */
export async function waitUntilOver(run: string, limitMs = 100_000): Promise<void> {
  await until(async () => !["created", "running"].includes(await liveStatus(run)), limitMs);
}
