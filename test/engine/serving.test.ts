import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../src/serving/ask.ts";
import { serveRun, stopServing } from "../../src/serving/serve.ts";
import { readServing } from "../../src/serving/serving-folder.ts";
import { readExam, readManifest } from "../../src/training/dataset-folder.ts";
import { OnnxExamModel } from "../../src/training/engines/onnx/exam-model.ts";
import { GptModel } from "../../src/training/engines/onnx/model.ts";
import { readModel } from "../../src/training/engines/onnx/saved-model.ts";
import { isAlive, until } from "../../src/training/processes.ts";
import { liveStatus, runFiles } from "../../src/training/run-folder.ts";
import { buildServer, buildTrainer, startTiny, waitUntilOver, workFolder } from "./trainer.ts";

test("a trained model is served, and answers as it answers the exam", async () => {
  const trainer = await buildTrainer();
  await buildServer();
  const run = await startTiny(trainer, await workFolder());
  await waitUntilOver(run);
  expect(await liveStatus(run)).toBe("finished");
  const files = runFiles(run);
  const { identifier } = await readManifest(files.dataset);
  const { config, tokenizer, weights } = await readModel(files.model);
  const model = await GptModel.create(config, weights);
  const exam = (await readExam(join(files.dataset, "exam.jsonl"))).slice(0, 4);
  const examined = await new OnnxExamModel(model, tokenizer, identifier, config.context).generate(
    exam.map(({ prompt }) => prompt),
    20,
  );
  await model.release();

  const endpoint = await serveRun(run, { trainer });
  try {
    expect(endpoint).toMatchObject({ server: "embedded", identifier });
    for (const [at, { prompt }] of exam.entries()) {
      const question = prompt.find(({ role }) => role === "user")!.content;
      let text = "";
      const stop = new AbortController();
      const told = await ask(
        endpoint,
        [{ role: "user", content: question }],
        (piece) => (text += piece),
        stop.signal,
      );
      expect(text.startsWith(examined[at]!), `${text} / ${examined[at]!}`).toBe(true);
      expect(told.promptTokens).toBeGreaterThan(3);
    }
  } finally {
    await stopServing(run);
  }
  expect((await readServing(run)).status).toBe("stopped");
}, 300_000);

test("a server that nobody asks ends by itself", async () => {
  const trainer = await buildTrainer();
  await buildServer();
  const run = await startTiny(trainer, await workFolder());
  await waitUntilOver(run);
  await serveRun(run, { trainer, idleSeconds: 1 });
  const serving = await readServing(run);
  if (serving.status === "stopped") throw new Error("it is gone already");
  expect(await until(async () => !(await isAlive(serving.process)), 60_000)).toBe(true);
}, 300_000);
