import { expect, it } from "vitest";
import { negate } from "../../../src/synthesis/negation.ts";

it.each([
  ["an order can be cancelled", "an order cannot be cancelled"],
  ["the parcel is lost", "the parcel is not lost"],
  ["the parcel is not lost", "the parcel is lost"],
  ["add 4 euros to the fee", "do not add 4 euros to the fee"],
  ["you respond to the user", "you do not respond to the user"],
  ["the customer asks for a supervisor", "the customer does not ask for a supervisor"],
  ["no supervisor is available", "a supervisor is available"],
  ["the request cannot be handled", "the request can be handled"],
])("negates %j", (clause, negation) => {
  expect(negate(clause)).toBe(negation);
});
