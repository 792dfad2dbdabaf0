import fc from "fast-check";
import { expect, it } from "vitest";
import { distinctN, diversityOf, selfBleu } from "../../../src/synthesis/diversity.ts";
import {
  jaccard,
  nearDuplicate,
  NearDuplicates,
  shinglesOf,
} from "../../../src/synthesis/near-duplicates.ts";
import { Random } from "../../../src/synthesis/random.ts";

const sentence = fc
  .array(fc.constantFrom("the", "parcel", "is", "late", "lost", "new"), { maxLength: 12 })
  .map((words) => words.join(" "));

it("finds what comparing all with all finds", () => {
  fc.assert(
    fc.property(fc.array(sentence, { maxLength: 30 }), (texts) => {
      const known = new NearDuplicates();
      const kept: string[] = [];
      for (const text of texts) {
        const near = kept.some(
          (other) => jaccard(shinglesOf(text), shinglesOf(other)) >= nearDuplicate,
        );
        // A text without a word has nothing in common with any.
        if (shinglesOf(text).size === 0) continue;
        expect(known.has(text)).toBe(near);
        expect(known.add(text)).toBe(!near);
        if (!near) kept.push(text);
      }
    }),
  );
});

it("measures distinct-n and self-BLEU as they are defined", () => {
  const texts = [
    ["a", "b", "a", "b"],
    ["a", "b", "c"],
  ];
  expect(distinctN(texts, 1)).toBeCloseTo(3 / 7);
  expect(distinctN(texts, 2)).toBeCloseTo(3 / 5);
  expect(distinctN([], 2)).toBe(0);
  expect(selfBleu([["a"]])).toBe(0);
  expect(
    selfBleu([
      ["a", "b", "c", "d"],
      ["a", "b", "c", "d"],
    ]),
  ).toBeCloseTo(1);
  const apart = selfBleu([
    ["a", "b", "c", "d"],
    ["e", "f", "g", "h"],
  ]);
  expect(apart).toBeLessThan(0.4);
});

it("tells equal texts from different ones", () => {
  const measure = (texts: string[]) => diversityOf(texts, new Random(1));
  expect(measure(["one two three", "one two three"]).nearDuplicates).toBe(0.5);
  expect(measure(["one two three", "four five six"]).nearDuplicates).toBe(0);
  expect(measure([])).toEqual({
    texts: 0,
    words: 0,
    distinct: [0, 0, 0],
    selfBleu: 0,
    nearDuplicates: 0,
  });
});
