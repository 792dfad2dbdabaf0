import { beforeAll, describe, expect, test } from "vitest";
import { GptModel } from "../../src/training/engines/onnx/model.ts";
import { GptTrainer, type Snapshot } from "../../src/training/engines/onnx/session.ts";
import type { Device } from "../../src/training/engines/onnx/graph/graph.ts";
import { cancelRun, resumeRun } from "../../src/training/launch.ts";
import { readSpec, readState } from "../../src/training/run-folder.ts";
import { smallDataset } from "../unit/training/fixture.ts";
import {
  buildTrainer,
  eventsOf,
  startTiny,
  waitFor,
  waitUntilOver,
  workFolder,
} from "../engine/trainer.ts";

/*
 * The embedded engine through the WebGPU provider, beside the CPU's. `npm run test:gpu` names a
 * device in software where there is no GPU: slow, and the numbers are the same.
 */

const config = { layers: 2, heads: 2, width: 32, context: 64, vocabulary: 300 };
const optimizer = { seed: 1, beta1: 0.9, beta2: 0.98, weightDecay: 0.1, clipNorm: 1 };
const steps = 8;
const rate = 3e-3;
/** Measured after four steps: 6e-7 in losses and norms, 1e-5 in weights. */
const digits = 4;

/** Sequences of several lengths, so that batches are padded and of several shapes. */
const batchOf = (n: number) =>
  Array.from({ length: 4 }, (_, b) => ({
    tokens: Array.from({ length: 20 + ((n * 5 + b) % 14) }, (_, i) => (i * 7 + b * 13 + n) % 300),
    lossFrom: b,
  }));

async function train(trainer: GptTrainer, until: number): Promise<number[]> {
  const curve: number[] = [];
  while (trainer.steps < until) {
    const { loss, gradientNorm } = await trainer.step(batchOf(trainer.steps), rate);
    curve.push(loss, gradientNorm);
  }
  return curve;
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual[i], `value ${i}`).toBeCloseTo(value, digits));
}

interface Course {
  curve: number[];
  heldOut: number;
  half: Snapshot;
  whole: Snapshot;
}

async function course(device: Device): Promise<Course> {
  const trainer = await GptTrainer.create(config, { ...optimizer, device });
  try {
    const first = await train(trainer, steps / 2);
    const half = await trainer.snapshot();
    const second = await train(trainer, steps);
    const { loss: heldOut } = await trainer.loss(batchOf(100));
    return { curve: [...first, ...second], heldOut, half, whole: await trainer.snapshot() };
  } finally {
    await trainer.release();
  }
}

describe("a training on the GPU", () => {
  let cpu: Course;
  let gpu: Course;
  beforeAll(async () => {
    cpu = await course("cpu");
    gpu = await course("gpu");
  });

  test("has the CPU's loss curve, gradient norms and held-out loss", () => {
    expectClose(gpu.curve, cpu.curve);
    expect(gpu.curve.at(-2)).toBeLessThan(gpu.curve[0]! - 0.1);
    expect(gpu.heldOut).toBeCloseTo(cpu.heldOut, digits);
  });

  test.each(["weights", "firstMoments", "secondMoments"] as const)("ends at its %s", (part) => {
    for (const [name, { data }] of cpu.whole[part]) {
      const other = gpu.whole[part].get(name)!.data;
      const furthest = data.reduce((most, x, i) => Math.max(most, Math.abs(x - other[i]!)), 0);
      expect(furthest, name).toBeLessThan(1e-3);
    }
  });

  test.each([
    ["cpu", "gpu"],
    ["gpu", "cpu"],
  ] as const)("begun on the %s it goes on on the %s", async (before, after) => {
    const { half } = before === "cpu" ? cpu : gpu;
    const trainer = await GptTrainer.create(config, { ...optimizer, seed: 99, device: after });
    trainer.restore(half);
    expectClose(await train(trainer, steps), cpu.curve.slice(steps));
    await trainer.release();
  });

  test("a model scores and writes as on the CPU", async () => {
    const answers = async (device: Device) => {
      const model = await GptModel.create(config, cpu.whole.weights, { device });
      const scores = await model.logLikelihoods(batchOf(1));
      const prompts = batchOf(2).map(({ tokens }) => tokens.slice(0, 9));
      const written = await model.generate(prompts, { maxTokens: 4, stop: -1 });
      await model.release();
      return { scores, written };
    };
    const expected = await answers("cpu");
    const actual = await answers("gpu");
    expect(actual.written).toEqual(expected.written);
    expected.scores.forEach((score, i) => expect(actual.scores[i]).toBeCloseTo(score, 3));
  });
});

