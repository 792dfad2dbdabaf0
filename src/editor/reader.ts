import { join } from "node:path";
import { CategoryThread } from "./category-thread.ts";
import { maxPolicyBytes, requirePolicySize } from "../policy/decode.ts";
import { PolicyDocument } from "../policy/document.ts";
import type { ModelClassifier } from "../policy/model-classifier.ts";
import { isMarkedPolicy } from "../policy/front-matter.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import { inSlices } from "./slices.ts";

// Loaded on the first text that may be a policy: the parser is most of the extension's code.
export { checkDirectives } from "../policy/directives.ts";
export { LivePolicy } from "./live-policy.ts";
export { trialReader } from "./trial-reader.ts";

/** @param extension the folder that the extension is installed in. */
export function categoryModel(extension: string, network: string): CategoryThread {
  return new CategoryThread(join(extension, "dist", "category-worker.js"), network);
}

/**
 * Whether a Markdown text is a policy.
 * @param named whether a setting or a command names the file; else its front matter decides.
 * @throws {InputError} when the text is over 5 MB, before anything else looks at it.
 */
export function isPolicy(text: string, path: string, named: boolean): boolean {
  requireSize(text, path);
  return named || isMarkedPolicy(text);
}

/**
 * Reads a text once, and gives others a turn meanwhile.
 * @param classifier rules alone where there is none.
 * @throws {InputError} when the text is over 5 MB, before anything else looks at it.
 */
export async function readPolicy(
  text: string,
  path: string,
  classifier: ModelClassifier | undefined,
): Promise<ParsedPolicy> {
  requireSize(text, path);
  const document = new PolicyDocument({ path, ...(classifier && { classifier }) });
  await inSlices(document.load(text));
  if (classifier?.isWaiting) {
    await classifier.answer();
    await inSlices(document.review());
  }
  return document.parsed;
}

function requireSize(text: string, path: string): void {
  // A UTF-16 code unit has at most three bytes: most texts need not be encoded to be measured.
  if (3 * text.length <= maxPolicyBytes) return;
  requirePolicySize(new TextEncoder().encode(text).byteLength, path);
}
