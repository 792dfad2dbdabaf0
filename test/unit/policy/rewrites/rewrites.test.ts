import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lintPolicy } from "../../../../src/policy/lint/lint.ts";
import { parsePolicy } from "../../../../src/policy/parse.ts";
import { markings } from "../../../../src/policy/rewrites/mark.ts";
import { otherSide } from "../../../../src/policy/rewrites/other-side.ts";
import type { Edit } from "../../../../src/policy/blocks.ts";
import type { Read, Target } from "../../../../src/policy/rewrites/rewrite.ts";
import { splitAtAnd } from "../../../../src/policy/rewrites/split.ts";
import { suppressEverywhere, suppressHere } from "../../../../src/policy/rewrites/suppress.ts";
import { categories } from "../../../../src/policy/statement.ts";

const parse = (text: string) => parsePolicy(text, { path: "desk.md" }).statements;
const read: Read = (text) => Promise.resolve(parse(text));

/** The statement that contains the words. */
function at(text: string, words: string): Target {
  const statements = parse(text);
  const offset = text.indexOf(words);
  const statement = statements.find(({ start, end }) => start <= offset && offset < end)!;
  return { text, statements, statement };
}

function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
      text,
    );
}

describe("markings", () => {
  const mark = async (text: string, words: string, title: string) => {
    const found = (await markings(at(text, words), read)).find(
      (rewrite) => rewrite.title === title,
    );
    return found && apply(text, found.edits);
  };

  it("write the comment on the line before a sentence, an item and a quoted line", async () => {
    expect(await mark("# Desk\n\nWe pay. They ask.\n", "We pay", "Mark as Behavior")).toBe(
      "# Desk\n\n<!-- ingrain: behavioral -->\nWe pay. They ask.\n",
    );
    expect(await mark("- We pay.\n  - They ask.\n", "They ask", "Mark as Fact")).toBe(
      "- We pay.\n  <!-- ingrain: factual -->\n  - They ask.\n",
    );
    expect(await mark("> We pay.\n", "We pay", "Mark as Fact")).toBe(
      "> <!-- ingrain: factual -->\n> We pay.\n",
    );
  });

  it("write it before the first word where the statement shares its line", async () => {
    expect(await mark("We pay. They ask.\n", "They ask", "Mark as Simple Condition")).toBe(
      "We pay. <!-- ingrain: simple-conditional --> They ask.\n",
    );
    const table = "| A | B |\n| - | - |\n| c | d |\n| e | f |\n";
    expect(await mark(table, "e |", "Mark as Complex Condition")).toBe(
      "| A | B |\n| - | - |\n| c | d |\n| <!-- ingrain: complex-conditional --> e | f |\n",
    );
  });

  it("replace the author's comment, and do not offer what it says already", async () => {
    const text = "We pay.\n\n<!-- ingrain: factual -->\nThey ask.\n";
    expect(await mark(text, "They ask", "Mark as Behavior")).toBe(
      "We pay.\n\n<!-- ingrain: behavioral -->\nThey ask.\n",
    );
    expect(await mark(text, "They ask", "Mark as Fact")).toBeUndefined();
    const broken = "<!-- ingrain: behaviour -->\nThey ask.\n";
    expect(await mark(broken, "They ask", "Mark as Behavior")).toBe(
      "<!-- ingrain: behavioral -->\nThey ask.\n",
    );
  });

  it("keep the line breaks of the file", async () => {
    expect(await mark("# A\r\n\r\nWe pay.\r\n", "We pay", "Mark as Behavior")).toBe(
      "# A\r\n\r\n<!-- ingrain: behavioral -->\r\nWe pay.\r\n",
    );
  });

  it("give every statement the category that they say, and change no other", async () => {
    const parts = fc.constantFrom(
      "# Desk\n\n",
      "We pay 5 euros. ",
      "If it is late, refund the fee. Otherwise, wait. ",
      "\n\n- Greet the caller.\n- Never shout.\n\n",
      "\n\n1. Ask.\n   - Twice, if need be.\n\n",
      "\n\n| A | B |\n| - | - |\n| c | d |\n\n",
      "\n\n> Quote the price.\n\n",
      "**Bold is it.** ",
      "\n\nIf it is lost:\n\n- apologise\n- open a claim\n\n",
      "<!-- ingrain: factual -->\n",
      "\r\n",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 6 }), fc.nat(), async (chosen, pick) => {
        const text = chosen.join("");
        const statements = parse(text);
        const statement = statements[pick % Math.max(1, statements.length)];
        if (statement === undefined) return;
        for (const { title, edits } of await markings({ text, statements, statement }, read)) {
          const after = parse(apply(text, edits));
          expect(after.map((one) => one.text)).toEqual(statements.map((one) => one.text));
          const changed = after.filter(
            (one, i) =>
              one.category !== statements[i]!.category ||
              one.decidedBy !== statements[i]!.decidedBy,
          );
          expect(changed.length, title).toBeLessThanOrEqual(1);
          expect(after[statements.indexOf(statement)]?.decidedBy).toBe("author");
        }
      }),
      { numRuns: 40 },
    );
  });

  it("offer all four for a plain sentence", async () => {
    expect(await markings(at("We pay.", "We"), read)).toHaveLength(categories.length);
  });
});

