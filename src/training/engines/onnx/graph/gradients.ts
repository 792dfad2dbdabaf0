import type { Graph, Value } from "./graph.ts";

/**
 * Adds the backward pass: reverse-mode differentiation over the graph's tape.
 * @param loss a scalar of the graph.
 * @param parameters the values to differentiate by.
 * @returns the gradient of the loss by each parameter, in their order.
 */
export function gradients(graph: Graph, loss: Value, parameters: readonly Value[]): Value[] {
  const tape = [...graph.tape];
  const active = dependents(tape, parameters);
  const known = new Map<string, Value>([[loss.name, graph.scalar(1)]]);
  for (const { output, inputs, backward } of tape.reverse()) {
    const gradient = known.get(output.name);
    if (!gradient || !active.has(output.name)) continue;
    backward(gradient).forEach((contribution, index) => {
      const { name } = inputs[index]!;
      if (!active.has(name)) return;
      const sum = known.get(name);
      known.set(name, sum ? graph.node("Add", [sum, contribution]) : contribution);
    });
  }
  return parameters.map(({ name }) => {
    const gradient = known.get(name);
    if (!gradient) throw new Error(`the loss does not depend on ${name}`);
    return gradient;
  });
}

/** Names of the values that depend on a parameter: only they need a gradient. */
function dependents(tape: Graph["tape"], parameters: readonly Value[]): Set<string> {
  const names = new Set(parameters.map(({ name }) => name));
  for (const { output, inputs } of tape) {
    if (inputs.some(({ name }) => names.has(name))) names.add(output.name);
  }
  return names;
}
