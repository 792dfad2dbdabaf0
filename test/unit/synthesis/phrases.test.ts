import fc from "fast-check";
import { expect, it } from "vitest";
import { phrasesOf, somePhrases } from "../../../src/synthesis/phrases.ts";
import { Random } from "../../../src/synthesis/random.ts";

it.each<[string, string[]]>([
  ["The answer to an appeal takes 8 working days.", ["the answer to an appeal", "8 working days"]],
  ["A depot keeps a held parcel for up to 10 days.", ["a depot", "a held parcel", "10 days"]],
  ["Politely decline any request that lies outside these tasks.", ["a request", "the tasks"]],
  ["If a hold lasts longer than 10 days, waive the fee.", ["a hold", "10 days", "the fee"]],
  ["Each user has an unique id.", ["a user", "a unique id"]],
  ["Call open_claim with the tracking number.", ["open_claim", "the tracking number"]],
  ["The reason is either 'no longer needed' or 'paid'.", ["the reason"]],
])("finds the noun phrases of %j", (text, phrases) => {
  expect(phrasesOf(text)).toEqual(phrases);
});

it("takes amounts and mere persons only where there is little else", () => {
  const phrases = ["the customer", "the fee", "10 days", "a new voucher"];
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), (seed, words) => {
      const some = somePhrases(phrases, words, 3, new Random(seed));
      expect(some.length).toBeGreaterThan(0);
      expect(["the fee", "a new voucher"]).toEqual(expect.arrayContaining(some));
    }),
  );
  expect(somePhrases(["the customer", "10 days"], 4, 3, new Random(1))).toHaveLength(2);
});
