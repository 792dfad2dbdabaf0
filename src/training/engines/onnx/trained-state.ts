import { type InferenceSession, Tensor } from "onnxruntime-node";
import { parametersOf, type GptConfig, type HostTensor } from "./gpt.ts";
import { type Device, Graph } from "./graph/graph.ts";
import { RuntimeSession } from "./runtime-session.ts";

/** A parameter and Adam's two moments of it. */
export const parts = ["weight", "firstMoment", "secondMoment"] as const;
export type Part = (typeof parts)[number];

/** What the training graph calls a tensor that a step reads, and the one that it writes. */
export const inputName = (name: string, part: Part) =>
  part === "weight" ? name : `${name}:${part}`;
export const updatedName = (name: string, part: Part) => `${name}:${part}:next`;

/** The weights and moments of a model between steps, where its device keeps them. */
export interface TrainedState {
  /** What a run reads of them. */
  feeds(wanted: readonly Part[]): Record<string, Tensor>;
  /** Where a step writes them; null leaves it to the runtime. */
  fetches(): Record<string, Tensor | null>;
  /** Takes what a step has written. */
  advance(results: InferenceSession.ReturnType): void;
  /** A copy on the host. */
  read(part: Part): Promise<ReadonlyMap<string, HostTensor>>;
  write(part: Part, source: ReadonlyMap<string, HostTensor>): void;
  /** Frees what lies outside of the host's memory; before the session that wrote it is released. */
  release(): Promise<void>;
}

type Tensors = Map<string, Record<Part, Tensor>>;

export function trainedState(config: GptConfig, device: Device): TrainedState {
  return device === "cpu" ? new HostState(config) : new DeviceState(config);
}

/** Two sets of tensors: each step reads one and writes the other. */
class HostState implements TrainedState {
  #current: Tensors;
  #next: Tensors;

  constructor(config: GptConfig) {
    this.#current = zeros(config);
    this.#next = zeros(config);
  }

  feeds(wanted: readonly Part[]) {
    return named(this.#current, wanted, inputName);
  }

  fetches() {
    return named(this.#next, parts, updatedName);
  }

  advance() {
    [this.#current, this.#next] = [this.#next, this.#current];
  }

  read(part: Part) {
    const copies = Array.from(
      this.#current,
      ([name, state]) => [name, copyOf(state[part])] as const,
    );
    return Promise.resolve(new Map(copies));
  }

  write(part: Part, source: ReadonlyMap<string, HostTensor>) {
    for (const [name, state] of this.#current) {
      (state[part].data as Float32Array).set(source.get(name)!.data);
    }
  }

  release() {
    return Promise.resolve();
  }
}

/**
 * Tensors in the GPU's memory, which a step makes and the next one reads; only what is written here
 * is on the host until the next step. The runtime cannot download such a tensor, so a graph that
 * changes nothing does.
 */
class DeviceState implements TrainedState {
  readonly #config: GptConfig;
  readonly #tensors: Tensors;
  #reader: RuntimeSession | undefined;

  constructor(config: GptConfig) {
    this.#config = config;
    this.#tensors = zeros(config);
  }

  feeds(wanted: readonly Part[]) {
    return named(this.#tensors, wanted, inputName);
  }

  fetches() {
    return Object.fromEntries(updatedNames(this.#config).map((name) => [name, null]));
  }

  advance(results: InferenceSession.ReturnType) {
    for (const [name, state] of this.#tensors) {
      for (const part of parts) this.#put(state, part, results[updatedName(name, part)] as Tensor);
    }
  }

  async read(part: Part) {
    this.#reader ??= await RuntimeSession.open(readingGraph(this.#config), { device: "gpu" });
    const feeds = named(this.#tensors, [part], (name) => name);
    const results = await this.#reader.run(feeds);
    return new Map(
      Array.from(this.#tensors.keys(), (name) => [name, copyOf(results[copyName(name)] as Tensor)]),
    );
  }

  write(part: Part, source: ReadonlyMap<string, HostTensor>) {
    for (const [name, state] of this.#tensors) {
      const { dims, data } = source.get(name)!;
      this.#put(state, part, new Tensor("float32", data.slice(), dims));
    }
  }

  async release() {
    for (const state of this.#tensors.values()) {
      for (const part of parts) free(state[part]);
    }
    this.#tensors.clear();
    await this.#reader?.release();
  }

  #put(state: Record<Part, Tensor>, part: Part, tensor: Tensor) {
    free(state[part]);
    state[part] = tensor;
  }
}

/** The names of what a step writes and the next one reads. */
export function updatedNames(config: GptConfig): string[] {
  return parametersOf(config).flatMap(({ name }) => parts.map((part) => updatedName(name, part)));
}

const copyName = (name: string) => `${name}:copy`;

/** Gives each parameter back as it is; run on the GPU it brings them to the host. */
export function readingGraph(config: GptConfig): Uint8Array {
  const graph = new Graph("gpu");
  for (const { name, dims } of parametersOf(config)) {
    graph.output(copyName(name), graph.input(name, "float32", dims), dims);
  }
  return graph.encode();
}

function zeros(config: GptConfig): Tensors {
  return new Map(
    parametersOf(config).map(({ name, dims }) => {
      const size = dims.reduce((a, b) => a * b, 1);
      const zeros = () => new Tensor("float32", new Float32Array(size), dims);
      return [name, { weight: zeros(), firstMoment: zeros(), secondMoment: zeros() }];
    }),
  );
}

function named(
  tensors: Tensors,
  wanted: readonly Part[],
  nameOf: (name: string, part: Part) => string,
): Record<string, Tensor> {
  return Object.fromEntries(
    Array.from(tensors).flatMap(([name, state]) =>
      wanted.map((part) => [nameOf(name, part), state[part]]),
    ),
  );
}

const copyOf = ({ dims, data }: Tensor): HostTensor => ({
  dims,
  data: (data as Float32Array).slice(),
});

/** The garbage collector would do it as well, but late: it does not see the GPU's memory. */
function free(tensor: Tensor): void {
  if (tensor.location === "gpu-buffer") tensor.dispose();
}
