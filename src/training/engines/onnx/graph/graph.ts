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

/** Builds an ONNX graph node by node; operators also record how to differentiate them. */
export class Graph {
  /** The differentiable steps so far. */
  readonly tape: TapeEntry[] = [];
  readonly #nodes: NodeInfo[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #constants = new Map<string, Value>();
  #names = 0;

  /** A tensor that every run is given. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push({ name, type, shape });
    return { name };
  }

  /** A tensor that every run returns; one value may be returned under one name only. */
  output(name: string, value: Value, shape: readonly Dimension[], type: ElementType = "float32") {
    // The last node that touches an output writes it straight into the caller's buffer, so the
    // value is renamed where it is made instead of being copied by an Identity node.
    const index = this.#nodes.findIndex((node) => node.outputs.includes(value.name));
    const producer = this.#nodes[index];
    if (!producer) throw new Error(`${name} is not computed by the graph`);
    const rename = (names: readonly string[]) => names.map((n) => (n === value.name ? name : n));
    for (let i = index; i < this.#nodes.length; i++) {
      const node = this.#nodes[i]!;
      this.#nodes[i] = {
        ...node,
        inputs: rename(node.inputs),
        outputs: rename(node.outputs),
      };
    }
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

  /** Adds a node with several outputs. */
  nodes(
    operator: string,
    inputs: readonly Value[],
    outputs: number,
    attributes: Attributes = {},
    domain: "" | typeof runtimeDomain = "",
  ): Value[] {
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
    return encodeModel({
      nodes: this.#nodes,
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
