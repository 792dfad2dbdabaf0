import { fork } from "node:child_process";
import { z } from "zod";
import { messageOf } from "../../../policy/errors.ts";
import type { Device } from "./graph/graph.ts";
import { countTokens } from "./plan.ts";
import { GpuError } from "./runtime-session.ts";
import { GptTrainer } from "./session.ts";

/** A few steps of a run, to tell how fast a device takes them. */
export const Trial = z.object({
  config: z.object({
    layers: z.int(),
    heads: z.int(),
    width: z.int(),
    context: z.int(),
    vocabulary: z.int(),
  }),
  batches: z
    .array(z.array(z.object({ tokens: z.array(z.int()).readonly(), lossFrom: z.int() })))
    .min(1),
});
export type Trial = z.infer<typeof Trial>;

/** The first steps allocate and compile. */
const warmup = 2;
const mostSteps = 8;
const longestSeconds = 3;

/** Trains on the batches for a moment, in this process. @returns tokens a second. */
export async function measure(device: Device, { config, batches }: Trial): Promise<number> {
  const optimizer = { seed: 1, beta1: 0.9, beta2: 0.98, weightDecay: 0, clipNorm: 1 };
  const trainer = await GptTrainer.create(config, { ...optimizer, device });
  try {
    const batch = (step: number) => batches[step % batches.length]!;
    const take = async (steps: number) => {
      let tokens = 0;
      let seconds = 0;
      for (let step = 0; step < steps && seconds < longestSeconds; step++) {
        const started = performance.now();
        await trainer.step(batch(step), 0);
        seconds += (performance.now() - started) / 1000;
        tokens += countTokens(batch(step));
      }
      return tokens / seconds;
    };
    await take(warmup);
    return await take(mostSteps);
  } finally {
    await trainer.release();
  }
}

const Answer = z.union([
  z.object({ tokensPerSecond: z.number() }),
  z.object({ error: z.string() }),
]);
type Answer = z.infer<typeof Answer>;

/** The first argument of a trainer process that only tries the GPU. */
export const trialArgument = "--try-gpu";

/** The other end of `tryGpu`: measures what it is sent, answers, and goes. */
export function serveTrial(): void {
  process.once("disconnect", () => process.exit());
  process.once("message", (message) => {
    const answer = (answered: Answer) => process.send!(answered, () => process.exit());
    measure("gpu", Trial.parse(message)).then(
      (tokensPerSecond) => answer({ tokensPerSecond }),
      (error: unknown) =>
        answer({ error: error instanceof GpuError ? error.reason : messageOf(error) }),
    );
  });
}

/**
 * Trains for a moment on the GPU, in a process of its own: a driver that crashes or hangs takes only
 * that one down.
 * @param trainer the script whose `trialArgument` answers with `serveTrial`.
 * @param log hears what the driver had to say when it failed.
 * @returns tokens a second, or in one line why the GPU cannot be used.
 * @throws the signal's reason when it is aborted.
 */
export async function tryGpu(
  trial: Trial,
  trainer: string,
  { signal, seconds, log }: { signal: AbortSignal; seconds: number; log: (line: string) => void },
): Promise<Answer> {
  signal.throwIfAborted();
  const child = fork(trainer, [trialArgument], { silent: true });
  child.stdout?.resume();
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const stop = () => child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  let late = false;
  const clock = setTimeout(() => {
    late = true;
    stop();
  }, seconds * 1000);
  try {
    const answer = await new Promise<Answer>((resolve) => {
      child.once("message", (message) => {
        resolve(Answer.parse(message));
      });
      child.once("error", (error) => {
        resolve({ error: messageOf(error) });
      });
      child.once("close", (code, killed) => {
        const error = late
          ? `its first steps took longer than ${seconds} seconds`
          : `its driver ended the process that tried it (${killed ?? `exit code ${String(code)}`})`;
        resolve({ error });
      });
      // What goes wrong here shows as the end of the process.
      child.send(trial, () => undefined);
    });
    signal.throwIfAborted();
    if ("error" in answer && said.trim() !== "") log(said.trim());
    return answer;
  } finally {
    clearTimeout(clock);
    signal.removeEventListener("abort", stop);
    stop();
  }
}
