import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chooseDevice } from "../../../../../src/training/engines/onnx/device-choice.ts";
import { tryGpu } from "../../../../../src/training/engines/onnx/device-trial.ts";
import type { DeviceChoice } from "../../../../../src/training/spec.ts";
import { TrainingError } from "../../../../../src/training/training-error.ts";
import { temporaryFolder } from "../../fixture.ts";

const trial = {
  config: { layers: 1, heads: 1, width: 8, context: 16, vocabulary: 300 },
  batches: [[{ tokens: [1, 2, 3, 4], lossFrom: 0 }]],
};

/** A program in the place of the trainer, which answers a trial as a GPU would. */
async function standIn(answer: string): Promise<string> {
  const path = join(temporaryFolder(), "trainer.cjs");
  await writeFile(path, `process.once("message", () => { ${answer} });`);
  return path;
}

const answers = (answer: object) =>
  `process.send(${JSON.stringify(answer)}, () => process.exit());`;

async function choose(choice: DeviceChoice, answer: string) {
  const said: string[] = [];
  const chosen = await chooseDevice(choice, trial, {
    trainer: await standIn(answer),
    signal: new AbortController().signal,
    log: (line) => said.push(line),
  });
  return { ...chosen, said };
}

// The binaries of the other platforms all have a WebGPU provider.
describe.skipIf(process.platform === "linux" && process.arch === "arm64")("chooseDevice", () => {
  test("auto takes the faster and says why, with both figures", async () => {
    const fast = await choose("auto", answers({ tokensPerSecond: 1e12 }));
    expect(fast.device).toBe("gpu");
    expect(fast.tokensPerSecond.gpu).toBe(1e12);
    expect(fast.tokensPerSecond.cpu).toBeGreaterThan(0);
    expect(fast.reason).toMatch(
      /^It was the faster in a trial: 1,000,000,000,000 tokens a second, [\d,]+ on the CPU\.$/,
    );
    const slow = await choose("auto", answers({ tokensPerSecond: 0.4 }));
    expect(slow.device).toBe("cpu");
    expect(slow.reason).toMatch(/tokens a second, 0 on the GPU\.$/);
  });

  test("auto stays on the CPU when the GPU cannot be used, and says why", async () => {
    const absent = await choose("auto", `console.error("vk"); ${answers({ error: "No adapter" })}`);
    expect(absent).toMatchObject({ device: "cpu", reason: "No GPU can be used: No adapter." });
    expect(absent.said).toEqual(["vk"]);
    const crashed = await choose("auto", "process.kill(process.pid, 'SIGKILL');");
    expect(crashed.reason).toBe(
      "No GPU can be used: its driver ended the process that tried it (SIGKILL).",
    );
  });

  test("gpu never falls back: one line and what to do", async () => {
    const wanted = choose("gpu", answers({ error: "No adapter" }));
    await expect(wanted).rejects.toThrow(TrainingError);
    await expect(wanted).rejects.toMatchObject({
      message: "no GPU can be used: No adapter.",
      hint: expect.stringContaining("ingrain.onnx.device at cpu") as string,
    });
    const there = await choose("gpu", answers({ tokensPerSecond: 2000 }));
    expect(there).toMatchObject({
      device: "gpu",
      reason: "As asked; 2,000 tokens a second in a trial.",
      tokensPerSecond: { gpu: 2000 },
    });
  });

  test("cpu tries nothing", async () => {
    const chosen = await choose("cpu", answers({ tokensPerSecond: 1e12 }));
    expect(chosen).toMatchObject({ device: "cpu", reason: "As asked.", tokensPerSecond: {} });
  });
});

test("a GPU that hangs is given up, and a trial can be stopped", async () => {
  const trainer = await standIn("setInterval(() => {}, 1000);");
  const log = () => undefined;
  const { signal } = new AbortController();
  expect(await tryGpu(trial, trainer, { signal, seconds: 0.5, log })).toEqual({
    error: "its first steps took longer than 0.5 seconds",
  });
  const stop = new AbortController();
  const tried = tryGpu(trial, trainer, { signal: stop.signal, seconds: 60, log });
  stop.abort(new Error("cancelled"));
  await expect(tried).rejects.toThrow("cancelled");
});
