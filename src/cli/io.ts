import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { decodePolicy } from "../policy/decode.ts";
import { InputError } from "../policy/errors.ts";
import { parsePolicy } from "../policy/parse.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import { hasCode, isMissing } from "../training/files.ts";
import { findRoot, ingrainFolder, type IngrainFolder } from "../workspace/folder.ts";

/** What the command line needs of the process around it; tests give their own. */
export interface Io {
  cwd: string;
  /** Environment variables: where a teacher's key is read from. */
  env: Readonly<Record<string, string | undefined>>;
  /** For results. */
  out: (text: string) => void;
  /** For progress and logs. */
  log: (text: string) => void;
  /** Where bars are drawn; undefined when nobody watches. */
  terminal: NodeJS.WritableStream | undefined;
  /** The bundled trainer. */
  trainer: string;
  /** Calls back at Ctrl-C, until disposed. */
  onInterrupt: (listener: () => void) => { dispose(): void };
}

/** The run ended otherwise than it should: exit code 1. */
export class RunFailure extends Error {
  override readonly name = "RunFailure";
}

/** The `.ingrain` folder that `--dir` names, or the nearest one at or above the current folder. */
export function folderOf(io: Io, dir: string | undefined): IngrainFolder {
  return ingrainFolder(dir === undefined ? findRoot(io.cwd) : resolve(io.cwd, dir));
}

/** @throws InputError when there is no such dataset. */
export function datasetFolder(io: Io, { datasets }: IngrainFolder, name: string): string {
  const found = [resolve(io.cwd, name), join(datasets, name)].find((path) => existsSync(path));
  if (found === undefined) {
    throw new InputError(`no such dataset (${name})`, "Make one with: ingrain synthesize POLICY");
  }
  return found;
}

/**
 * Reads and parses a policy file.
 * @param named how the policy's path is written down.
 * @throws InputError when there is no such file, or it is no text or too large.
 */
export async function readPolicy(io: Io, path: string, named = path): Promise<ParsedPolicy> {
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(io.cwd, path));
  } catch (error) {
    if (isMissing(error)) throw new InputError(`no such file (${path})`);
    if (hasCode(error, "EISDIR"))
      throw new InputError(`a policy is a file, not a folder (${path})`);
    if (hasCode(error, "EACCES")) throw new InputError(`the file may not be read (${path})`);
    throw error;
  }
  return parsePolicy(decodePolicy(bytes, path), { path: named });
}

/** Control characters, line breaks and tabs left out (the general category Cc of Unicode). */
const controls = /[^\P{Cc}\n\t]/gu;

/**
 * The same surroundings, where nothing that is written can command the terminal: policies, file
 * names and logs come from anyone, and may hold escape sequences.
 */
export function withoutControls(io: Io): Io {
  return {
    ...io,
    out: (text) => io.out(text.replace(controls, "")),
    log: (text) => io.log(text.replace(controls, "")),
  };
}

/** Writes a value as JSON for other programs: in it, control characters are escaped, not lost. */
export function printJson(io: Io, value: unknown): void {
  const escape = (mark: string) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
  io.out(`${JSON.stringify(value, null, 2).replace(controls, escape)}\n`);
}

/** What happened and what to do, as sentences in one line. */
export function sentences(message: string, hint: string | undefined): string {
  if (hint === undefined || hint === "") return message;
  return `${message.replace(/[.:]?\s*$/, ".")} ${hint}`;
}
