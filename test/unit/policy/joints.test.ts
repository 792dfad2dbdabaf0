import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { decisionOf, lines, tree } from "./trees.ts";

describe("how conditions and outcomes are joined", () => {
  it("cuts groups of alternatives apart", () => {
    expect(tree("For letters or parcels from Riga or Turku, add a stamp.")).toBe(
      lines(
        "if it is a letter:",
        "  if it is from Riga:",
        "    add a stamp",
        "  else if it is from Turku:",
        "    add a stamp",
        "else if it is a parcel:",
        "  if it is from Riga:",
        "    add a stamp",
        "  else if it is from Turku:",
        "    add a stamp",
      ),
    );
  });

  it("joins words before clauses", () => {
    expect(tree("If the crate is wet or broken and the sender complains, refund it.")).toBe(
      lines(
        "if the crate is wet:",
        "  if the sender complains:",
        "    refund it",
        "else if the crate is broken:",
        "  if the sender complains:",
        "    refund it",
      ),
    );
    expect(tree("If you have a lost or damaged crate, open a claim.")).toBe(
      lines(
        "if you have a lost crate:",
        "  open a claim",
        "else if you have a damaged crate:",
        "  open a claim",
      ),
    );
  });

  it("reads “if …, or if …” as alternatives", () => {
    const expected = lines(
      "if it is wet:",
      "  hold the crate",
      "else if its weight is 70 kg or more:",
      "  hold the crate",
      "else if the port is closed:",
      "  hold the crate",
    );
    expect(
      tree(
        "Hold the crate if it is wet, if its weight is 70 kg or more, or if the port is closed.",
      ),
    ).toBe(expected);
  });

  it("passes over examples, consequences and “any combination of these”", () => {
    expect(
      decisionOf("If it is wet, torn or any combination of these, refuse it.").conditions,
    ).toHaveLength(2);
    expect(
      decisionOf("If the crate is heavy and thus cannot be lifted, call a driver.").conditions,
    ).toHaveLength(1);
    const listed =
      "Wait if the port is shut because of an event such as:\n\n- a strike\n- a storm\n";
    expect(decisionOf(listed).conditions.map(({ text }) => text)).toEqual([
      "the port is shut because of an event",
    ]);
  });

  it("reads the causes of a grant, but not what is done by the way", () => {
    expect(tree("Loaders may take leave to vote or to serve on a jury.")).toBe(
      lines(
        "if it is to vote:",
        "  loaders may take leave",
        "else if it is to serve on a jury:",
        "  loaders may take leave",
      ),
    );
    expect(tree("You can claim a refund for torn sails and broken masts.")).toBe(
      lines(
        "if it is a torn sail:",
        "  you can claim a refund",
        "else if it is a broken mast:",
        "  you can claim a refund",
      ),
    );
    for (const plain of [
      "You can take leave for up to 30 days.",
      "You can use this form to change your address.",
      "Colleagues can donate their leave for you.",
    ]) {
      expect(parsePolicy(plain, { path: "a.md" }).statements[0]?.decision).toBeUndefined();
    }
  });

  it("reads “does not apply to”, “only on A or B” and events", () => {
    expect(tree("This fee does not apply to members.")).toBe(
      lines("if it is a member:", "  this fee does not apply"),
    );
    expect(tree("We can only act on pending or returned crates.")).toBe(
      lines(
        "if it is a pending crate:",
        "  we can act",
        "else if it is a returned crate:",
        "  we can act",
        "else:",
        "  not: we can act",
      ),
    );
    expect(tree("We stop the bills once the crate is closed.")).toBe(
      lines("if the crate is closed:", "  we stop the bills"),
    );
    expect(
      parsePolicy("Clean the crate once a week.", { path: "a.md" }).statements[0]?.decision,
    ).toBeUndefined();
  });

  it("gives an exception its own outcome", () => {
    expect(tree("The fee is 5 euros, except in ports with a crane, where you pay 9 euros.")).toBe(
      lines("if it is a port with a crane:", "  you pay 9 euros", "else:", "  the fee is 5 euros"),
    );
  });

  it("keeps what holds in any case in every leaf", () => {
    expect(
      tree(
        "The crate is closed, and the fee is refunded at once if it is a gift, otherwise in 5 days.",
      ),
    ).toBe(
      lines(
        "if it is a gift:",
        "  the crate is closed and the fee is refunded at once",
        "else:",
        "  the crate is closed and the fee is refunded in 5 days",
      ),
    );
    expect(tree("If it is late, apologise and refund the fee if the sender asks.")).toBe(
      lines(
        "if it is late:",
        "  if the sender asks:",
        "    apologise and refund the fee",
        "  else:",
        "    apologise",
      ),
    );
  });

  it("tells the parts that an outcome stands in", () => {
    const text =
      "If it is late:\n\n- Apologise.\n- If it is a gift, add a card.\n- Close the case.\n";
    const { tree: root } = decisionOf(text);
    const leaf = root.kind === "test" && root.yes.kind === "test" ? root.yes.no : root;
    expect(
      leaf.kind === "outcome" ? leaf.parts?.map(({ start, end }) => text.slice(start, end)) : [],
    ).toEqual(["Apologise", "Close the case"]);
  });

  it("reads a rule for the negation of the one before it as its other side", () => {
    const text =
      "If it is wet:\n\n- If you are able to dry it, dry it.\n- If you cannot dry it, call the port.\n";
    expect(tree(text)).toBe(
      lines(
        "if it is wet:",
        "  if you are able to dry it:",
        "    dry it",
        "  else:",
        "    call the port",
      ),
    );
  });

  it("reads items that are each for a case of their own", () => {
    const text = "For members, we give:\n\n- a stamp for letters\n- a box after losing a crate\n";
    expect(tree(text)).toBe(
      lines(
        "if it is a member:",
        "  if it is a letter:",
        "    we give a stamp",
        "  else if it is after losing a crate:",
        "    we give a box",
      ),
    );
  });
});
