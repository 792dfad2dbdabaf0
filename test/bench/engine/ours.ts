// Times training steps of the embedded engine: `tsx ours.ts SIZE [THREADS] [cpu|gpu] [STEPS]` prints an `OurTimes` as JSON.
import { Random } from "../../../src/synthesis/random.ts";
import { RuntimeSession } from "../../../src/training/engines/onnx/runtime-session.ts";
import { GptTrainer } from "../../../src/training/engines/onnx/session.ts";
import { sizeOf } from "./sizes.ts";

export interface OurTimes {
  /** By the median step. */
  tokensPerSecond: number;
  /** Bytes that the host hands to the runtime and takes from it in a step; the last one's. */
  bytesIn: number;
  bytesOut: number;
}

async function main(name = "", threads = "2", device = "cpu", steps = ""): Promise<void> {
  const size = sizeOf(name);
  const timed = steps === "" ? size.steps : Number(steps);
  const warmup = Math.min(size.warmup, timed);
  const random = new Random(1);
  const sequence = () => ({
    tokens: Array.from({ length: size.tokens + 1 }, () =>
      random.int(0, size.config.vocabulary - 1),
    ),
    lossFrom: 0,
  });
  const batch = Array.from({ length: size.sequences }, sequence);
  const trainer = await GptTrainer.create(size.config, {
    seed: 1,
    device: device === "gpu" ? "gpu" : "cpu",
    threads: Number(threads),
    beta1: 0.9,
    beta2: 0.98,
    weightDecay: 0.1,
    clipNorm: 1,
  });
  const crossing = countCrossing();
  const times: number[] = [];
  for (let i = 0; i < warmup + timed; i++) {
    const started = performance.now();
    await trainer.step(batch, 1e-3);
    if (i >= warmup) times.push((performance.now() - started) / 1000);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1]!;
  const tokensPerSecond = Math.round((size.sequences * size.tokens) / median);
  const result: OurTimes = { tokensPerSecond, ...crossing };
  console.log(JSON.stringify(result));
  await trainer.release();
}

/** What crosses the binding in the newest run: tensors in the GPU's memory only lend their names. */
function countCrossing(): { bytesIn: number; bytesOut: number } {
  const counted = { bytesIn: 0, bytesOut: 0 };
  interface Tensor {
    location: string;
    data: ArrayBufferView;
  }
  const bytes = (tensors: object) =>
    Object.values(tensors as Record<string, Tensor>)
      .filter(({ location }) => location === "cpu")
      .reduce((sum, { data }) => sum + data.byteLength, 0);
  type Run = RuntimeSession["run"];
  const run = Reflect.get(RuntimeSession.prototype, "run");
  RuntimeSession.prototype.run = async function (...args: Parameters<Run>) {
    const results = await run.apply(this, args);
    counted.bytesIn = bytes(args[0]);
    counted.bytesOut = bytes(results);
    return results;
  };
  return counted;
}

void main(...process.argv.slice(2));
