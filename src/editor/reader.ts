import { carryIds } from "../policy/compare.ts";
import { requirePolicySize } from "../policy/decode.ts";
import { isMarkedPolicy } from "../policy/front-matter.ts";
import { parsePolicy } from "../policy/parse.ts";
import type { ParsedPolicy } from "../policy/statement.ts";

export { checkDirectives } from "../policy/directives.ts";

/**
 * The policy in a Markdown text; undefined when nobody calls it one. Loaded on the first text that
 * may be a policy: the parser is most of the extension's code.
 * @param named whether a setting or a command names the file; else its front matter decides.
 * @param previous the document as it was read last: its statements keep their ids through an edit.
 * @throws {InputError} when the text is over 5 MB, before anything else looks at it.
 */
export function readPolicy(
  text: string,
  path: string,
  named: boolean,
  previous?: ParsedPolicy,
): ParsedPolicy | undefined {
  requirePolicySize(new TextEncoder().encode(text).byteLength, path);
  if (!named && !isMarkedPolicy(text)) return undefined;
  const parsed = parsePolicy(text, { path });
  if (previous === undefined) return parsed;
  return { ...parsed, statements: carryIds(previous.statements, parsed.statements) };
}
