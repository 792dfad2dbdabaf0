import { describe, expect, it } from "vitest";
import { findings, found } from "./found.ts";

describe("vague-term", () => {
  it.each([
    ["Answer the customer as soon as possible.", "as soon as possible"],
    ["Refund the fee within a reasonable time.", "reasonable"],
    ["The clerk must escalate complaints promptly.", "promptly"],
    ["Offer a voucher where appropriate.", "where appropriate"],
    ["Use your best judgment on gifts.", "best judgment"],
    ["Generally, you can only refund unopened parcels.", "Generally"],
    ["If the customer has waited in vain for several days, call the depot.", "several days"],
    ["Ask for the receipt,\nas\nneeded.", "as\nneeded"],
  ])("marks what leaves a rule open: %s", (text, words) => {
    expect(found("vague-term", text)).toEqual([words]);
  });

  it.each([
    "As soon as the parcel arrives, call the customer.",
    "Refund a reasonable sum (up to 50 euros).",
    "Pay for reasonable costs such as food and a taxi, that is up to 30 euros.",
    "The town has grown at a reasonable pace, and several days a year it is closed.",
    'Say: "We will be with you shortly."',
    "Call `as_soon_as_possible` before you refund the fee.",
    "“Promptly” means within one day.\n\nAnswer promptly.",
    "Do not open the oven too soon.",
  ])("leaves alone what is exact, quoted, spelt out or no rule: %s", (text) => {
    expect(found("vague-term", text)).toEqual([]);
  });
});

describe("missing-actor", () => {
  it.each([
    ["Every refund above 500 euros must be approved.", "must be approved"],
    ["The customer must be informed of the delay.", "must be informed"],
    ["All calls should always be logged.", "should always be logged"],
  ])("marks a duty that nobody has: %s", (text, words) => {
    expect(found("missing-actor", text)).toEqual([words]);
  });

  it.each([
    "Every refund above 500 euros must be approved by a supervisor.",
    "You open the claim, and it must be logged before the shift ends.",
    "Theft must be reported to the police.",
    "The supervisor must approve every refund.",
    "A parcel is approved at the counter.",
  ])("leaves alone what names its actor or is no duty of the house: %s", (text) => {
    expect(found("missing-actor", text)).toEqual([]);
  });
});

describe("undefined-term", () => {
  it("marks an abbreviation once, at its first use", () => {
    expect(found("undefined-term", "Send the RMA first. Keep each RMA for a year.")).toEqual([
      "RMA",
    ]);
  });

  it.each([
    "Send the return merchandise authorization (RMA) first. Keep the RMA.",
    "An RMA (return merchandise authorization) is free. Keep the RMA.",
    "RMA means return merchandise authorization. Keep the RMA.",
    "Return Merchandise Authorization comes first. Keep the RMA.",
    "| Term | Meaning |\n| --- | --- |\n| RMA | the depot's consent |\n\nKeep the RMA.",
    "Send the PDF to the EU office by 9 AM.",
    "If the line is ACTIVE, stop. An active line works.",
    "DO NOT PAY twice.",
    "Call `RMA` first, or see [the page](RMA.md), or write to rma@RMA.example.",
    'The screen shows "RMA".',
    "The order number begins with RMA.",
  ])("leaves alone what is spelt out, known, emphasis or code: %s", (text) => {
    expect(found("undefined-term", text)).toEqual([]);
  });
});

describe("missing-fact", () => {
  it.each([
    ["Charge the rerouting fee for each change.", "rerouting fee"],
    ["Follow the instructions in the operations manual.", "operations manual"],
    ["If the line is cut, proceed as described in the main policy.", "main policy"],
  ])("marks what the policy does not say: %s", (text, words) => {
    expect(found("missing-fact", text)).toEqual([words]);
  });

  it.each([
    "Rerouting costs 8 euros.\n\nCharge the rerouting fee for each change.",
    "Charge the rerouting fee of 8 euros.",
    "# Desk\n\n## Operations manual\n\nWe are open.\n\n## Claims\n\nFollow the operations manual.",
    "The operations manual is kept at the desk.",
    "Follow the [operations manual](manual.md). Follow the usual steps for [claims](claims.md).",
  ])("leaves alone what it does say, and what it links to: %s", (text) => {
    expect(found("missing-fact", text)).toEqual([]);
  });
});

describe("broken-reference", () => {
  it("marks a link to an anchor that no heading makes, and mends a slip of the pen", () => {
    const text = "# Desk\n\nSee [Holding](#holdng).\n\n## Holding\n\nWe hold parcels.\n";
    const [finding] = findings("broken-reference", text);
    expect(text.slice(finding!.start, finding!.end)).toBe("#holdng");
    expect(finding!.fix?.edits).toEqual([
      { start: finding!.start, end: finding!.end, text: "#holding" },
    ]);
  });

  it("offers no fix where two headings are near, or none is", () => {
    const near = "See [it](#rule-3).\n\n## Rule 1\n\nWe pay.\n\n## Rule 2\n\nWe ask.\n";
    expect(findings("broken-reference", near).map(({ fix }) => fix)).toEqual([undefined]);
    const far = "See [it](#elsewhere).\n\n## Rule\n\nWe pay.\n";
    expect(findings("broken-reference", far).map(({ fix }) => fix)).toEqual([undefined]);
  });

  it("marks steps and sections that do not exist", () => {
    const steps = "## Step 1: Look\n\nProceed to Step 3.\n\n## Step 2: Ask\n\nGo back to step 1.\n";
    expect(found("broken-reference", steps)).toEqual(["Step 3"]);
    const sections = "## 1. Look\n\nSee section 2.4.\n\n## 2. Ask\n\nSee section 1.\n";
    expect(found("broken-reference", sections)).toEqual(["section 2.4"]);
    const titles = 'Read the rules. See the "Returns" section.\n\n## Refunds\n\nWe pay.\n';
    expect(found("broken-reference", titles)).toEqual(["Returns"]);
  });

  it.each([
    "See [it](#the-desk-1) and [top](#the-desk).\n\n## The *Desk*\n\nWe pay.\n\n## The desk\n\nWe ask.",
    'See [it](#late) and [more](#own).\n\n<a id="late"></a>\n\nWe pay.\n\n## Rule {#own}\n\nWe ask.',
    "1. Ask.\n2. Pay.\n3. If it fails, go back to step 2.",
    "The claim falls under section 75. See Article 6 of the code.",
    "```\n[a](#b)\n```\n\nRead `[a](#b)` aloud.",
    "Heading\n=======\n\nSee [it](#heading).",
    "See [another file](other.md#there).",
  ])("leaves alone what leads somewhere, or out of the document: %s", (text) => {
    expect(found("broken-reference", text)).toEqual([]);
  });
});
