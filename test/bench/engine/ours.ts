// Times training steps of the embedded engine: `tsx ours.ts SIZE THREADS` prints tokens a second, by the median step.
import { Random } from "../../../src/synthesis/random.ts";
import { GptTrainer } from "../../../src/training/engines/onnx/session.ts";
import { sizes } from "./sizes.ts";

async function main(name = "", threads = "2"): Promise<void> {
  const size = sizes[name];
  if (!size) throw new Error(`unknown size ${name}; one of ${Object.keys(sizes).join(", ")}`);
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
    threads: Number(threads),
    beta1: 0.9,
    beta2: 0.98,
    weightDecay: 0.1,
    clipNorm: 1,
  });
  const times: number[] = [];
  for (let i = 0; i < size.warmup + size.steps; i++) {
    const started = performance.now();
    await trainer.step(batch, 1e-3);
    if (i >= size.warmup) times.push((performance.now() - started) / 1000);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1]!;
  console.log(Math.round((size.sequences * size.tokens) / median));
  await trainer.release();
}

void main(...process.argv.slice(2));
