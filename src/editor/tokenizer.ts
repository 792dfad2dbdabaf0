import { Tokenizer } from "@huggingface/tokenizers";
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError, messageOf } from "../policy/errors.ts";
import { isMissing } from "../training/files.ts";

/** The largest that are in use have some 35 MB. */
const maxBytes = 100_000_000;

/** Counts a text's tokens, without those that a model puts around a prompt. */
export type CountTokens = (text: string) => number;

/**
 * Reads a Hugging Face `tokenizer.json`, and the `tokenizer_config.json` beside it when there is one.
 * @throws {InputError} when the file is missing, too large or none that the library can read.
 */
export async function readTokenizer(path: string): Promise<CountTokens> {
  const tokenizer = await readJson(path);
  if (tokenizer === undefined) throw new InputError(`there is no file ${path}`);
  const config = (await readJson(join(dirname(path), "tokenizer_config.json"))) ?? {};
  try {
    const read = new Tokenizer(tokenizer, config);
    // What is no tokenizer shows at the first text at the latest.
    read.encode("A", { add_special_tokens: false });
    return (text) => read.encode(text, { add_special_tokens: false }).ids.length;
  } catch (error) {
    throw new InputError(`${path} cannot be read as a tokenizer: ${messageOf(error)}`);
  }
}

/** Undefined when there is no such file. */
async function readJson(path: string): Promise<object | undefined> {
  let text: string;
  try {
    if ((await stat(path)).size > maxBytes) {
      throw new InputError(`${path} is too large for a tokenizer`);
    }
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be read: ${messageOf(error)}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below: what the parser quotes of a broken file helps nobody.
  }
  throw new InputError(`${path} is not a JSON object`);
}
