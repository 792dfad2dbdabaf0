import { requirePolicySize } from "../policy/decode.ts";
import { isMarkedPolicy } from "../policy/front-matter.ts";
import { parsePolicy } from "../policy/parse.ts";
import type { ParsedPolicy } from "../policy/statement.ts";

export { checkDirectives } from "../policy/directives.ts";

/**
 * The policy in a Markdown text; undefined when nobody calls it one. Loaded on the first text that
 * may be a policy: the parser is most of the extension's code.
 * @param named whether a setting or a command names the file; else its front matter decides.
 * @throws {InputError} when the text is over 5 MB, before anything else looks at it.
 */
export function readPolicy(text: string, path: string, named: boolean): ParsedPolicy | undefined {
  requirePolicySize(new TextEncoder().encode(text).byteLength, path);
  return named || isMarkedPolicy(text) ? parsePolicy(text, { path }) : undefined;
}
