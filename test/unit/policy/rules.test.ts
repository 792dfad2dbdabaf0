import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Category } from "../../../src/policy/statement.ts";

const [F, B, S, C] = [
  "factual",
  "behavioral",
  "simple-conditional",
  "complex-conditional",
] as const;

/** The category of a text's last statement. */
function categoryOf(text: string): Category | undefined {
  return parsePolicy(text, { path: "a.md" }).statements.at(-1)?.category;
}

describe("rulesClassifier", () => {
  it.each<[Category, string]>([
    // The domain: entities, values, limits and invariants of things.
    [F, "A crate has a seal, a weight and a port of origin."],
    [F, "Night delivery costs 14 euros per crate."],
    [F, "A truck holds at most 12 crates."],
    [F, "Each crate must have a seal."],
    [F, "The port of origin is the same for all crates of a truck."],
    [F, "A sender has at most two open bills."],
    [F, "The status of a crate is changed to 'sealed'."],
    [F, "The refund must go to the card that paid."],
    [F, "Your data stays safe for 60 days."],
    [F, "For each kind of crate, there are several sizes."],
    [F, 'For example "06:00" is six in the morning.'],
    [F, "Customers want dry crates."],
    [F, "Our depot opens at 8:00."],
    [F, "Shows if the seal is broken."],
    // Duties, prohibitions, permissions and recommendations of an actor.
    [B, "The clerk greets the sender by name and never discusses other senders."],
    [B, "Before you change an address, read the new one back to the sender."],
    [B, "Read the new address back to the sender."],
    [B, "Never open a crate."],
    [B, "Please stay calm."],
    [B, "You can help senders book a crate."],
    [B, "As a clerk, you may answer questions about crates."],
    [B, "The sender needs to confirm the weight."],
    [B, "Once the sender is known, you can show the bill."],
    [B, "At the beginning of every call, you have to ask for the name."],
    [B, "We will delete the bill after 30 days."],
    [B, "Decline any request that is out of scope."],
    [B, "Ask the sender to check if the seal is broken."],
    [B, "This has to be done even when the sender has paid."],
    [B, "All crates must be weighed."],
    [B, "Supervisors are responsible for the seals."],
    [B, "Make sure that the lid is closed."],
    [B, "Use `weigh` to find out what a crate weighs."],
    // One condition.
    [S, 'A crate can be moved only if its status is "in port".'],
    [S, "For crates over 30 kg, two people come."],
    [S, "If the seal is broken, open a claim."],
    [S, "Open a claim when the seal is broken."],
    [S, "You should call the port if and only if you cannot help."],
    [S, "Charge the fee unless the sender is gold."],
    [S, "For a sealed crate, you can change the port."],
    [S, "An order can only be changed if it is sealed, and you should check its seal before."],
    [S, "Silver members get a free seal."],
    [S, "Refunds over 50 euros need a supervisor."],
    [S, "A booking can be cancelled within 24 hours of payment."],
    [S, "In case of damage, call the port."],
    [S, "Without a seal, no crate is moved."],
    [S, "Only if the sender asks, call the port."],
    [S, "If the crate is lost:\n- apologise\n- open a claim"],
    // More than one condition, or more than one outcome.
    [C, "Gold senders pay nothing, silver senders pay 3 euros and all others pay 8."],
    [C, "Refund the fee if the crate was late or damaged, unless the sender chose the slow ship."],
    [C, "If the crate is late, pay 5 euros. Otherwise, offer a voucher."],
    [C, "If the status is sealed or lost, call the port."],
    [C, "If it is a card, pay at once, otherwise in 5 days."],
    [C, "If the fee is up to 9 euros, waive it; if it is more, ask a supervisor."],
    [C, "A claim is accepted if all of these are true:\n- it is new\n- it is signed"],
    [C, "If the crate is lost:\n- apologise\n- if it was insured, open a claim"],
    [
      C,
      "The fee depends on the weight, based on the scale:\n\n- Under 3 kg: 4 euros\n- Over 3 kg: 6 euros",
    ],
    [C, "If a claim fails under [Claims](#claims), close it."],
  ])("%s: %s", (category, text) => {
    expect(categoryOf(text)).toBe(category);
  });

  it("says why, with the words that decided", () => {
    const why = (text: string): string | undefined =>
      parsePolicy(text, { path: "a.md" }).statements.at(-1)?.why;
    expect(why("Pay if the crate is late.")).toContain("“if”");
    expect(why("Never open a crate.")).toContain("“never”");
    expect(why("You can help senders.")).toContain("“you can”");
    expect(why("Wait for it. Otherwise, leave.")).toContain("“Otherwise”");
  });

  it("takes table rows for facts, unless a cell tells what to do", () => {
    const table = (row: string): string => `| Case | Note |\n| - | - |\n| ${row} |\n`;
    expect(categoryOf(`| Service | Price |\n| - | - |\n| Express | 16 euros |\n`)).toBe(F);
    expect(categoryOf(table("The crate is lost | Open a claim at once"))).toBe(S);
    expect(categoryOf(`| Desk | Note |\n| - | - |\n| North | You must close the lid |\n`)).toBe(B);
  });
});
