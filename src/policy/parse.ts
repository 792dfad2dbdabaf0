import { PolicyDocument, type DocumentOptions } from "./document.ts";
import type { ParsedPolicy } from "./statement.ts";
import { ModelClassifier, type CategoryModel } from "./model-classifier.ts";
import { finish } from "./turns.ts";

/**
 * Reads a policy: cuts it into statements, decides their categories and reads the conditions of the
 * conditional ones. Pure and synchronous. It never throws, whatever the text; a text without
 * sentences gives no statements (see `requireStatements`).
 *
 * @param text the file without a byte order mark (see `decodePolicy`); offsets are UTF-16 code units
 * into it.
 */
export function parsePolicy(text: string, options: DocumentOptions): ParsedPolicy {
  const document = new PolicyDocument(options);
  finish(document.load(text));
  return document.parsed;
}

/**
 * Reads a policy as `parsePolicy` does, and asks a model about the statements whose category the
 * rules are not sure of.
 *
 * @throws what the model throws.
 */
export async function parseWithModel(
  text: string,
  { path }: Pick<DocumentOptions, "path">,
  model: CategoryModel,
): Promise<ParsedPolicy> {
  const classifier = new ModelClassifier(model);
  const document = new PolicyDocument({ path, classifier });
  finish(document.load(text));
  await classifier.answer();
  finish(document.review());
  return document.parsed;
}
