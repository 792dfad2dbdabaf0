import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cachedTokenizers, tokenizerName } from "../../../src/workspace/tokenizer-files.ts";
import { temporaryFolder } from "../training/fixture.ts";

test.each([
  [
    "/home/me/.cache/huggingface/hub/models--Qwen--Qwen3-0.6B/snapshots/c1/tokenizer.json",
    "Qwen/Qwen3-0.6B",
  ],
  ["/models/phi/tokenizer.json", "phi"],
  ["/work/.ingrain/runs/2026-11-22-desk/model/tokenizer.json", "2026-11-22-desk"],
])("%s is called %s", (path, name) => {
  expect(tokenizerName(path)).toBe(name);
});

test("finds the tokenizers in a Hugging Face cache, wherever it lies", async () => {
  const home = temporaryFolder();
  const add = async (model: string, snapshot: string, file: string) => {
    const folder = join(home, "hub", model, "snapshots", snapshot);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), "{}");
    return join(folder, file);
  };
  const b = await add("models--me--b", "c1", "tokenizer.json");
  const a = await add("models--me--a", "c2", "tokenizer.json");
  await add("models--me--none", "c3", "config.json");
  await add("datasets--me--c", "c4", "tokenizer.json");
  const expected = [
    { name: "me/a", path: a },
    { name: "me/b", path: b },
  ];
  expect(await cachedTokenizers({ HF_HOME: home })).toEqual(expected);
  expect(await cachedTokenizers({ HF_HUB_CACHE: join(home, "hub") })).toEqual(expected);
  expect(await cachedTokenizers({ HF_HOME: join(home, "nowhere") })).toEqual([]);
});
