import Pbf from "pbf";

/**
 * The part of ONNX's file format that the graphs use, written as protocol buffers; field numbers
 * from https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
export type ElementType = "float32" | "int64" | "bool";

/** Shapes hold a number where the size is fixed, and a name where each run decides. */
export type Dimension = number | string;

export interface ValueInfo {
  name: string;
  type: ElementType;
  shape: readonly Dimension[];
}

/** `float` must be tagged: 1 as a number could be either of ONNX's int and float attributes. */
export type Attribute = number | string | readonly number[] | { float: number };

export interface NodeInfo {
  operator: string;
  /** Empty for the operators of the ONNX standard. */
  domain: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

export interface Initializer extends ValueInfo {
  shape: readonly number[];
  data: Float32Array | BigInt64Array;
}

export interface ModelInfo {
  nodes: readonly NodeInfo[];
  initializers: readonly Initializer[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
}

const irVersion = 10;
/** Of the standard operators; each of the other domains is at its version 1. */
const operatorSetVersion = 21;

const elementTypes = { float32: 1, int64: 7, bool: 9 } as const;
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** @returns the bytes of an ONNX file. */
export function encodeModel(model: ModelInfo): Uint8Array {
  const pbf = new Pbf();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, "ingrain");
  pbf.writeMessage(7, writeGraph, model);
  const domains = new Set(["", ...model.nodes.map(({ domain }) => domain)]);
  for (const domain of domains) pbf.writeMessage(8, writeOperatorSet, domain);
  return pbf.finish();
}

function writeOperatorSet(domain: string, pbf: Pbf): void {
  pbf.writeStringField(1, domain);
  pbf.writeVarintField(2, domain === "" ? operatorSetVersion : 1);
}

function writeGraph(model: ModelInfo, pbf: Pbf): void {
  for (const node of model.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, "graph");
  for (const initializer of model.initializers) pbf.writeMessage(5, writeTensor, initializer);
  for (const input of model.inputs) pbf.writeMessage(11, writeValueInfo, input);
  for (const output of model.outputs) pbf.writeMessage(12, writeValueInfo, output);
}

function writeNode(node: NodeInfo, pbf: Pbf): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  // ONNX wants a name on each node that a message or a profile can show.
  pbf.writeStringField(3, `${node.operator}:${node.outputs.find((name) => name !== "") ?? ""}`);
  pbf.writeStringField(4, node.operator);
  for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry);
  if (node.domain !== "") pbf.writeStringField(7, node.domain);
}

function writeAttribute([name, value]: [string, Attribute], pbf: Pbf): void {
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, attributeTypes.int);
  } else if (typeof value === "string") {
    pbf.writeStringField(4, value);
    pbf.writeVarintField(20, attributeTypes.string);
  } else if ("float" in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, attributeTypes.float);
  } else {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, attributeTypes.ints);
  }
}

function writeTensor({ name, type, shape, data }: Initializer, pbf: Pbf): void {
  for (const size of shape) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, elementTypes[type]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo({ name, type, shape }: ValueInfo, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, (_, typePbf) => typePbf.writeMessage(1, writeTensorType, { type, shape }), 0);
}

function writeTensorType({ type, shape }: Omit<ValueInfo, "name">, pbf: Pbf): void {
  pbf.writeVarintField(1, elementTypes[type]);
  pbf.writeMessage(2, writeShape, shape);
}

function writeShape(shape: readonly Dimension[], pbf: Pbf): void {
  for (const dimension of shape) pbf.writeMessage(1, writeDimension, dimension);
}

function writeDimension(dimension: Dimension, pbf: Pbf): void {
  if (typeof dimension === "number") pbf.writeVarintField(1, dimension);
  else pbf.writeStringField(2, dimension);
}
