import { listSupportedBackends } from "onnxruntime-node";
import type { NewRunEvent } from "../../events.ts";
import type { DeviceChoice } from "../../spec.ts";
import { TrainingError } from "../../training-error.ts";
import { onCpu } from "./runtime-session.ts";
import { measure, type Trial, tryGpu } from "./device-trial.ts";
import type { Device } from "./graph/graph.ts";

/** What is said of the device that a run takes. */
export type Chosen = Omit<Extract<NewRunEvent, { type: "device" }>, "type">;

/** Longer than a GPU takes to compile; a device in software is given up. */
const limitSeconds = { auto: 30, gpu: 300 };

export interface TrialContext {
  /** The trainer's script, which tries the GPU in a process of its own. */
  trainer: string;
  signal: AbortSignal;
  log: (line: string) => void;
}

/**
 * The device that a run computes on. `auto` takes a few steps on both and then the faster one.
 * @param trial undefined when the run has nothing left to train.
 * @throws TrainingError when the GPU is asked for and cannot be used: nothing is done elsewhere
 * unasked.
 */
export async function chooseDevice(
  choice: DeviceChoice,
  trial: Trial | undefined,
  context: TrialContext,
): Promise<Chosen> {
  if (choice === "cpu") return { device: "cpu", reason: "As asked.", tokensPerSecond: {} };
  if (!trial) {
    const device = choice === "gpu" ? "gpu" : "cpu";
    return { device, reason: "Only exams are left.", tokensPerSecond: {} };
  }
  const answer = supportsGpu()
    ? await tryGpu(trial, context.trainer, { ...context, seconds: limitSeconds[choice] })
    : { error: `onnxruntime has no WebGPU for ${process.platform}-${process.arch}` };
  if ("error" in answer) {
    if (choice === "gpu") throw noGpu(answer.error);
    const reason = `No GPU can be used: ${withPoint(answer.error)}`;
    return { device: "cpu", reason, tokensPerSecond: {} };
  }
  const gpu = answer.tokensPerSecond;
  if (choice === "gpu") {
    const reason = `As asked; ${rate(gpu)} in a trial.`;
    return { device: "gpu", reason, tokensPerSecond: { gpu } };
  }
  const cpu = await measure("cpu", trial);
  context.signal.throwIfAborted();
  const [device, faster, slower]: [Device, string, string] =
    gpu > cpu
      ? ["gpu", rate(gpu), `${figure(cpu)} on the CPU`]
      : ["cpu", rate(cpu), `${figure(gpu)} on the GPU`];
  const reason = `It was the faster in a trial: ${faster}, ${slower}.`;
  return { device, reason, tokensPerSecond: { cpu, gpu } };
}

const noGpu = (reason: string) =>
  new TrainingError(
    `no GPU can be used: ${withPoint(reason)}`,
    `It needs its driver: Vulkan on Linux, Direct3D 12 on Windows, Metal on a Mac. ${onCpu}.`,
  );

const supportsGpu = () => listSupportedBackends().some(({ name }) => name === "webgpu");
const figure = (tokensPerSecond: number) => Math.round(tokensPerSecond).toLocaleString("en");
const rate = (tokensPerSecond: number) => `${figure(tokensPerSecond)} tokens a second`;
const withPoint = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
