import fc from "fast-check";
import { expect, it } from "vitest";
import { numeralsIn } from "../../../src/policy/number-words.ts";
import { readQuantity } from "../../../src/policy/quantities.ts";

const valuesIn = (text: string) => numeralsIn(text).map(({ value }) => value);

it.each<[string, number[]]>([
  ["seven parcels", [7]],
  ["twenty-five days and thirteen hours", [25, 13]],
  ["one hundred (100) repositories", [100]],
  ["a hundred and fifty euros", [150]],
  ["two thousand, three hundred and one", [2301]],
  ["three million", [3e6]],
  ["1,250.50 euros or 3G", [1250.5, 3]],
  ["often, anyone, someone and tenants", []],
])("reads the numbers of %j", (text, values) => {
  expect(valuesIn(text)).toEqual(values);
});

it.each([
  ["a network larger than one hundred (100) repositories", "gt", 100, "repositories"],
  ["the hold lasts longer than twenty-one days", "gt", 21, "days"],
  ["at least two photos are sent", "ge", 2, "photos"],
  ["fifteen years or more", "ge", 15, "years"],
])("reads %j as a quantity", (text, operator, value, unit) => {
  const reading = readQuantity(text);
  expect([reading?.operator, reading?.value, reading?.unit]).toEqual([operator, value, unit]);
});

const ones = "one two three four five six seven eight nine".split(" ");
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

it("reads what is spelled", () => {
  const digit = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(digit, fc.integer({ min: 2, max: 9 }), digit, (hundreds, ten, one) => {
      const words = `${ones[hundreds - 1]!} hundred and ${tens[ten - 2]!}-${ones[one - 1]!}`;
      expect(valuesIn(words)).toEqual([100 * hundreds + 10 * ten + one]);
    }),
  );
});
