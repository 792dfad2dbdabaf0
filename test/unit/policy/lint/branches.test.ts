import { describe, expect, it } from "vitest";
import { found } from "./found.ts";

describe("unreachable-branch", () => {
  it("sees limits that shut each other out", () => {
    const text =
      "If the hold lasts longer than 10 days and the hold lasts less than 5 days, charge 2 euros.";
    expect(found("unreachable-branch", text)).toEqual(["charge 2 euros"]);
  });

  it.each([
    "A surcharge depends on the weight:\n\n- more than 10 kg: 3 euros\n- more than 20 kg: 6 euros\n",
    "If the parcel weighs more than 10 kg, add 3 euros; if it weighs more than 20 kg, add 6 euros.",
  ])("sees a branch that one before it takes up: %s", (text) => {
    expect(found("unreachable-branch", text)).toEqual([
      expect.stringMatching(/^(?:add )?6 euros$/),
    ]);
  });

  it("sees listed alternatives that are asked for together", () => {
    const text =
      "Every account is basic, silver or gold.\n\nIf the account is gold and the account is silver, waive the fee.";
    expect(found("unreachable-branch", text)).toEqual(["waive the fee"]);
  });

  it.each([
    "If the hold lasts longer than 5 days and the hold lasts less than 10 days, charge 2 euros.",
    "A surcharge depends on the weight:\n\n- more than 20 kg: 6 euros\n- more than 10 kg: 3 euros\n",
    "If the card is active and working, proceed.",
    "If the parcel is late, refund its price. Otherwise, offer a voucher.",
    "Gold customers pay nothing, silver customers pay 3 euros and all others pay 8 euros.",
    "If the payout is up to 100 euros, approve it; if it is more, ask a supervisor.",
  ])("leaves alone what can hold: %s", (text) => {
    expect(found("unreachable-branch", text)).toEqual([]);
  });
});

describe("missing-other-side", () => {
  it.each([
    "If the form is complete, file it.",
    "If the photo matches the damage, approve the claim.",
    "If the signature is valid, we send the parcel on.",
  ])("sees a check that only has one result: %s", (text) => {
    expect(found("missing-other-side", text)).toEqual([text]);
  });

  it.each([
    "If the form is complete, file it. Otherwise, return it.",
    "If the form is complete, file it. If the form is not complete, return it.",
    "Process the form only if it is complete.",
    "If the customer is angry, stay calm.",
    "If the form is not complete, return it.",
    "If the coupon is valid, you can use it twice.",
  ])("leaves alone what is settled, or goes without saying: %s", (text) => {
    expect(found("missing-other-side", text)).toEqual([]);
  });
});

describe("missing-other-side, of checks", () => {
  const steps = (next: string) =>
    `**If the modem is off:**\n- Switch it on\n- Ask the caller to look and check if the lamp is green\n\n${next}\n`;

  it("sees a branch that ends in a check", () => {
    expect(
      found("missing-other-side", steps("**If the modem is on:**\n- Go to the cable")),
    ).toEqual(["check if the lamp is green"]);
  });

  it.each([
    "**If still not resolved:**\n- Call a technician",
    "If the lamp is green, close the call.",
    "Otherwise, call a technician.",
    "## Cable\n\n**If the modem is on:**\n- Go to the cable",
  ])("leaves alone one that is answered, or ends its section: %s", (next) => {
    expect(found("missing-other-side", steps(next))).toEqual([]);
  });
});

describe("open-condition", () => {
  it("marks every condition whose other side is unsaid", () => {
    expect(found("open-condition", "If the customer is angry, stay calm.")).toHaveLength(1);
    expect(
      found("open-condition", "If the customer is angry, stay calm. Otherwise, smile."),
    ).toEqual([]);
  });
});
