import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runCli } from "../../src/cli/program.ts";
import { ExamAnswer } from "../../src/evaluation/answers.ts";
import { Report } from "../../src/evaluation/report.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { cancelRun, resumeRun } from "../../src/training/launch.ts";
import { groupIsAlive, isAlive, signalGroup, until } from "../../src/training/processes.ts";
import { liveStatus, readProcess, readState, runFiles } from "../../src/training/run-folder.ts";
import {
  buildTrainer,
  eventsOf,
  startTiny,
  waitFor,
  waitUntilOver,
  workFolder,
} from "./trainer.ts";

let trainer: string;
beforeAll(async () => {
  trainer = await buildTrainer();
});

/** The loss of every step that counts, by arm and stage. */
function curves(run: string): Record<string, number[]> {
  return Object.fromEntries(
    readState(run).stages.map(({ arm, name, curve }) => [
      `${arm} ${name}`,
      curve.map(({ loss }) => loss),
    ]),
  );
}

const isStep =
  (arm: string, stage: string, step: number) =>
  (event: RunEvent): boolean =>
    event.type === "step" && event.arm === arm && event.stage === stage && event.step >= step;

async function finish(run: string): Promise<void> {
  await waitUntilOver(run);
  expect(readState(run).error).toBeUndefined();
  expect(readState(run).status).toBe("finished");
}

let undisturbed: Promise<Record<string, number[]>> | undefined;

/** The curves of the same run when nobody disturbs it. */
async function reference(): Promise<Record<string, number[]>> {
  return (undisturbed ??= (async () => {
    const run = await startTiny(trainer, await workFolder());
    await finish(run);
    return curves(run);
  })());
}

function expectSameCurves(
  actual: Record<string, number[]>,
  expected: Record<string, number[]>,
): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, losses] of Object.entries(expected)) {
    expect(actual[name]).toHaveLength(losses.length);
    losses.forEach((loss, i) => expect(actual[name]![i]).toBeCloseTo(loss, 4));
  }
}

function reportOf(run: string): Report {
  return Report.parse(JSON.parse(readFileSync(runFiles(run).report, "utf8")));
}

/** The steps take a part of their stage's time, and the stages a part of the run's. */
function expectTimes({ stages, wallSeconds }: Report): void {
  for (const stage of stages) {
    expect(stage.wallSeconds).toBeGreaterThan(0);
    expect(stage.wallSeconds).toBeGreaterThanOrEqual(stage.seconds);
    expect(stage.tokensPerSecond * stage.seconds).toBeCloseTo(stage.tokens);
    expect(stage.seconds > 0).toBe(stage.name !== "exam");
  }
  const sum = stages.reduce((total, stage) => total + stage.wallSeconds, 0);
  expect(wallSeconds).toBeGreaterThanOrEqual(sum);
}

test("a run ends with a model that can be examined again and a report", async () => {
  const folder = await workFolder();
  const run = await startTiny(trainer, folder);
  await finish(run);
  const report = reportOf(run);
  expect(Object.keys(report.arms).sort()).toEqual(["base", "internalized", "sft-only"]);
  expect(report.stages.map(({ arm, name }) => `${arm} ${name}`)).toEqual([
    "internalized cpt",
    "internalized sft",
    "internalized exam",
    "base exam",
    "sft-only sft",
    "sft-only exam",
  ]);
  const trained = report.stages.flatMap(({ tokens }) => (tokens > 0 ? [tokens] : []));
  const [cpt, sft, alone] = trained as [number, number, number];
  expect(Math.abs(cpt + sft - alone)).toBeLessThan(3 * 256);
  expectTimes(report);
  expect(readdirSync(runFiles(run).model).sort()).toEqual([
    "config.json",
    "model.safetensors",
    "tokenizer.json",
  ]);
  expect(readdirSync(join(folder, "runs", ".locks"))).toEqual([]);
  expect(readdirSync(run)).not.toContain(".reserve");

  const ingrain = async (...args: string[]) => {
    let out = "";
    const code = await runCli(args, {
      cwd: folder,
      env: {},
      out: (text) => (out += text),
      log: () => undefined,
      terminal: undefined,
      trainer,
      categories: undefined,
      onInterrupt: () => ({ dispose: () => undefined }),
    });
    expect(code).toBe(0);
    return out;
  };
  const arm = report.arms.internalized!;
  expect(JSON.parse(await ingrain("exam", run, "--json"))).toEqual(arm);

  const answers = readFileSync(runFiles(run).answers, "utf8");
  expect(await ingrain("exam", run, "--answers")).toBe(answers);
  const marks = answers
    .trim()
    .split("\n")
    .map((line) => ExamAnswer.parse(JSON.parse(line)));
  const tallies = Object.values(arm.byStatement);
  expect(marks).toHaveLength(tallies.reduce((sum, { n }) => sum + n, 0));
  expect(marks.filter(({ right }) => right)).toHaveLength(
    tallies.reduce((sum, { right }) => sum + right, 0),
  );
});