describe("splitAtAnd", () => {
  const split = async (text: string, words: string) => {
    const found = await splitAtAnd(at(text, words), read);
    return found && apply(text, found.edits);
  };

  it.each([
    [
      "Greet the customer and ask for the order number.",
      "Greet the customer. Ask for the order number.",
    ],
    [
      "The clerk greets the customer by name and never discusses other customers.",
      "The clerk greets the customer by name. The clerk never discusses other customers.",
    ],
    [
      "You must record the reason and list the change.",
      "You must record the reason. You must list the change.",
    ],
    [
      "Call the depot, and you should tell the customer.",
      "Call the depot. You should tell the customer.",
    ],
    [
      "- Call the depot and close the claim.\n- Wait.\n",
      "- Call the depot.\n- Close the claim.\n- Wait.\n",
    ],
    [
      "1. Call the depot and close the claim.\n2. Wait.\n",
      "1. Call the depot. Close the claim.\n2. Wait.\n",
    ],
    [
      "- call the depot and close the claim\n- wait for it\n",
      "- call the depot\n- Close the claim\n- wait for it\n",
    ],
  ])("makes two duties of one: %s", async (text, expected) => {
    expect(await split(text, text.slice(4, 8))).toBe(expected);
  });

  it.each([
    "Ask for the name and the address of the customer.",
    "You can help customers track, hold and reroute a parcel.",
    "Remind the customer to sign and return the form.",
    "Before you change the parcel, list the fee and wait for a clear yes.",
    "The depot is open and the gate is locked.",
    "If the parcel is late, apologise and refund the fee.",
    "Say “come and see the parcel” to the customer.",
  ])("leaves alone what is one act, or would change its meaning: %s", async (text) => {
    expect(await split(text, text.slice(0, 8))).toBeUndefined();
  });
});

describe("otherSide", () => {
  const state = async (text: string, words: string) => {
    const found = await otherSide(at(text, words), read);
    if (found === undefined) return undefined;
    const { offset, before, placeholder, after } = found;
    return `${text.slice(0, offset)}${before}${placeholder}${after}${text.slice(offset)}`;
  };

  it.each([
    [
      "If the parcel is late, refund the fee. We pay.",
      "If the parcel is late, refund the fee. Otherwise, say what applies then. We pay.",
    ],
    [
      "- If the parcel is late, refund the fee\n- We pay.\n",
      "- If the parcel is late, refund the fee. Otherwise, say what applies then.\n- We pay.\n",
    ],
    [
      "**If the parcel is late, refund the fee.**\n",
      "**If the parcel is late, refund the fee.** Otherwise, say what applies then.\n",
    ],
    [
      "If the parcel is lost:\n\n- apologise\n- open a claim\n\nWe pay.\n",
      "If the parcel is lost:\n\n- apologise\n- open a claim\n\nOtherwise, say what applies then.\n\nWe pay.\n",
    ],
  ])("begins the sentence after the statement: %s", async (text, expected) => {
    expect(await state(text, "parcel is l")).toBe(expected);
  });

  it.each([
    "If the parcel is late, refund the fee. Otherwise, wait.",
    "The parcel is late.",
    "Refund the fee only if the parcel is late.",
    "If the parcel is late and the customer is gold, refund the fee.",
  ])("is not offered where nothing is open: %s", async (text) => {
    expect(await state(text, "parcel is l")).toBeUndefined();
  });
});

describe("suppressing", () => {
  const lint = (text: string) => lintPolicy(text, { statements: parse(text) });

  it.each([
    "# Desk\n\nAnswer promptly. Pay promptly.\n",
    "- Answer promptly.\n- Pay promptly.\n",
    "| Duty | Note |\n| --- | --- |\n| Answer the caller promptly. | a |\n| Pay the caller promptly. | b |\n",
  ])("a rule at a statement silences it there only: %s", async (text) => {
    expect(lint(text)).toHaveLength(2);
    const rewrite = (await suppressHere(at(text, "Pay"), "vague-term", read))!;
    const after = apply(text, rewrite.edits);
    expect(lint(after).map(({ start }) => after.slice(Math.max(0, start - 20), start))).toEqual([
      expect.stringContaining("Answer"),
    ]);
  });

  it("adds to the comment that is there", async () => {
    const text =
      "<!-- ingrain-disable-next-statement vague-term -->\nIt must be approved promptly.\n";
    const here = (await suppressHere(at(text, "It must"), "missing-actor", read))!;
    expect(apply(text, here.edits)).toBe(
      "<!-- ingrain-disable-next-statement vague-term missing-actor -->\nIt must be approved promptly.\n",
    );
    const file = "<!-- ingrain-disable vague-term -->\n\nWe pay.\n";
    expect(apply(file, suppressEverywhere(file, "contradiction").edits)).toBe(
      "<!-- ingrain-disable vague-term contradiction -->\n\nWe pay.\n",
    );
  });

  it("in a file stands below the front matter", () => {
    const text = "---\ningrain: policy\n---\n\nAnswer promptly.\n";
    const after = apply(text, suppressEverywhere(text, "vague-term").edits);
    expect(after).toBe(
      "---\ningrain: policy\n---\n\n<!-- ingrain-disable vague-term -->\n\nAnswer promptly.\n",
    );
    expect(lint(after)).toEqual([]);
    const plain = "Answer promptly.\n";
    expect(apply(plain, suppressEverywhere(plain, "vague-term").edits)).toBe(
      "<!-- ingrain-disable vague-term -->\n\nAnswer promptly.\n",
    );
  });
});
