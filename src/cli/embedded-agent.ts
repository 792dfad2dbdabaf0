import { WritingAgent } from "../benchmark/harness/written-answers.ts";
import { readManifest } from "../training/dataset-folder.ts";
import { OnnxExamModel } from "../training/engines/onnx/exam-model.ts";
import { GptModel } from "../training/engines/onnx/model.ts";
import { readModel } from "../training/engines/onnx/saved-model.ts";
import { runFiles, runId } from "../training/run-folder.ts";
import { readBenchmark } from "../workspace/benchmarks.ts";
import type { HeldAgent } from "./benchmark-exam.ts";

const longestAnswer = 48;

/** The model of a run as an agent. @throws InputError when the run has no model. */
export async function openAgent(run: string, folder: string): Promise<HeldAgent> {
  const files = runFiles(run);
  const { identifier } = await readManifest(files.dataset);
  const { config, tokenizer, weights } = await readModel(files.model);
  const benchmark = await readBenchmark(folder);
  const model = await GptModel.create(config, weights);
  const writer = new OnnxExamModel(model, tokenizer, identifier, config.context);
  const agent = new WritingAgent(runId(run), benchmark, async (message) => {
    const [answer] = await writer.generate([[{ role: "user", content: message }]], longestAnswer);
    return answer ?? "";
  });
  return Object.assign(agent, { release: () => model.release() });
}
