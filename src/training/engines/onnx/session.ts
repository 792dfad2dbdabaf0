import { type InferenceSession, Tensor } from "onnxruntime-node";
import { feedsOf, lossTokens, type Sequence } from "./feeds.ts";
import {
  checkShapes,
  declareInputs,
  forward,
  initialWeights,
  parametersOf,
  type GptConfig,
  type HostTensor,
} from "./gpt.ts";
import { adamW, type Trained } from "./graph/adamw.ts";
import { gradients } from "./graph/gradients.ts";
import { type Device, Graph, type Value } from "./graph/graph.ts";
import { crossEntropy } from "./graph/operators.ts";
import { RuntimeSession } from "./runtime-session.ts";
import {
  inputName,
  type Part,
  parts,
  type TrainedState,
  trainedState,
  updatedName,
  updatedNames,
} from "./trained-state.ts";

export interface TrainerOptions {
  /** Of the initial weights. */
  seed: number;
  /** `cpu` unless told. */
  device?: Device;
  /** Threads inside an operator; by default one per core. */
  threads?: number;
  beta1: number;
  beta2: number;
  weightDecay: number;
  /** The largest global norm of a gradient. */
  clipNorm: number;
}

export interface StepResult {
  /** Mean over the batch's loss tokens, in nats, before the step. */
  loss: number;
  /** Number of loss tokens. */
  tokens: number;
  /** Global norm of the mean's gradient, before clipping. */
  gradientNorm: number;
}

/** Everything needed to go on as if nothing had happened. The tensors are copies. */
export interface Snapshot {
  steps: number;
  weights: ReadonlyMap<string, HostTensor>;
  firstMoments: ReadonlyMap<string, HostTensor>;
  secondMoments: ReadonlyMap<string, HostTensor>;
}

/** Keeps Adam's division finite where a gradient has always been 0. */
const epsilon = 1e-8;

/** A GPT that ONNX Runtime trains: one run of one graph is one step. */
export class GptTrainer {
  readonly config: GptConfig;
  readonly #options: TrainerOptions;
  readonly #session: RuntimeSession;
  readonly #state: TrainedState;
  #lossSession: RuntimeSession | undefined;
  #steps = 0;

  private constructor(config: GptConfig, options: TrainerOptions, session: RuntimeSession) {
    this.config = config;
    this.#options = options;
    this.#session = session;
    this.#state = trainedState(config, options.device ?? "cpu");
  }

  /** @throws GpuError when the device is the GPU and there is none that the runtime can use. */
  static async create(config: GptConfig, options: TrainerOptions): Promise<GptTrainer> {
    const session = await RuntimeSession.open(trainingGraph(config, options), {
      ...options,
      kept: updatedNames(config),
    });
    const trainer = new GptTrainer(config, options, session);
    trainer.#state.write("weight", initialWeights(config, options.seed));
    return trainer;
  }

  /** Steps taken, those before a restored snapshot counted. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One step of AdamW on the mean loss of the batch's loss tokens.
   * @param rate the learning rate.
   * @throws RangeError when no token carries loss or a sequence is too long for the context.
   */
  async step(batch: readonly Sequence[], rate: number): Promise<StepResult> {
    const tokens = countLossTokens(batch);
    const { beta1, beta2, weightDecay } = this.#options;
    const step = this.#steps + 1;
    const correction = Math.sqrt(1 - beta2 ** step);
    const results = await this.#session.run(
      {
        ...feedsOf(this.config, batch),
        ...this.#state.feeds(parts),
        correctedRate: scalar((rate * correction) / (1 - beta1 ** step)),
        correctedEpsilon: scalar(epsilon * correction),
        retained: scalar(1 - rate * weightDecay),
        scale: scalar(1 / tokens),
      },
      { loss: null, norm: null, ...this.#state.fetches() },
    );
    this.#state.advance(results);
    this.#steps = step;
    return {
      loss: firstOf(results, "loss") / tokens,
      tokens,
      gradientNorm: firstOf(results, "norm"),
    };
  }

