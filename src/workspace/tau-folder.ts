import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TauFiles } from "../benchmark/harness/tau.ts";
import { InputError } from "../policy/errors.ts";
import { hasCode, isMissing } from "../training/files.ts";

/** What is larger is no file of a benchmark that anybody wants in memory; in bytes. */
const largest = 64 * 1024 * 1024;
const wanted = /\.(?:md|json|py|toml|ya?ml)$/;

/**
 * Reads the files of a benchmark of others: those in the folder, and in `data` and `tools` below it.
 * @throws InputError when there is no such folder, or a file in it is too large.
 */
export async function readTauFolder(folder: string): Promise<TauFiles> {
  const files = new Map<string, string>();
  for (const part of ["", "data", "tools"]) {
    for (const name of await namesIn(join(folder, part), part === "")) {
      if (!wanted.test(name)) continue;
      const path = join(folder, part, name);
      const entry = await stat(path);
      if (!entry.isFile()) continue;
      if (entry.size > largest) throw new InputError(`the file is too large: ${path}`);
      files.set(part === "" ? name : `${part}/${name}`, await readFile(path, "utf8"));
    }
  }
  return files;
}

async function namesIn(folder: string, required: boolean): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, "ENOTDIR")) throw new InputError(`a benchmark is a folder: ${folder}`);
    if (!isMissing(error)) throw error;
    if (required) throw new InputError(`no such folder: ${folder}`);
    return [];
  }
}
