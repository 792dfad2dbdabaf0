import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, sep } from "node:path";
import { isMissing } from "../training/files.ts";

/** A `tokenizer.json` on this machine. */
export interface TokenizerFile {
  /** The model's name, as its folder tells it. */
  name: string;
  path: string;
}

/**
 * What a tokenizer file is called: the model's hub id in a Hugging Face cache, else the folder that
 * holds it.
 */
export function tokenizerName(path: string): string {
  const parts = path.split(/[\\/]/);
  const snapshots = parts.lastIndexOf("snapshots");
  const repository = snapshots > 0 ? parts[snapshots - 1]! : "";
  if (repository.startsWith("models--")) {
    return repository.slice("models--".length).replaceAll("--", "/");
  }
  const folder = basename(dirname(path));
  // A run keeps its model in a folder of that name; the run's own says more.
  return folder === "model" ? basename(dirname(dirname(path))) : folder || basename(path);
}

/**
 * The tokenizers in this machine's Hugging Face cache, by name; none when there is no cache.
 * @param env names other places as Hugging Face's libraries do: `HF_HUB_CACHE`, `HF_HOME`.
 */
export async function cachedTokenizers(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<TokenizerFile[]> {
  const home = env["HF_HOME"] ?? join(homedir(), ".cache", "huggingface");
  const hub = env["HF_HUB_CACHE"] ?? join(home, "hub");
  const models = (await namesIn(hub)).filter((name) => name.startsWith("models--"));
  const found = await Promise.all(
    models.map((model) => tokenizerIn(join(hub, model, "snapshots"))),
  );
  return found
    .filter((path) => path !== undefined)
    .map((path) => ({ name: tokenizerName(path), path }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The tokenizer of one of a model's snapshots: they seldom differ in it. */
async function tokenizerIn(snapshots: string): Promise<string | undefined> {
  for (const snapshot of (await namesIn(snapshots)).sort()) {
    const folder = join(snapshots, snapshot);
    if ((await namesIn(folder)).includes("tokenizer.json")) return `${folder}${sep}tokenizer.json`;
  }
  return undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