test("a killed run is interrupted, and goes on to the same curve", async () => {
  const expected = await reference();
  const run = await startTiny(trainer, await workFolder());
  await waitFor(run, isStep("internalized", "cpt", 12));
  const identity = (await readProcess(run))!;
  signalGroup(identity, "SIGKILL");
  await until(async () => !(await isAlive(identity)), 2000);
  expect(await liveStatus(run)).toBe("interrupted");
  await resumeRun(run, { trainer });
  await finish(run);
  expectSameCurves(curves(run), expected);
  expectTimes(reportOf(run));
  const resumed = eventsOf(run).filter(({ type }) => type === "started")[1];
  expect(resumed).toMatchObject({ resumed: { stage: "cpt" } });
});

test("a cancelled run keeps its last step, and goes on to the same curve", async () => {
  const expected = await reference();
  const run = await startTiny(trainer, await workFolder());
  await waitFor(run, isStep("sft-only", "sft", 3));
  const identity = (await readProcess(run))!;
  const asked = performance.now();
  const cancelled = await cancelRun(run);
  console.log(`cancelled and gone after ${Math.round(performance.now() - asked)} ms`);
  expect(cancelled).toEqual({ killed: false, status: "cancelled" });
  expect(await isAlive(identity)).toBe(false);
  expect(await groupIsAlive(identity.pid)).toBe(false);
  const state = readState(run);
  expect(state.checkpoints.at(-1)).toMatchObject({
    arm: "sft-only",
    step: state.stages.at(-1)!.step,
  });
  await resumeRun(run, { trainer });
  await finish(run);
  expectSameCurves(curves(run), expected);
});

test("a run that is cancelled while it is examined keeps what it trained", async () => {
  const run = await startTiny(trainer, await workFolder());
  await waitFor(run, (event) => event.type === "stage" && event.name === "exam");
  await cancelRun(run);
  const trained = curves(run);
  await resumeRun(run, { trainer });
  await finish(run);
  expect(curves(run)).toMatchObject(trained);
});

test("a run whose checkpoints are broken warns and begins again", async () => {
  const expected = await reference();
  const run = await startTiny(trainer, await workFolder());
  await waitFor(run, isStep("internalized", "cpt", 7));
  await cancelRun(run);
  for (const name of readdirSync(runFiles(run).checkpoints)) {
    await rm(join(runFiles(run).checkpoints, name, "model.safetensors"), { force: true });
    await mkdir(join(runFiles(run).checkpoints, name, "model.safetensors"));
  }
  await resumeRun(run, { trainer });
  await finish(run);
  expect(readState(run).warnings.join()).toContain("cannot be read");
  expectSameCurves(curves(run), expected);
});

test("a rate that ruins the model fails the run with a hint", async () => {
  const run = await startTiny(trainer, await workFolder(), {
    peakRate: 1e30,
    warmup: 0,
    clipNorm: 1e30,
  });
  await waitUntilOver(run);
  const state = readState(run);
  expect(state.status).toBe("failed");
  expect(state.error?.error).toContain("the loss is no number any more");
  expect(state.error?.hint).toContain("peakRate");
});

/** A disk of the given size in MiB; undefined where mounting is not allowed. */
function smallDisk(folder: string, mebibytes: number): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "ingrain-test", folder], {
      stdio: "ignore",
    });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return true;
}

describe("a full disk", () => {
  test("fails the run with its last checkpoint kept, and the run goes on when there is room", async (context) => {
    const expected = await reference();
    const folder = await workFolder();
    const disk = join(folder, "disk");
    await mkdir(disk);
    if (!smallDisk(disk, 3)) return context.skip("mounting a small disk is not allowed here");
    const filler = join(disk, "filler");
    const run = await startTiny(trainer, disk);
    await waitFor(run, (event) => event.type === "checkpoint");
    // Takes all the room there is.
    try {
      execFileSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"], { stdio: "ignore" });
    } catch {
      // dd says that the disk is full, which is what it is for.
    }
    await waitUntilOver(run);
    const identity = (await readProcess(run))!;
    await until(async () => !(await isAlive(identity)), 5000);
    const state = readState(run);
    expect(state.status).toBe("failed");
    expect(state.error).toEqual({
      error: "The disk is full.",
      hint: "Free some space and resume the run: it goes on from its last checkpoint.",
    });
    const kept = readdirSync(runFiles(run).checkpoints);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((name) => name.startsWith("."))).toEqual([]);
    await rm(filler);
    await resumeRun(run, { trainer });
    await finish(run);
    expectSameCurves(curves(run), expected);
  });
});
