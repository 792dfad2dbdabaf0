// Writes what the embedded engine makes, for the Python suite to judge: `tsx engine_artifacts.ts FOLDER`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sequence } from "../../src/training/engines/onnx/feeds.ts";
import { inferenceGraph } from "../../src/training/engines/onnx/model.ts";
import { writeSafetensors } from "../../src/training/engines/onnx/safetensors.ts";
import { GptTrainer, lossGraph, trainingGraph } from "../../src/training/engines/onnx/session.ts";
import { TensorBoardLog } from "../../src/training/engines/onnx/tensorboard.ts";
import { Tokenizer, trainTokenizer } from "../../src/training/engines/onnx/tokenizer.ts";

const folder = process.argv[2];
if (!folder) throw new Error("usage: engine_artifacts.ts FOLDER");
mkdirSync(folder, { recursive: true });
const write = (name: string, content: string | Uint8Array) =>
  writeFileSync(join(folder, name), content);

const config = { layers: 2, heads: 4, width: 32, context: 48, vocabulary: 96 };
const rates = [1e-3, 3e-3, 3e-3, 2e-3, 1e-3];
// The clip is below the norms at the start, so that clipping is compared as well.
const options = { seed: 5, beta1: 0.9, beta2: 0.98, weightDecay: 0.1, clipNorm: 0.5 };
const batch = [12, 31, 49, 20].map((length, n): Sequence => ({
  tokens: Array.from({ length }, (_, i) => (n * 17 + i * i * 5) % config.vocabulary),
  lossFrom: n * 4,
}));

const texts = [
  "Refunds over $1,250.00 need a manager's word. Orders may be cancelled within 24 hours.",
  "<|user|>Can I return it after 31 days?<|assistant|>No: 30 days at most.<|end|>",
];
const hard = [
  ...texts,
  "Grüße, naïve façade — 你好, мир! 😀👩‍👩‍👧 \u0301e\u0301 ١٢٣ ½ Ⅳ",
  "tab\tnew\nline\r\n  two  spaces \u0085\u00a0\u2003\u3000\ufeff\u200b end   ",
  "a\u0000b <|end|><|user|> <|END|> <| end |> x'll don't I'm",
];

/** Ten steps, and a second process that takes the last three again, with other losses. */
function writeCurves(): void {
  for (const [from, to, shift] of [
    [1, 10, 0],
    [8, 12, 100],
  ] as const) {
    const log = new TensorBoardLog(join(folder!, "tensorboard", String(from)));
    const whole = new TensorBoardLog(join(folder!, "tensorboard", "resumed"));
    for (let step = from; step <= to; step++) {
      const event = {
        type: "step",
        stage: "cpt",
        arm: "internalized",
        step,
        loss: shift + 1 / step,
        ...(step % 4 === 0 && { heldOutLoss: step }),
        lr: 1e-3,
        tokens: 500 * step,
        tokensPerSecond: 9000,
      } as const;
      log.note(event);
      whole.note(event);
    }
    // The files of a process are named by its second.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);
  }
}

async function main(): Promise<void> {
  writeCurves();
  const json = trainTokenizer(texts, 300);
  const tokenizer = Tokenizer.fromJson(json);
  write("tokenizer.json", json);
  write("texts.json", JSON.stringify(hard.map((text) => ({ text, ids: tokenizer.encode(text) }))));

  const trainer = await GptTrainer.create(config, options);
  const weights = await trainer.weights();
  write("training.onnx", trainingGraph(config, options));
  write("loss.onnx", lossGraph(config));
  write("inference.onnx", inferenceGraph(config, weights));
  write("before.safetensors", writeSafetensors(weights, { step: "0" }));
  const steps = [];
  for (const rate of rates) steps.push({ rate, ...(await trainer.step(batch, rate)) });
  write(
    "after.safetensors",
    writeSafetensors(await trainer.weights(), { step: String(trainer.steps) }),
  );
  write("training.json", JSON.stringify({ config, options, batch, steps }));
  await trainer.release();
}

void main();
