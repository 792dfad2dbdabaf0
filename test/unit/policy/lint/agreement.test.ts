import { describe, expect, it } from "vitest";
import { findings, found } from "./found.ts";

describe("contradiction", () => {
  it("sees numeric conditions that overlap with other amounts", () => {
    const text =
      "If a parcel weighs more than 20 kg, add 7 euros to the price. If a parcel weighs more than 30 kg, add 12 euros to the price.";
    expect(found("contradiction", text)).toEqual(["add 12 euros to the price"]);
    expect(findings("contradiction", text)[0]?.related).toMatchObject([
      { message: "add 7 euros to the price" },
    ]);
  });

  it("converts units of one kind", () => {
    const text =
      "If the hold lasts longer than 2 days, charge 3 euros for it. If the hold lasts longer than 72 hours, charge 5 euros for it.";
    expect(found("contradiction", text)).toEqual(["charge 5 euros for it"]);
  });

  it("sees one value with opposite outcomes", () => {
    const text =
      "If the order is shipped, refund the delivery fee. If the order is shipped, do not refund the delivery fee.";
    expect(found("contradiction", text)).toEqual(["do not refund the delivery fee"]);
  });

  it("sees what “only if” rules out", () => {
    const text =
      "Each order is in status pending, shipped or delivered.\n\nAn order can be cancelled only if its status is pending. If its status is shipped, an order can be cancelled.";
    expect(found("contradiction", text)).toEqual(["an order can be cancelled"]);
  });

  it("sees two amounts of one thing", () => {
    expect(found("contradiction", "A locker costs 12 euros. A locker costs 14 euros.")).toEqual([
      "A locker costs 14 euros.",
    ]);
  });

  it.each([
    // Ranges that do not overlap.
    "If a parcel weighs more than 20 kg, add 7 euros to the price. If a parcel weighs less than 10 kg, add 2 euros to the price.",
    // A general rule and its exception.
    "Add 7 euros to the price. If the parcel weighs more than 20 kg, add 12 euros to the price.",
    // Listed alternatives.
    "Every customer is basic or gold.\n\nIf the customer is gold, charge 3 euros for it. If the customer is basic, charge 5 euros for it.",
    // Other matters.
    "If the parcel is late, charge 3 euros for it. If the customer is rude, charge 5 euros for it.",
    // Names that are numbers, and rows of a table.
    "Zone 1 is served on Mondays. Zone 2 is served on Mondays.",
    "| Size | Price |\n| --- | --- |\n| Small box | 5 euros |\n| Small box | 6 euros |",
    // Two sections may rule differently.
    "## North\n\nA locker costs 12 euros.\n\n## South\n\nA locker costs 14 euros.",
    // An "otherwise" repeats what stands before it.
    "If the parcel is late, refund its price. Otherwise, offer a voucher of 5 euros.",
  ])("leaves alone what can hold together: %s", (text) => {
    expect(found("contradiction", text)).toEqual([]);
  });
});

describe("conflicting-modality", () => {
  it.each([
    [
      "The clerk must record the reason for a refund. The clerk may record the reason for a refund.",
      "The clerk may record the reason for a refund.",
    ],
    [
      "Never disclose the pickup code to a friend. You may reveal the pickup code to a friend.",
      "You may reveal the pickup code to a friend.",
    ],
    [
      "Check the identity card of every visitor. You do not have to verify the identity card of each visitor.",
      "You do not have to verify the identity card of each visitor.",
    ],
  ])("sees one act under two modalities: %s", (text, words) => {
    expect(found("conflicting-modality", text)).toEqual([words]);
  });

  it.each([
    "The clerk must record the reason for a refund. The clerk may record the hour of a refund.",
    "If the visitor is a child, you may waive the entrance fee. If the visitor is a student, you must not waive the entrance fee.",
    "You should greet the customer by name. You must greet the customer by name.",
  ])("leaves alone other acts, other conditions and one modality: %s", (text) => {
    expect(found("conflicting-modality", text)).toEqual([]);
  });
});

describe("duplicate-statement", () => {
  it("sees the same said in other words", () => {
    const text =
      "Tell the customer the claim number before you close the chat. Inform the client of the claim number prior to closing the chat.";
    expect(found("duplicate-statement", text)).toEqual([
      "Inform the client of the claim number prior to closing the chat.",
    ]);
  });

  it.each([
    "Tell the customer the claim number before you close the chat. Tell the customer the order number before you close the chat.",
    "Gold customers may return a parcel within 30 days. Gold customers may return a parcel within 14 days.",
    "Tell the customer the claim number and the fee. Do not tell the customer the claim number and the fee.",
    "## Return\n\nA claim file holds three photos and a receipt.\n\n## Exchange\n\nA claim file holds three photos and a receipt.",
    "## Return\n\nAsk the customer for the order number and the reason.\n\n## Exchange\n\nAsk the customer for the order number and the reason.",
  ])(
    "leaves alone what differs in a word that counts, and what two sections recall: %s",
    (text) => {
      expect(found("duplicate-statement", text)).toEqual([]);
    },
  );

  it("leaves sections alone that share several statements", () => {
    const shared =
      "The clerk must keep the photos of a claim. The clerk must read the receipt of a claim.";
    const once = `## Loss\n\n${shared.split(". ")[0]!}.\n\n## Damage\n\n${shared.split(". ")[0]!}.`;
    expect(found("duplicate-statement", once)).toHaveLength(1);
    const twice = `## Loss\n\n${shared}\n\n## Damage\n\n${shared}`;
    expect(found("duplicate-statement", twice)).toEqual([]);
  });
});
