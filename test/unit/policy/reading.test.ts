import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { DecisionNode } from "../../../src/policy/statement.ts";
import { decisionOf, lines, tree } from "./trees.ts";

describe("reading of conditions", () => {
  it("leaves the other side of “if” open", () => {
    const expected = lines("if the seal is broken:", "  open a claim");
    expect(tree("If the seal is broken, open a claim.")).toBe(expected);
    expect(tree("Open a claim if the seal is broken.")).toBe(expected);
    expect(tree("If the seal is broken, then open a claim.")).toBe(expected);
    expect(tree("Also, when the seal is broken, open a claim.")).toBe(expected);
  });

  it("negates the other side of “only if”", () => {
    const expected = lines(
      "if its status is sealed:",
      "  a crate can be moved",
      "else:",
      "  not: a crate can be moved",
    );
    expect(tree("A crate can be moved only if its status is `sealed`.")).toBe(expected);
    expect(
      tree("A crate can only be moved if its status is `sealed`, and you should check it."),
    ).toBe(expected);
    expect(tree("A crate can be moved if and only if its status is `sealed`.")).toBe(expected);
  });

  it("turns “unless” and “except” around", () => {
    expect(tree("Charge the fee unless the sender is gold.")).toBe(
      lines("if the sender is gold:", "  not: charge the fee", "else:", "  charge the fee"),
    );
    expect(tree("Except for sealed crates, you may open them.")).toBe(
      lines("if it is a sealed crate:", "  not: you may open them", "else:", "  you may open them"),
    );
    expect(tree("If the port is far, add 4 euros, unless the sender is gold.")).toBe(
      lines(
        "if the port is far:",
        "  if the sender is gold:",
        "    not: add 4 euros",
        "  else:",
        "    add 4 euros",
      ),
    );
  });

  it("puts “otherwise” on the other side, in the sentence and after it", () => {
    expect(tree("If it is late, pay 5 euros; otherwise, pay nothing.")).toBe(
      lines("if it is late:", "  pay 5 euros", "else:", "  pay nothing"),
    );
    expect(tree("If it is late, pay 5 euros. Otherwise, pay nothing.")).toBe(
      lines("if it is late:", "  pay 5 euros", "else:", "  pay nothing"),
    );
    expect(tree("- If it is late, pay.\n- If not, wait.\n")).toBe(
      lines("if it is late:", "  pay", "else:", "  wait"),
    );
  });

  it("takes an item that says what is left over for the other side of those before it", () => {
    const expected = lines(
      "if a sender asks for a refund:",
      "  if it is late:",
      "    pay",
      "  else if it is lost:",
      "    open a claim",
      "  else:",
      "    wait",
    );
    for (const rest of ["Otherwise", "If not", "In all other cases", "Failing that"]) {
      const list = `- If it is late, pay.\n- Otherwise, if it is lost, open a claim.\n- ${rest}, wait.\n`;
      expect(tree(`When a sender asks for a refund:\n\n${list}`)).toBe(expected);
    }
  });

  it("reads rules that share conditions as one tree", () => {
    const list =
      "- If the seal is broken and it is late, pay 5 euros.\n" +
      "- If the seal is broken, pay 3 euros.\n- Otherwise, pay nothing.\n";
    expect(tree(`If a sender asks for a refund:\n\n${list}`)).toBe(
      lines(
        "if a sender asks for a refund:",
        "  if the seal is broken:",
        "    if it is late:",
        "      pay 5 euros",
        "    else:",
        "      pay 3 euros",
        "  else:",
        "    pay nothing",
      ),
    );
  });

  it("keeps conditions together that are enumerated", () => {
    expect(tree("If (i) the seal is broken, (ii) it is late and (iii) it is lost, pay.")).toBe(
      lines("if the seal is broken:", "  if it is late:", "    if it is lost:", "      pay"),
    );
  });

  it("reads an order after “in which case”", () => {
    expect(tree("Charge the fee unless the sender is gold, in which case waive it.")).toBe(
      lines("if the sender is gold:", "  waive it", "else:", "  charge the fee"),
    );
  });

  it("completes what the other side leaves out", () => {
    expect(tree("The total is paid back immediately if it was a card, otherwise in 5 days.")).toBe(
      lines(
        "if it was a card:",
        "  the total is paid back immediately",
        "else:",
        "  the total is paid back in 5 days",
      ),
    );
  });

  it("asks no second question where the second condition is the other side of the first", () => {
    expect(tree("If the fee is up to 9 euros, waive it; if it is more, ask a supervisor.")).toBe(
      lines("if the fee is up to 9 euros:", "  waive it", "else:", "  ask a supervisor"),
    );
  });

  it("takes “or” and “and” apart, and gives each condition its whole clause", () => {
    const conditions = (text: string): string[] =>
      decisionOf(text).conditions.map((condition) => condition.text);
    expect(conditions("Pay if the crate was late or damaged.")).toEqual([
      "the crate was late",
      "the crate was damaged",
    ]);
    expect(conditions("Pay if a storm or a strike closed the port.")).toEqual([
      "a storm closed the port",
      "a strike closed the port",
    ]);
    expect(conditions("Pay if its status is 'lost' or 'late'.")).toEqual([
      "its status is 'lost'",
      "its status is 'late'",
    ]);
    expect(conditions("Pay if the sender wants to cancel or change it.")).toEqual([
      "the sender wants to cancel",
      "the sender wants to change it",
    ]);
    expect(conditions("Pay if it broke by accident or neglect.")).toEqual([
      "it broke by accident",
      "it broke by neglect",
    ]);
    expect(conditions("If the crate holds paint, glue or oil, refuse it.")).toEqual([
      "the crate holds paint",
      "the crate holds glue",
      "the crate holds oil",
    ]);
    expect(conditions("If the sender is new and has no card, ask.")).toEqual([
      "the sender is new",
      "the sender has no card",
    ]);
    expect(conditions("Pay if: (i) it is late; (ii) it is lost; or (iii) it is wet.")).toEqual([
      "it is late",
      "it is lost",
      "it is wet",
    ]);
    expect(conditions("For sealed or lost crates, call the port.")).toEqual([
      "it is a sealed crate",
      "it is a lost crate",
    ]);
  });

  it("keeps together what is one condition", () => {
    const count = (text: string): number => decisionOf(text).conditions.length;
    expect(count("Pay if two or more crates are lost.")).toBe(1);
    expect(count("Pay if the sender gives a name and an address.")).toBe(1);
    expect(count("If it is between 3 and 5 kg, charge 4 euros.")).toBe(1);
    expect(count("If the sender asks, call the port, note the time and wait.")).toBe(1);
  });

  it("binds “and” closer than “or”", () => {
    expect(tree("Pay if it is late and the sender is gold or the sender is new.")).toBe(
      lines(
        "if it is late:",
        "  if the sender is gold:",
        "    pay",
        "  else if the sender is new:",
        "    pay",
        "else if the sender is new:",
        "  pay",
      ),
    );
  });

  it("reads alternatives per class", () => {
    expect(
      tree("Gold senders pay nothing, silver senders pay 3 euros and all others pay 8 euros."),
    ).toBe(
      lines(
        "if it is a gold sender:",
        "  gold senders pay nothing",
        "else if it is a silver sender:",
        "  silver senders pay 3 euros",
        "else:",
        "  all others pay 8 euros",
      ),
    );
  });

  it("reads the items of a list as conditions, as steps and as rules of their own", () => {
    expect(
      tree("A claim is valid only if all of these are true:\n- it is new\n- it is signed\n"),
    ).toBe(
      lines(
        "if it is new:",
        "  if it is signed:",
        "    a claim is valid",
        "  else:",
        "    not: a claim is valid",
        "else:",
        "  not: a claim is valid",
      ),
    );
    expect(tree("Pay if any of these is true:\n- it is late\n- it is lost\n")).toBe(
      lines("if it is late:", "  pay", "else if it is lost:", "  pay"),
    );
    expect(tree("If it is lost:\n- apologise\n- open a claim\n")).toBe(
      lines("if it is lost:", "  apologise and open a claim"),
    );
    expect(tree("If it is lost:\n- Apologise.\n- If it was insured, open a claim.\n")).toBe(
      lines(
        "if it is lost:",
        "  if it was insured:",
        "    apologise and open a claim",
        "  else:",
        "    apologise",
      ),
    );
    expect(
      tree(
        "We close accounts if they are unused:\n- For trial accounts:\n  - For old plans: 60 days\n- For free accounts: 30 days\n",
      ),
    ).toBe(
      lines(
        "if they are unused:",
        "  if it is a trial account:",
        "    if it is an old plan:",
        "      we close accounts, 60 days",
        "  else if it is a free account:",
        "    we close accounts, 30 days",
      ),
    );
  });

  it("finds no condition in questions, concessions and orders of steps", () => {
    for (const text of [
      "Check if the seal is broken.",
      "Ask the sender when the ship left.",
      "Do this even if the sender has paid.",
      "Call the port before you leave and after you arrive.",
      "For example, a crate may be blue.",
      "For more information, read the page.",
      'Never say "if it is late, we pay".',
    ]) {
      expect(
        parsePolicy(text, { path: "a.md" }).statements.map(({ decision }) => decision),
      ).toEqual([undefined]);
    }
  });

  it("counts depth in conditions", () => {
    expect(decisionOf("If it is late, pay.").depth).toBe(1);
    expect(decisionOf("If it is late or lost, pay, unless it is old.").depth).toBe(3);
  });

  it("spans slice back to the source", () => {
    const text = "- If **the seal** is `broken`, [open](a.md) a claim; otherwise, wait.\n";
    const { conditions, tree: root } = decisionOf(text);
    expect(conditions.map(({ start, end }) => text.slice(start, end))).toEqual([
      "**the seal** is `broken`",
    ]);
    const leaves = (node: DecisionNode): string[] =>
      node.kind === "test"
        ? [...leaves(node.yes), ...leaves(node.no)]
        : node.kind === "outcome"
          ? [text.slice(node.start, node.end)]
          : [];
    expect(leaves(root)).toEqual(["[open](a.md) a claim", "wait"]);
  });

  it("leaves names in capitals", () => {
    expect(tree("We ship with Halyard. Halyard pays if it is late.")).toBe(
      lines("if it is late:", "  Halyard pays"),
    );
  });
});
