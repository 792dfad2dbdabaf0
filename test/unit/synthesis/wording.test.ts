import { expect, it } from "vitest";
import { lexicon, type Voice } from "../../../src/synthesis/lexicon.ts";
import { Random } from "../../../src/synthesis/random.ts";
import { inner, reword } from "../../../src/synthesis/wording.ts";

const all = (text: string, voice: Voice = "exam") =>
  reword(text, voice, new Random(1), { rate: 1, kept: new Set(["voucher"]) }).text;

it.each([
  ["the user must confirm it", "the shopper will need to acknowledge it"],
  // What is quoted, and what is a name, is the policy's own.
  ["say 'the user must confirm' or “change it”", "say 'the user must confirm' or “change it”"],
  ["call find_customer, and ask Customer Care", "call find_customer, and ask Customer Care"],
  // A noun is no verb, and a verb no noun.
  ["list the change and change the list", "list the change and amend the list"],
  ["the annual leave that you request", "the annual leave that you request"],
  ["it should not be so", "it should not be so"],
  ["before you call", "before you call"],
  ["before the call", "in advance of the call"],
  ["their user id", "their user id"],
  ["an explicit yes", "an unambiguous yes"],
])("rewords %j", (text, other) => {
  expect(all(text)).toBe(other);
});

it("has no word in two voices", () => {
  for (const { train, exam, second } of lexicon.values()) {
    const words = [...train, ...exam, ...second];
    expect(new Set(words).size).toBe(words.length);
  }
});

it.each([
  ["Halyard delivers parcels", "Halyard delivers parcels"],
  ["GitHub removes it", "GitHub removes it"],
  ["Supervisors work late.", "supervisors work late"],
  ["The fee is due", "the fee is due"],
])("begins %j within a sentence", (text, within) => {
  expect(inner(text)).toBe(within);
});
