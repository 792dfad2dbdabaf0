import { describe, expect, it } from "vitest";
import { readCondition, type Reading } from "../../../src/policy/quantities.ts";

describe("readCondition", () => {
  it.each<[string, Reading]>([
    ["its status is 'pending'", { variable: "status", operator: "eq", value: "pending" }],
    ["the status of the parcel is not lost", { variable: "status", operator: "ne", value: "lost" }],
    ["the customer isn’t gold", { variable: "customer", operator: "ne", value: "gold" }],
    [
      "a parcel weighs more than 30 kg",
      { variable: "weight", operator: "gt", value: 30, unit: "kg" },
    ],
    [
      "the value exceeds 2,000 euros",
      { variable: "value", operator: "gt", value: 2000, unit: "euros" },
    ],
    ["the refund is over $250", { variable: "refund", operator: "gt", value: 250, unit: "$" }],
    [
      "the parcel has at least 2 labels",
      { variable: "number of labels", operator: "ge", value: 2, unit: "labels" },
    ],
    [
      "the payout is up to 100 euros",
      { variable: "payout", operator: "le", value: 100, unit: "euros" },
    ],
    [
      "the hold is no more than ten days",
      { variable: "hold", operator: "le", value: 10, unit: "days" },
    ],
    [
      "less than 5 percent is missing",
      { variable: "share", operator: "lt", value: 5, unit: "percent" },
    ],
    [
      "the customer cancels within 24 hours of booking",
      { variable: "time", operator: "within", value: 24, unit: "hours" },
    ],
    ["the order has 3 or more items", { variable: "order", operator: "ge", value: 3 }],
    ["the customer has a voucher", { variable: "customer", operator: "has", value: "voucher" }],
    ["no supervisor is available", { variable: "supervisor", operator: "ne", value: "available" }],
    ["the desk shows that the line is open", { variable: "line", operator: "eq", value: "open" }],
    ["the fee is $1,200 or more", { variable: "fee", operator: "ge", value: 1200, unit: "$" }],
    ["the fee exceeds EUR 500", { variable: "fee", operator: "gt", value: 500, unit: "EUR" }],
    [
      "the sender has more than two open claims",
      { variable: "number of open claims", operator: "gt", value: 2, unit: "open claims" },
    ],
    [
      "the order was placed before 1 March 2026",
      { variable: "date", operator: "lt", value: "1 March 2026" },
    ],
    [
      "the claim comes in by December 31",
      { variable: "date", operator: "le", value: "December 31" },
    ],
    ["it is after 5 pm", { variable: "time of day", operator: "gt", value: "5 pm" }],
    [
      "the sender cancels because of an illness",
      { variable: "reason", operator: "eq", value: "illness" },
    ],
    [
      "the sender belongs to the port guild",
      { variable: "sender", operator: "in", value: "port guild" },
    ],
    [
      "you are enrolled in the points programme",
      { variable: "you", operator: "in", value: "points programme" },
    ],
    [
      "the price is more than 2 euros less than before",
      { variable: "price", operator: "gt", value: 2, unit: "euros" },
    ],
    ["the customer asks for a supervisor", { operator: "is" }],
    ["notice comes within 10-14 days", { operator: "is" }],
    [
      "the phone is on 3G or higher",
      { variable: "phone", operator: "eq", value: "on 3G or higher" },
    ],
  ])("reads %j", (text, expected) => {
    expect(readCondition(text)).toEqual(expected);
  });

  it("reads a class of cases apart, but leaves a pronoun's predicate whole", () => {
    expect(readCondition("it is a pending order", true)).toEqual({
      variable: "order",
      operator: "eq",
      value: "pending",
    });
    expect(readCondition("it is a gift card")).toEqual({
      variable: "it",
      operator: "eq",
      value: "gift card",
    });
  });
});
