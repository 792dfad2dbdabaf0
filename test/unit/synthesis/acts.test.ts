import { expect, it } from "vitest";
import { actsOf, affirmed, doing } from "../../../src/synthesis/acts.ts";

it.each<[string, string[]]>([
  ["Greet every customer by name.", ["greeting every customer by name"]],
  [
    "Before you change a parcel, list the fee, and wait for a yes.",
    ["listing the fee", "waiting for a yes"],
  ],
  ["You should not make up any information.", ["not: make up some information"]],
  [
    "Serve one guest, and never reveal anything about others.",
    ["serving one guest", "not: reveal something about others"],
  ],
  ["In particular, remember to remind the customer to pay.", ["reminding the customer to pay"]],
  [
    "Sum up the request before you transfer the customer.",
    ["summing up the request before you transfer the customer"],
  ],
  // What someone may do is no duty; what someone else must do is none of the agent's.
  ["You may use the lounge.", []],
  ["The user must provide a payment method.", []],
  // Of what, only the sentence before tells.
  ["You must use it by the end of the year.", []],
])("tells what is bid and forbidden in %j", (text, acts) => {
  const told = actsOf(text).map((act) => (act.forbidden ? `not: ${affirmed(act)}` : doing(act)));
  expect(told).toEqual(acts);
});
