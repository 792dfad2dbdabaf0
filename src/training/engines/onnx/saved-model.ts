import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isMissing, readJson, readRequired, readRequiredBytes, writeWhole } from "../../files.ts";
import type { OnnxHyperparameters } from "../../spec.ts";
import type { GptConfig, HostTensor } from "./gpt.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { Tokenizer } from "./tokenizer.ts";

/** `config.json` of a trained model. */
const ModelConfig = z.object({
  model_type: z.literal("ingrain-gpt"),
  layers: z.int().min(1),
  heads: z.int().min(1),
  width: z.int().min(1),
  context: z.int().min(1),
  vocabulary: z.int().min(1),
});

export interface SavedModel {
  config: GptConfig;
  tokenizer: Tokenizer;
  weights: ReadonlyMap<string, HostTensor>;
}

const paths = (folder: string) => ({
  config: join(folder, "config.json"),
  tokenizer: join(folder, "tokenizer.json"),
  weights: join(folder, "model.safetensors"),
});

export function configOf(
  { layers, heads, width, context }: OnnxHyperparameters,
  tokenizer: Tokenizer,
): GptConfig {
  return { layers, heads, width, context, vocabulary: tokenizer.vocabularySize };
}

/** The content of the tokenizer that an earlier start of the run made; undefined before. */
export async function readTokenizer(folder: string): Promise<string | undefined> {
  try {
    return await readFile(paths(folder).tokenizer, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function writeTokenizer(folder: string, json: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(paths(folder).tokenizer, json);
}

/** Writes configuration and weights beside the tokenizer. */
export async function writeModel(
  folder: string,
  config: GptConfig,
  weights: ReadonlyMap<string, HostTensor>,
): Promise<void> {
  const { layers, heads, width, context, vocabulary } = config;
  const content: z.infer<typeof ModelConfig> = {
    model_type: "ingrain-gpt",
    layers,
    heads,
    width,
    context,
    vocabulary,
  };
  await writeWhole(paths(folder).config, `${JSON.stringify(content, null, 2)}\n`);
  await writeWhole(paths(folder).weights, writeSafetensors(weights));
}

/** @throws InputError when a file is missing, or is not of a model that this engine knows. */
export async function readModel(folder: string): Promise<SavedModel> {
  const { config, tokenizer, weights } = paths(folder);
  const read = await readJson(ModelConfig, config, "the model's configuration");
  const json = await readRequired(tokenizer, "the model's tokenizer");
  const bytes = await readRequiredBytes(weights, "the model's weights");
  return {
    config: read,
    tokenizer: Tokenizer.fromJson(json),
    weights: readSafetensors(bytes).tensors,
  };
}

export async function hashModel(folder: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(paths(folder).weights))
    .digest("hex");
}
