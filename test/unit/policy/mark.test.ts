import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { insertInto, type Mark, markInsertion, placeMarks } from "../../../src/policy/mark.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Statement } from "../../../src/policy/statement.ts";

const parse = (text: string): Statement[] => parsePolicy(text, { path: "a.md" }).statements;
const read = (text: string) => Promise.resolve(parse(text));
const other = (statement: Statement): Mark => ({
  statement,
  category: statement.category === "factual" ? "behavioral" : "factual",
});

/** The source with a comment on the statement that has these words. */
function marked(source: string, words: string): string {
  const statement = parse(source).find(({ text }) => text.includes(words));
  if (!statement) throw new Error(`no statement has the words: ${words}`);
  return insertInto(source, [markInsertion(source, { statement, category: "factual" })]);
}

describe("markInsertion", () => {
  const comment = "<!-- ingrain: factual -->";

  test.each([
    ["a paragraph", "# A\n\nWe pay fees.\n", `# A\n\n${comment}\nWe pay fees.\n`],
    ["the first line", "We pay fees.\n", `${comment}\nWe pay fees.\n`],
    ["right after a heading", "# A\nWe pay fees.\n", `# A\n${comment}\nWe pay fees.\n`],
    ["a later sentence", "Call us. We pay fees.\n", `Call us. ${comment} We pay fees.\n`],
    ["a later line", "Call us.\nWe pay fees.\n", `Call us. ${comment}\nWe pay fees.\n`],
    ["a broken line", "Call us.  \nWe pay fees.\n", `Call us. ${comment}  \nWe pay fees.\n`],
    ["a list item", "- Call us.\n- We pay fees.\n", `- Call us.\n- ${comment}\n  We pay fees.\n`],
    ["a step", "1. Call us.\n2. We pay fees.\n", `1. Call us.\n2. ${comment}\n   We pay fees.\n`],
    ["a quotation", "> We pay fees.\n", `> ${comment}\n> We pay fees.\n`],
    ["other line ends", "# A\r\n\r\nWe pay fees.\r\n", `# A\r\n\r\n${comment}\r\nWe pay fees.\r\n`],
  ])("before %s", (_, source, expected) => {
    expect(marked(source, "We pay fees")).toBe(expected);
    expect(parse(expected).find(({ text }) => text === "We pay fees.")).toMatchObject({
      category: "factual",
      decidedBy: "author",
    });
  });
});

describe("placeMarks", () => {
  const sample = readFileSync(
    new URL("../../../media/sample/parcel-desk.md", import.meta.url),
    "utf8",
  );

  test("finds a place for a comment on every statement of the sample", async () => {
    const statements = parse(sample);
    const marks = statements.map(other);
    const { placed, unplaced } = await placeMarks(sample, statements, marks, read);
    expect(unplaced).toEqual([]);
    const again = parse(
      insertInto(
        sample,
        placed.map(({ insertion }) => insertion),
      ),
    );
    expect(again.map(({ text, category, decidedBy }) => [text, category, decidedBy])).toEqual(
      marks.map(({ statement, category }) => [statement.text, category, "author"]),
    );
  });

  test("reads nothing when there is nothing to mark", async () => {
    const never = () => Promise.reject(new Error("was read"));
    expect(await placeMarks(sample, parse(sample), [], never)).toEqual({
      placed: [],
      unplaced: [],
    });
  });

  test("leaves out only what has no place, and the rest stays right", async () => {
    const pieces = fc.constantFrom(
      "We pay fees.",
      "Call us.",
      "If it is late, wait.",
      "Otherwise, go.",
      "\n",
      "\n\n",
      "- ",
      "  - ",
      "1. ",
      "> ",
      "# A\n",
      "| a | b |\n| - | - |\n| it is | five |\n",
      "```\ncode\n```\n",
      "**Never** run.",
      "<!-- ingrain: factual -->",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(" ")),
        fc.func(fc.boolean()),
        async (source, chosen) => {
          const statements = parse(source);
          const marks = statements.filter(({ id }) => chosen(id)).map(other);
          const { placed, unplaced } = await placeMarks(source, statements, marks, read);
          expect(placed.length + unplaced.length).toBe(marks.length);
          const again = parse(
            insertInto(
              source,
              placed.map(({ insertion }) => insertion),
            ),
          );
          expect(again.map(({ text }) => text)).toEqual(statements.map(({ text }) => text));
          const wanted = new Map(placed.map(({ mark }) => [mark.statement.id, mark.category]));
          expect(again.map(({ category }) => category)).toEqual(
            statements.map(({ id, category }) => wanted.get(id) ?? category),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
