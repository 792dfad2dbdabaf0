import { describe, expect, test } from "vitest";
import { peakBytes, trainingSeconds } from "../../../../../src/training/engines/trl/estimate.ts";
import { defaultTrlHyperparameters } from "../../../../../src/training/engines/trl/hyperparameters.ts";
import { assess, type Facts } from "../../../../../src/training/engines/trl/preflight.ts";
import type { NewTrlRun } from "../../../../../src/training/run-options.ts";

const gibibyte = 2 ** 30;
/** Qwen3-4B, as its configuration and weights tell it. */
const shape = { parameters: 4.02e9, layers: 36, width: 2560, inner: 9728, vocabulary: 151936 };

const facts: Facts = {
  python: { path: "/env/bin/python", version: "3.12.3" },
  packages: {
    ...Object.fromEntries(
      [
        "torch",
        "transformers",
        "peft",
        "accelerate",
        "datasets",
        "bm25s",
        "filelock",
        "regex",
        "psutil",
      ].map((name) => [name, "1.0"]),
    ),
    trl: "1.13.0",
    bitsandbytes: null,
  },
  cuda: true,
  gpus: [{ name: "NVIDIA H100 80GB HBM3", totalBytes: 80 * gibibyte, freeBytes: 79 * gibibyte }],
  memoryBytes: 100 * gibibyte,
  diskBytes: 500 * gibibyte,
  model: {
    found: true,
    parameters: shape.parameters,
    config: { layers: 36, width: 2560, inner: 9728, vocabulary: 151936 },
  },
};
const run: NewTrlRun = {
  engine: "trl",
  model: "Qwen/Qwen3-4B",
  runs: "/work/.ingrain/runs",
  dataset: "/work/.ingrain/datasets/desk",
  seed: 1,
};
const of = (changed: Partial<Facts>, level: "error" | "warning", told: NewTrlRun = run) =>
  assess({ ...facts, ...changed }, told, 1e6).filter((finding) => finding.level === level);

describe("what a run would find", () => {
  test("a machine with all of it has nothing to mend", () => {
    expect(of({}, "error")).toEqual([]);
    expect(of({}, "warning")).toEqual([]);
  });

  test.each<[string, Partial<Facts>, RegExp, string | undefined]>([
    [
      "an old Python",
      { python: { path: "p", version: "3.9.1" } },
      /3\.9\.1 is too old/,
      "choose-python",
    ],
    ["no TRL", { packages: { ...facts.packages, trl: null } }, /package is missing: trl/, "set-up"],
    ["another TRL", { packages: { ...facts.packages, trl: "0.20.0" } }, /0\.20\.0/, "set-up"],
    ["torch without CUDA", { cuda: false }, /without CUDA/, "set-up"],
    [
      "a broken model",
      { model: { found: true, problem: "there is no tokenizer" } },
      /no tokenizer/,
      "choose-model",
    ],
    [
      "a model offline",
      { model: { found: false, offline: true } },
      /HF_HUB_OFFLINE/,
      "choose-model",
    ],
    ["a full disk", { diskBytes: 1000 }, /are free on the disk/, undefined],
  ])("%s is an error with its fix", (_, changed, text, fix) => {
    const [error, ...more] = of(changed, "error");
    expect(more).toEqual([]);
    expect(error?.text).toMatch(text);
    expect(error?.fix).toBe(fix);
  });

  test("QLoRA needs bitsandbytes and a GPU", () => {
    const qlora = { ...run, hyperparameters: { method: "qlora" } };
    expect(of({}, "error", qlora)[0]?.text).toContain("bitsandbytes");
    const packages = { ...facts.packages, bitsandbytes: "0.48" };
    expect(of({ packages, gpus: [] }, "error", qlora)[0]?.text).toContain("CUDA GPU");
  });

  test("a tracker needs its package, whichever there are of it", () => {
    const told = { ...run, reportTo: ["tensorboard", "trackio"] };
    const packages = { ...facts.packages, tensorboardX: "2.6" };
    const [error, ...more] = of({ packages }, "error", told);
    expect(more).toEqual([]);
    expect(error?.text).toBe(
      "Reporting to trackio needs the Python package trackio: /env/bin/python -m pip install trackio",
    );
    expect(of({ packages: { ...packages, trackio: "0.43.0" } }, "error", told)).toEqual([]);
  });

  test("a CPU and a small GPU are warned of, and left to the user", () => {
    expect(of({ gpus: [] }, "warning")[0]?.text).toContain("No CUDA GPU");
    const gpus = [{ name: "Tesla T4", totalBytes: 16 * gibibyte, freeBytes: 4 * gibibyte }];
    expect(of({ gpus }, "warning")[0]?.text).toMatch(/are free\. Use --qlora/);
    expect(of({ gpus }, "error")).toEqual([]);
  });
});

describe("the estimate", () => {
  const lora = defaultTrlHyperparameters();

  test("orders the ways to train as they are known to be ordered", () => {
    const [full, half, quarter] = (["full", "lora", "qlora"] as const).map((method) =>
      peakBytes(shape, defaultTrlHyperparameters(method), true),
    );
    expect(full).toBeGreaterThan(half!);
    expect(half).toBeGreaterThan(quarter!);
    // 16 bytes a parameter, and 2.
    expect(full).toBeGreaterThan(64e9);
    expect(half).toBeGreaterThan(8e9);
  });

  test("grows with the batch, and without checkpointing", () => {
    const base = peakBytes(shape, lora, true);
    expect(peakBytes(shape, { ...lora, batchSize: 16 }, true)).toBeGreaterThan(base);
    expect(peakBytes(shape, { ...lora, gradientCheckpointing: false }, true)).toBeGreaterThan(base);
  });

  test("tells no time for a device that it does not know", () => {
    expect(trainingSeconds(shape, lora, 1e6, "Abacus 9000")).toBeUndefined();
    const one = trainingSeconds(shape, lora, 1e6, "NVIDIA H100 80GB HBM3")!;
    expect(one).toBeGreaterThan(30);
    expect(trainingSeconds(shape, lora, 1e6, "NVIDIA H100 80GB HBM3", 2)).toBeCloseTo(one / 2);
  });
});