  /** The mean loss, in nats, with the weights as they are. */
  async loss(batch: readonly Sequence[]): Promise<{ loss: number; tokens: number }> {
    const tokens = countLossTokens(batch);
    this.#lossSession ??= await RuntimeSession.open(
      lossGraph(this.config, this.#options.device),
      this.#options,
    );
    const feeds = { ...feedsOf(this.config, batch), ...this.#state.feeds(["weight"]) };
    const results = await this.#lossSession.run(feeds);
    return { loss: firstOf(results, "loss") / tokens, tokens };
  }

  /** The weights as they are now; a copy. */
  weights(): Promise<ReadonlyMap<string, HostTensor>> {
    return this.#state.read("weight");
  }

  async snapshot(): Promise<Snapshot> {
    return {
      steps: this.#steps,
      weights: await this.#state.read("weight"),
      firstMoments: await this.#state.read("firstMoment"),
      secondMoments: await this.#state.read("secondMoment"),
    };
  }

  /** @throws InputError when the snapshot is of a model of another shape. */
  restore(snapshot: Snapshot): void {
    const sources: [Part, ReadonlyMap<string, HostTensor>][] = [
      ["weight", snapshot.weights],
      ["firstMoment", snapshot.firstMoments],
      ["secondMoment", snapshot.secondMoments],
    ];
    for (const [, source] of sources) checkShapes(this.config, source);
    for (const [part, source] of sources) this.#state.write(part, source);
    this.#steps = snapshot.steps;
  }

  /** Frees the native memory; the trainer cannot be used afterwards. */
  async release(): Promise<void> {
    await this.#state.release();
    await this.#lossSession?.release();
    await this.#session.release();
  }
}

/** Forward, backward and update: everything of a step in one graph. */
export function trainingGraph(config: GptConfig, options: TrainerOptions): Uint8Array {
  const graph = new Graph(options.device);
  const parameters = parametersOf(config);
  const { loss, weights } = lossOf(graph, config);
  const slopes = gradients(graph, loss, [...weights.values()]);
  const trained = parameters.map(({ name, dims }, index): Trained => ({
    weight: weights.get(name)!,
    firstMoment: graph.input(inputName(name, "firstMoment"), "float32", dims),
    secondMoment: graph.input(inputName(name, "secondMoment"), "float32", dims),
    gradient: slopes[index]!,
    decays: dims.length > 1,
  }));
  const scalars = {
    correctedRate: graph.input("correctedRate", "float32", []),
    correctedEpsilon: graph.input("correctedEpsilon", "float32", []),
    retained: graph.input("retained", "float32", []),
    scale: graph.input("scale", "float32", []),
  };
  const { updated, norm } = adamW(graph, trained, options, scalars);
  graph.output("loss", loss, []);
  graph.output("norm", norm, []);
  parameters.forEach(({ name, dims }, index) => {
    for (const part of parts) graph.output(updatedName(name, part), updated[index]![part], dims);
  });
  return graph.encode();
}

/** The forward pass alone, with the loss. */
export function lossGraph(config: GptConfig, device?: Device): Uint8Array {
  const graph = new Graph(device);
  graph.output("loss", lossOf(graph, config).loss, []);
  return graph.encode();
}

function lossOf(graph: Graph, config: GptConfig) {
  const inputs = declareInputs(graph);
  const targets = graph.input("targets", "int64", ["L"]);
  const weights = new Map<string, Value>(
    parametersOf(config).map(({ name, dims }) => [name, graph.input(name, "float32", dims)]),
  );
  const hidden = forward(graph, config, inputs, (name) => weights.get(name)!);
  const loss = crossEntropy(graph, hidden, weights.get("embedding")!, targets, config);
  return { loss, weights };
}

function countLossTokens(batch: readonly Sequence[]): number {
  const tokens = batch.reduce((sum, sequence) => sum + lossTokens(sequence), 0);
  if (tokens === 0) throw new RangeError("no token of the batch carries loss");
  return tokens;
}

const scalar = (value: number) => new Tensor("float32", new Float32Array([value]), []);

function firstOf(results: InferenceSession.ReturnType, name: string): number {
  return ((results[name] as Tensor).data as Float32Array)[0]!;
}
