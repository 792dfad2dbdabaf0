import { InputError } from "./errors.ts";
import type { ParsedPolicy } from "./statement.ts";

/** Policies are written by people; what is larger is not one, and would stall the editor. */
export const maxPolicyBytes = 5 * 1024 * 1024;

/**
 * Reads the bytes of a policy file as text. A byte order mark is dropped, as VS Code drops it, so
 * that offsets into the result are offsets into the document an editor shows.
 *
 * @param path names the file in errors.
 * @throws InputError when the bytes are over 5 MB or not UTF-8 text.
 */
export function decodePolicy(bytes: Uint8Array, path: string): string {
  requirePolicySize(bytes.byteLength, path);
  if (bytes.includes(0)) throw notText(path, "it contains NUL bytes");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw notText(path, "it is not valid UTF-8");
  }
}

/** @throws InputError when a policy of so many bytes is over 5 MB. */
export function requirePolicySize(bytes: number, path: string): void {
  if (bytes <= maxPolicyBytes) return;
  const megabytes = (bytes / 1024 / 1024).toFixed(1);
  throw new InputError(`${path} has ${megabytes} MB; a policy may have at most 5 MB.`);
}

/**
 * For those who can do nothing with a policy that says nothing.
 *
 * @throws InputError when the policy has no statements.
 */
export function requireStatements(parsed: ParsedPolicy): ParsedPolicy {
  if (parsed.statements.length > 0) return parsed;
  const { path, words } = parsed.policy;
  throw words === 0
    ? new InputError(`${path} is empty.`, "Write the policy as Markdown sentences.")
    : new InputError(
        `${path} has no statements: no sentence was found in it.`,
        "Headings, code blocks, images and link lists are not statements.",
      );
}

function notText(path: string, why: string): InputError {
  return new InputError(
    `${path} is not a text file: ${why}.`,
    "A policy is a Markdown file in UTF-8.",
  );
}
