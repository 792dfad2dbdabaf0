import {
  encodeModel,
  type Attribute,
  type Dimension,
  type ElementType,
  type Initializer,
  type NodeInfo,
  type ValueInfo,
} from "./protobuf.ts";

/** A tensor in a graph that is being built. */
export interface Value {
  readonly name: string;
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** Given the gradient of an operator's output, the gradients of its inputs, in their order. */
export type Backward = (gradient: Value) => readonly Value[];

/** A differentiable step, recorded in the order of computation (a Wengert list). */
export interface TapeEntry {
  readonly output: Value;
  readonly inputs: readonly Value[];
  readonly backward: Backward;
}

/** The standard domain is ""; this one holds ONNX Runtime's own operators. */
export const runtimeDomain = "com.microsoft";

/** Where a graph runs: ONNX Runtime's own kernels, or its WebGPU provider. */
export type Device = "cpu" | "gpu";

/** WebGPU promises no shader more: https://www.w3.org/TR/webgpu/#limits, storage buffers a stage. */
export const mostBuffers = 8;

/** Builds an ONNX graph node by node; operators also record how to differentiate them. */
export class Graph {
  /** What the graph is for: a few operators are spelled for it. */
  readonly device: Device;
  /** The differentiable steps so far. */
  readonly tape: TapeEntry[] = [];
  readonly #nodes: NodeInfo[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #constants = new Map<string, Value>();
  /** What the file calls the values that are outputs. */
  readonly #outputNames = new Map<string, string>();
  #names = 0;

  constructor(device: Device = "cpu") {
    this.device = device;
  }

  /** A tensor that every run is given. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push({ name, type, shape });
    return { name };
  }

  /** A tensor that every run returns. */
  output(
    name: string,
    value: Value,
    shape: readonly Dimension[],
    type: ElementType = "float32",
  ): void {
    // The file gives the value this name where it is made, so that its node writes straight into
    // the caller's buffer; only a second name, or one for an input, costs a copy.
    const made = this.#nodes.some(({ outputs }) => outputs.includes(value.name));
    const source =
      made && !this.#outputNames.has(value.name) ? value : this.node("Identity", [value]);
    this.#outputNames.set(source.name, name);
    this.#outputs.push({ name, type, shape });
  }

  /** A named tensor that the file holds. */
  initializer(name: string, shape: readonly number[], data: Float32Array): Value {
    this.#initializers.push({ name, type: "float32", shape, data });
    return { name };
  }

  /** A constant; equal scalars and index lists are stored once. */
  scalar(value: number): Value {
    return this.#constant(`f:${value}`, [], "float32", () => new Float32Array([value]));
  }

  floats(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const key = `f[${shape.join()}]:${values.join()}`;
    return this.#constant(key, shape, "float32", () => new Float32Array(values));
  }

  integers(values: readonly number[]): Value {
    const key = `i:${values.join()}`;
    const data = () => BigInt64Array.from(values, BigInt);
    return this.#constant(key, [values.length], "int64", data);
  }

  /** Adds a node with one output. */
  node(
    operator: string,
    inputs: readonly Value[],
    attributes: Attributes = {},
    domain: "" | typeof runtimeDomain = "",
  ): Value {
    return this.nodes(operator, inputs, 1, attributes, domain)[0]!;
  }

  /**
   * Adds a node with several outputs.
   * @throws RangeError when a GPU could not run it: each input and output takes a buffer of a shader.
   */
  nodes(
    operator: string,
    inputs: readonly Value[],
    outputs: number,
    attributes: Attributes = {},
    domain: "" | typeof runtimeDomain = "",
  ): Value[] {
    const buffers = inputs.length + outputs;
    if (buffers > mostBuffers) {
      throw new RangeError(`${operator} takes ${buffers} buffers; a GPU gives ${mostBuffers}`);
    }
    const results = Array.from({ length: outputs }, () => ({ name: `v${this.#names++}` }));
    const names = (values: readonly Value[]) => values.map(({ name }) => name);
    this.#nodes.push({
      operator,
      domain,
      inputs: names(inputs),
      outputs: names(results),
      attributes,
    });
    return results;
  }

  /** Records how a value, made of the inputs by one or more nodes, is differentiated. */
  differentiable(output: Value, inputs: readonly Value[], backward: Backward): Value {
    this.tape.push({ output, inputs, backward });
    return output;
  }

  /** @returns the bytes of an ONNX file. */
  encode(): Uint8Array {
    const named = (names: readonly string[]) =>
      names.map((name) => this.#outputNames.get(name) ?? name);
    return encodeModel({
      nodes: this.#nodes.map((node) => ({
        ...node,
        inputs: named(node.inputs),
        outputs: named(node.outputs),
      })),
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    });
  }

  #constant(
    key: string,
    shape: readonly number[],
    type: ElementType,
    data: () => Float32Array | BigInt64Array,
  ): Value {
    const known = this.#constants.get(key);
    if (known) return known;
    const value = { name: `c${this.#constants.size}` };
    this.#initializers.push({ name: value.name, type, shape, data: data() });
    this.#constants.set(key, value);
    return value;
  }
}
