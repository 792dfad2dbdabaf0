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
  ["a storm closed the depot", "a storm did not close the depot"],
  ["the new address lies in another zone", "the new address does not lie in another zone"],
  ["a user disputes the complaint", "a user does not dispute the complaint"],
  ["it concerns birth", "it does not concern birth"],
  ["you haven’t paid", "you have paid"],
  ["you’ve paid for it", "you have not paid for it"],
  ["a supervisor doesn’t hear from you", "a supervisor hears from you"],
  ["you no longer know who owns it", "you still know who owns it"],
  ["you do not use any of your hours", "you use some of your hours"],
  ["we have evidence that you are late", "we do not have evidence that you are late"],
  ["We will not, however, redact it", "We will redact it"],
  ["it only uses a part", "it does not only use a part"],
  ["getting a vaccine", "not getting a vaccine"],
])("negates %j", (clause, negation) => {
  expect(negate(clause)).toBe(negation);
});
