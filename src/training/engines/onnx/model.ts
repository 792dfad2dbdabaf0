import type { Tensor } from "onnxruntime-node";
import { feedsOf, lossTokens, type Sequence } from "./feeds.ts";
import {
  checkShapes,
  declareInputs,
  forward,
  parametersOf,
  type GptConfig,
  type HostTensor,
} from "./gpt.ts";
import { type Device, Graph, type Value } from "./graph/graph.ts";
import { logSoftmax, timesMatrix } from "./graph/operators.ts";
import { RuntimeSession } from "./runtime-session.ts";

export interface GenerateOptions {
  /** The most tokens an answer may have. */
  maxTokens: number;
  /** The token that ends an answer; it is not part of it. */
  stop: number;
}

/** Tokens in one run, padding counted: enough to fill the cores, little enough for the memory. */
const tokensPerRun = 4096;

/** A trained GPT that scores and writes text. */
export class GptModel {
  readonly config: GptConfig;
  readonly #session: RuntimeSession;

  private constructor(config: GptConfig, session: RuntimeSession) {
    this.config = config;
    this.#session = session;
  }

  /** @throws InputError when a weight is missing or of another shape. */
  static async create(
    config: GptConfig,
    weights: ReadonlyMap<string, HostTensor>,
    options: { device?: Device; threads?: number } = {},
  ): Promise<GptModel> {
    checkShapes(config, weights);
    const graph = inferenceGraph(config, weights, options.device);
    return new GptModel(config, await RuntimeSession.open(graph, options));
  }

  /** For each sequence, the sum of log p over its loss tokens, in nats. */
  async logLikelihoods(sequences: readonly Sequence[]): Promise<number[]> {
    const sums = new Array<number>(sequences.length).fill(0);
    for (const run of runsOf(sequences)) {
      const batch = run.map((index) => sequences[index]!);
      const scored = batch.reduce((sum, sequence) => sum + lossTokens(sequence), 0);
      if (scored === 0) continue;
      const results = await this.#session.run(feedsOf(this.config, batch), ["logLikelihood"]);
      const values = (results["logLikelihood"] as Tensor).data as Float32Array;
      let next = 0;
      for (const index of run) {
        for (let i = lossTokens(sequences[index]!); i > 0; i--) sums[index]! += values[next++]!;
      }
    }
    return sums;
  }

  /**
   * The greedy continuation of each prompt, up to the stop token, `maxTokens`, or the end of the
   * context, whichever comes first. A prompt holds at least one token.
   */
  async generate(
    prompts: readonly (readonly number[])[],
    { maxTokens, stop }: GenerateOptions,
  ): Promise<number[][]> {
    const answers = prompts.map((): number[] => []);
    const longest = this.config.context;
    const open = (index: number) =>
      answers[index]!.length < maxTokens &&
      prompts[index]!.length + answers[index]!.length <= longest;
    let writing = prompts.map((_, index) => index).filter(open);
    while (writing.length > 0) {
      // The last token is asked for its successor, whose id is not known: any target will do.
      const texts = writing.map((index): Sequence => {
        const tokens = [...prompts[index]!, ...answers[index]!, 0];
        return { tokens, lossFrom: tokens.length - 1 };
      });
      const next = await this.#next(texts);
      writing = writing.filter((index, i) => {
        if (next[i] === stop) return false;
        answers[index]!.push(next[i]!);
        return open(index);
      });
    }
    return answers;
  }

  /** The greedy continuation of one prompt, a token at a time; it ends as that of many does. */
  async *continue(
    prompt: readonly number[],
    { maxTokens, stop }: GenerateOptions,
  ): AsyncGenerator<number> {
    const tokens = [...prompt];
    while (tokens.length - prompt.length < maxTokens && tokens.length <= this.config.context) {
      const [next] = await this.#next([{ tokens: [...tokens, 0], lossFrom: tokens.length }]);
      if (next === stop) return;
      tokens.push(next!);
      yield next!;
    }
  }

  /** Frees the native memory; the model cannot be used afterwards. */
  async release(): Promise<void> {
    await this.#session.release();
  }

  /** The likeliest token at the only loss position of each sequence. */
  async #next(texts: readonly Sequence[]): Promise<number[]> {
    const next = new Array<number>(texts.length);
    for (const run of runsOf(texts)) {
      const batch = run.map((index) => texts[index]!);
      const results = await this.#session.run(feedsOf(this.config, batch), ["likeliest"]);
      const ids = (results["likeliest"] as Tensor).data as BigInt64Array;
      run.forEach((index, i) => (next[index] = Number(ids[i])));
    }
    return next;
  }
}

/** Indices of the sequences in runs of like length, so that little of a run is padding. */
function runsOf(sequences: readonly Sequence[]): number[][] {
  const length = (index: number) => sequences[index]!.tokens.length;
  const sorted = sequences.map((_, index) => index).sort((a, b) => length(a) - length(b) || a - b);
  const runs: number[][] = [];
  let run: number[] = [];
  for (const index of sorted) {
    if (run.length > 0 && (run.length + 1) * length(index) > tokensPerRun) {
      runs.push(run);
      run = [];
    }
    run.push(index);
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/** The forward pass with the weights in the file; log p of the targets, and the likeliest tokens. */
export function inferenceGraph(
  config: GptConfig,
  weights: ReadonlyMap<string, HostTensor>,
  device?: Device,
): Uint8Array {
  const graph = new Graph(device);
  const inputs = declareInputs(graph);
  const targets = graph.input("targets", "int64", ["L"]);
  const parameters = new Map<string, Value>(
    parametersOf(config).map(({ name, dims }) => [
      name,
      graph.initializer(name, dims, weights.get(name)!.data),
    ]),
  );
  const hidden = forward(graph, config, inputs, (name) => parameters.get(name)!);
  const logits = timesMatrix(
    graph,
    hidden,
    parameters.get("embedding")!,
    config.width,
    config.vocabulary,
    { transB: 1 },
  );
  const logP = logSoftmax(graph, logits);
  const column = graph.node("Unsqueeze", [targets, graph.integers([1])]);
  const chosen = graph.node("GatherElements", [logP, column], { axis: 1 });
  const flat = graph.node("Reshape", [chosen, graph.integers([-1])]);
  graph.output("logLikelihood", flat, ["L"]);
  const likeliest = graph.node("ArgMax", [logits], { axis: -1, keepdims: 0 });
  graph.output("likeliest", likeliest, ["L"], "int64");
  return graph.encode();
}