describe("a run", () => {
  let trainer: string;
  beforeAll(async () => {
    trainer = await buildTrainer();
  });

  const whole = smallDataset();
  const choices = whole.exam.filter((item) => "choices" in item);
  /** Few questions, none to be answered token by token: that would take minutes. */
  const dataset = { ...whole, exam: choices.slice(0, 8) };
  const patience = 800_000;

  const device = (run: string) => eventsOf(run).filter(({ type }) => type === "device");

  // A device in software takes a quarter of an hour for them.
  const onGpu = test.skipIf(process.env["VK_DRIVER_FILES"] !== undefined);

  onGpu("on the GPU, cancelled, goes on on the CPU to its end", async () => {
    const steps = { cptTokens: 1500, sftTokens: 600, checkpointEverySteps: 2 };
    const run = await startTiny(trainer, await workFolder(), steps, { device: "gpu", dataset });
    expect((await readSpec(run)) as { device?: string }).toMatchObject({ device: "gpu" });
    expect(await waitFor(run, ({ type }) => type === "checkpoint", patience)).toBe(true);
    expect(device(run)).toMatchObject([
      { device: "gpu", reason: expect.stringMatching(/^As asked; /) as string },
    ]);
    await cancelRun(run);
    await resumeRun(run, { trainer }, { device: "cpu" });
    await waitUntilOver(run);
    expect(readState(run).error).toBeUndefined();
    expect(readState(run)).toMatchObject({ status: "finished", process: { device: "cpu" } });
    const taken = eventsOf(run).flatMap((event) =>
      event.type === "step" && event.stage === "cpt" && event.arm === "internalized"
        ? event.step
        : [],
    );
    expect(new Set(taken).size).toBe(Math.max(...taken));
  });

  onGpu("whole on the GPU, with its exams", async () => {
    const rows = { ...dataset, sft: [] };
    const steps = { cptTokens: 300 };
    const run = await startTiny(trainer, await workFolder(), steps, {
      device: "gpu",
      dataset: rows,
    });
    await waitUntilOver(run, patience);
    expect(readState(run).error).toBeUndefined();
    expect(readState(run)).toMatchObject({ status: "finished", process: { device: "gpu" } });
  });
});

describe("without a GPU", () => {
  let trainer: string;
  beforeAll(async () => {
    trainer = await buildTrainer();
    process.env["VK_DRIVER_FILES"] = process.env["VK_ICD_FILENAMES"] = "/dev/null";
  });

  test("a run that asks for it fails in one line; resumed on the CPU it works", async () => {
    const run = await startTiny(trainer, await workFolder(), {}, { device: "gpu" });
    await waitUntilOver(run);
    const { status, error } = readState(run);
    expect(status).toBe("failed");
    expect(error?.error).toMatch(/^no GPU can be used: [^\n]*adapter[^\n]*\.$/);
    expect(error?.hint).toContain("--device cpu");
    await resumeRun(run, { trainer }, { device: "auto" });
    await waitUntilOver(run);
    expect(readState(run)).toMatchObject({ status: "finished", process: { device: "cpu" } });
    expect(readState(run).process?.reason).toMatch(/^No GPU can be used: /);
  });
});
