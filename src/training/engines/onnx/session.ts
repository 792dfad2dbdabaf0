import { InferenceSession, Tensor } from "onnxruntime-node";
import { feedsOf, lossTokens, type Sequence } from "./feeds.ts";
import {
  checkShapes,
  declareInputs,
  forward,
  initialWeights,
  parametersOf,
  type GptConfig,
  type HostTensor,
  type ParameterInfo,
} from "./gpt.ts";
import { adamW, type Trained } from "./graph/adamw.ts";
import { gradients } from "./graph/gradients.ts";
import { Graph, type Value } from "./graph/graph.ts";
import { crossEntropy } from "./graph/operators.ts";
import { sessionOptions } from "./session-options.ts";

export interface TrainerOptions {
  /** Of the initial weights. */
  seed: number;
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

/** A parameter and Adam's two moments of it. */
const parts = ["weight", "firstMoment", "secondMoment"] as const;
type Part = (typeof parts)[number];
type State = Record<Part, Tensor>;

/** A GPT that ONNX Runtime trains: one run of one graph is one step. */
export class GptTrainer {
  readonly config: GptConfig;
  readonly #parameters: readonly ParameterInfo[];
  readonly #options: TrainerOptions;
  readonly #session: InferenceSession;
  #lossSession: InferenceSession | undefined;
  /** Each run reads one and writes the other. */
  #current: ReadonlyMap<string, State>;
  #next: ReadonlyMap<string, State>;
  #steps = 0;

  private constructor(config: GptConfig, options: TrainerOptions, session: InferenceSession) {
    this.config = config;
    this.#options = options;
    this.#session = session;
    this.#parameters = parametersOf(config);
    this.#current = this.#zeros();
    this.#next = this.#zeros();
  }

  static async create(config: GptConfig, options: TrainerOptions): Promise<GptTrainer> {
    const graph = trainingGraph(config, options);
    const session = await InferenceSession.create(graph, sessionOptions(options.threads));
    const trainer = new GptTrainer(config, options, session);
    fill(trainer.#current, "weight", initialWeights(config, options.seed));
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
    const fetches: Record<string, Tensor | null> = { loss: null, norm: null };
    for (const [name, state] of this.#next) {
      for (const part of parts) fetches[updatedName(name, part)] = state[part];
    }
    const results = await this.#session.run(
      {
        ...feedsOf(this.config, batch),
        ...this.#feeds(parts),
        correctedRate: scalar((rate * correction) / (1 - beta1 ** step)),
        correctedEpsilon: scalar(epsilon * correction),
        retained: scalar(1 - rate * weightDecay),
        scale: scalar(1 / tokens),
      },
      fetches,
    );
    [this.#current, this.#next] = [this.#next, this.#current];
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
    this.#lossSession ??= await InferenceSession.create(
      lossGraph(this.config),
      sessionOptions(this.#options.threads),
    );
    const feeds = { ...feedsOf(this.config, batch), ...this.#feeds(["weight"]) };
    const results = await this.#lossSession.run(feeds);
    return { loss: firstOf(results, "loss") / tokens, tokens };
  }

  /** The weights as they are now; a copy. */
  weights(): ReadonlyMap<string, HostTensor> {
    return this.#copy("weight");
  }

  snapshot(): Snapshot {
    return {
      steps: this.#steps,
      weights: this.#copy("weight"),
      firstMoments: this.#copy("firstMoment"),
      secondMoments: this.#copy("secondMoment"),
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
    for (const [part, source] of sources) fill(this.#current, part, source);
    this.#steps = snapshot.steps;
  }

  /** Frees the native memory; the trainer cannot be used afterwards. */
  async release(): Promise<void> {
    await this.#session.release();
    await this.#lossSession?.release();
  }

  #zeros(): ReadonlyMap<string, State> {
    return new Map(
      this.#parameters.map(({ name, dims }) => {
        const zeros = () => new Tensor("float32", new Float32Array(sizeOf(dims)), dims);
        return [name, { weight: zeros(), firstMoment: zeros(), secondMoment: zeros() }];
      }),
    );
  }

  #feeds(wanted: readonly Part[]): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, state] of this.#current) {
      for (const part of wanted) feeds[inputName(name, part)] = state[part];
    }
    return feeds;
  }

  #copy(part: Part): ReadonlyMap<string, HostTensor> {
    return new Map(
      Array.from(this.#current, ([name, state]) => [
        name,
        { dims: state[part].dims, data: dataOf(state[part]).slice() },
      ]),
    );
  }
}

const inputName = (name: string, part: Part) => (part === "weight" ? name : `${name}:${part}`);
const updatedName = (name: string, part: Part) => `${name}:${part}:next`;

/** Forward, backward and update: everything of a step in one graph. */
export function trainingGraph(config: GptConfig, options: TrainerOptions): Uint8Array {
  const graph = new Graph();
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
export function lossGraph(config: GptConfig): Uint8Array {
  const graph = new Graph();
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
  const loss = crossEntropy(graph, hidden, weights.get("embedding")!, targets);
  return { loss, weights };
}

function countLossTokens(batch: readonly Sequence[]): number {
  const tokens = batch.reduce((sum, sequence) => sum + lossTokens(sequence), 0);
  if (tokens === 0) throw new RangeError("no token of the batch carries loss");
  return tokens;
}

function fill(
  states: ReadonlyMap<string, State>,
  part: Part,
  source: ReadonlyMap<string, HostTensor>,
): void {
  for (const [name, state] of states) dataOf(state[part]).set(source.get(name)!.data);
}

const sizeOf = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
const scalar = (value: number) => new Tensor("float32", new Float32Array([value]), []);
const dataOf = (tensor: Tensor) => tensor.data as Float32Array;

function firstOf(results: InferenceSession.ReturnType, name: string): number {
  return dataOf(results[name] as Tensor)[0]!;
}
