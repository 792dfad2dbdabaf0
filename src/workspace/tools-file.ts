import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodePolicy, maxPolicyBytes } from "../policy/decode.ts";
import { InputError } from "../policy/errors.ts";
import { parseTools, type Tool } from "../synthesis/tools.ts";
import { isMissing } from "../training/files.ts";

/** The file beside a policy that lists what its agent can call. */
export const toolsFile = "tools.json";

/**
 * The tools of a policy; undefined when no `tools.json` lies beside it.
 * @param policy the policy's file.
 * @throws InputError when the file is no list of tools, or too large to be one.
 */
export async function readTools(policy: string): Promise<Tool[] | undefined> {
  const path = join(dirname(policy), toolsFile);
  try {
    const entry = await stat(path);
    if (!entry.isFile()) throw new InputError(`${path}: not a file.`);
    if (entry.size > maxPolicyBytes)
      throw new InputError(`${path}: too large for a list of tools.`);
    return parseTools(decodePolicy(await readFile(path), path), path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
