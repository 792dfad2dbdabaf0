import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { specialTokens } from "../../../../../src/training/engines/onnx/bpe.ts";
import { Tokenizer, trainTokenizer } from "../../../../../src/training/engines/onnx/tokenizer.ts";

const texts = [
  "An agent may refund an order within 30 days. Refunds over $1,250 need a manager.",
  "<|user|>May an agent refund an order after 31 days?<|assistant|>No, an agent may not.<|end|>",
];
const json = trainTokenizer(texts, 280);
const tokenizer = Tokenizer.fromJson(json);

describe("trainTokenizer", () => {
  test("depends on the texts alone", () => {
    expect(trainTokenizer(texts, 280)).toBe(json);
  });

  test("merges what is frequent, up to the size asked for", () => {
    expect(tokenizer.vocabularySize).toBe(280);
    expect(tokenizer.encode(" agent")).toHaveLength(1);
    expect(trainTokenizer(["ab"], 1000)).toBe(trainTokenizer(["ab"], 260));
  });

  test("refuses a vocabulary that cannot hold the bytes", () => {
    expect(() => trainTokenizer(texts, 200)).toThrow("it must hold at least 260");
    expect(() => trainTokenizer(texts, 300.5)).toThrow("too small");
  });
});

describe("Tokenizer", () => {
  test("gives special tokens the first ids, and never merges across them", () => {
    expect(specialTokens.map((token) => tokenizer.encode(token))).toEqual([[0], [1], [2], [3]]);
    expect(tokenizer.endId).toBe(0);
    expect(tokenizer.encode("<|user|>An agent<|end|>")).toEqual([
      1,
      ...tokenizer.encode("An agent"),
      0,
    ]);
  });

  test("splits numbers digit by digit", () => {
    const digits = Array.from("1250").flatMap((digit) => tokenizer.encode(digit));
    expect(tokenizer.encode("1250")).toEqual(digits);
    expect(digits).toHaveLength(4);
  });

  test("decoding undoes encoding", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
    expect(tokenizer.decode(tokenizer.encode(texts[1]!))).toBe(texts[1]);
    expect(tokenizer.decode([])).toBe("");
  });

  test("refuses what is no tokenizer", () => {
    expect(() => Tokenizer.fromJson("{")).toThrow("not a tokenizer.json");
    expect(() => Tokenizer.fromJson("{}")).toThrow("not a tokenizer.json");
    const file = JSON.parse(json) as { added_tokens: unknown[] };
    const endless = JSON.stringify({ ...file, added_tokens: [] });
    expect(() => Tokenizer.fromJson(endless)).toThrow("no token <|end|>");
  });
});
