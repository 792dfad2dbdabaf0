import { messageOf } from "../policy/errors.ts";
import { parsePolicy, parseWithModel } from "../policy/parse.ts";
import type { CategoryModel } from "../policy/model-classifier.ts";
import type { ParsedPolicy } from "../policy/statement.ts";

export interface NetworkOptions {
  /** As it is reported. */
  path: string;
  /** The folder with the network; undefined for categories by rules alone. */
  network: string | undefined;
  /** Told when the network cannot be loaded: then categories are by rules alone. */
  warn: (line: string) => void;
}

/** Reads a policy in a process or thread of its own, with the network where there is one. */
export async function readPolicyText(
  text: string,
  { path, network, warn }: NetworkOptions,
): Promise<ParsedPolicy> {
  if (network === undefined) return parsePolicy(text, { path });
  let model: CategoryModel;
  try {
    const { CategoryNetwork } = await import("./category-network.ts");
    model = await CategoryNetwork.load(network);
  } catch (error) {
    const reason = messageOf(error);
    warn(`The model for categories cannot be loaded, so they are by rules alone: ${reason}`);
    return parsePolicy(text, { path });
  }
  return parseWithModel(text, { path }, model);
}
