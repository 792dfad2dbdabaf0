import { PolicyDocument, type DocumentOptions } from "./document.ts";
import type { ParsedPolicy } from "./statement.ts";
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
