import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTokenizer } from "../../../src/editor/tokenizer.ts";
import { InputError } from "../../../src/policy/errors.ts";
import { Tokenizer, trainTokenizer } from "../../../src/training/engines/onnx/tokenizer.ts";
import { temporaryFolder } from "../training/fixture.ts";

const text = "A parcel has a weight, and a parcel has a zone.\n\nNaïve café: 12 €.\n";

async function write(content: string, name = "tokenizer.json"): Promise<string> {
  const path = join(temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

/** WordPiece, another kind than the one that we train. */
const wordPiece = {
  version: "1.0",
  added_tokens: [],
  normalizer: { type: "Lowercase" },
  pre_tokenizer: { type: "Whitespace" },
  post_processor: null,
  decoder: null,
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: { "[UNK]": 0, par: 1, "##cel": 2, a: 3 },
  },
};

describe("readTokenizer", () => {
  it("counts as the tokenizer that we train does", async () => {
    const json = trainTokenizer([text, text], 300);
    const count = await readTokenizer(await write(json));
    expect(count(text)).toBe(Tokenizer.fromJson(json).encode(text).length);
    expect(count("")).toBe(0);
  });

  it("counts with a tokenizer of another kind, with its configuration or without", async () => {
    const path = await write(JSON.stringify(wordPiece));
    expect((await readTokenizer(path))("A parcel a dog")).toBe(5);
    await writeFile(join(path, "..", "tokenizer_config.json"), "{}");
    expect((await readTokenizer(path))("A parcel")).toBe(3);
  });

  it.each([
    ["no JSON", "{", /is not a JSON object$/],
    ["no object", "12", /is not a JSON object$/],
    ["no tokenizer", "{}", /cannot be read as a tokenizer: ./],
    [
      "an unknown model",
      '{"model":{"type":"Magic","vocab":{}}}',
      /cannot be read as a tokenizer: ./,
    ],
  ])("refuses %s in one line", async (_, content, message) => {
    const read = readTokenizer(await write(content));
    await expect(read).rejects.toThrow(InputError);
    await expect(read).rejects.toThrow(message);
  });

  it("names a file that is missing, or a folder", async () => {
    const folder = temporaryFolder();
    await expect(readTokenizer(join(folder, "tokenizer.json"))).rejects.toThrow(
      /^there is no file /,
    );
    await mkdir(join(folder, "inner"));
    await expect(readTokenizer(join(folder, "inner"))).rejects.toThrow(/cannot be read: EISDIR/);
  });
});
