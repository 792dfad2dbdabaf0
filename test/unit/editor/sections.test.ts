import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type Outline, outlineOf, sectionsIn, statementsIn } from "../../../src/editor/sections.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";

const read = (source: string) =>
  outlineOf(source, parsePolicy(source, { path: "desk.md" }).statements);

const shape = ({ statements, sections }: Outline): unknown[] => [
  ...statements.map(({ text }) => text),
  ...sections.map((section) => ({ [section.title]: shape(section) })),
];

const source = `The desk is open at nine.

# Desk

It is closed on Sundays.

## Fees

A copy costs 2 euros.

# Other *things*

## Fees

A scan costs 3 euros.

## Fees
`;

describe("outlineOf", () => {
  it("puts statements under their headings, in the order of the document", () => {
    const outline = read(source);
    expect(shape(outline)).toEqual([
      "The desk is open at nine.",
      { Desk: ["It is closed on Sundays.", { Fees: ["A copy costs 2 euros."] }] },
      { "Other things": [{ Fees: ["A scan costs 3 euros."] }, { Fees: [] }] },
    ]);
    expect(statementsIn(outline)).toHaveLength(4);
  });

  it("ends a section where the next one of its rank begins", () => {
    const spans = sectionsIn(read(source)).map(({ heading, end }) =>
      source.slice(heading.start, end),
    );
    expect(spans[0]).toBe(source.slice(source.indexOf("# Desk"), source.indexOf("# Other")));
    expect(spans[1]).toBe("## Fees\n\nA copy costs 2 euros.\n\n");
    expect(spans.at(-1)).toBe("## Fees\n");
  });

  it("gives equal headings ids of their own, which edits elsewhere leave alone", () => {
    const ids = (text: string) => sectionsIn(read(text)).map(({ id }) => id);
    expect(new Set(ids(source)).size).toBe(5);
    expect(ids(source.replace("nine", "ten").replace("3 euros", "4 euros"))).toEqual(ids(source));
    expect(
      ids(source.replace("# Desk", "# Hours").replace("## Fees", "## Costs")).slice(2),
    ).toEqual(ids(source).slice(2));
  });

  it("agrees with the heading paths of the sample policy", async () => {
    const path = new URL("../../../media/sample/parcel-desk.md", import.meta.url);
    const sample = await readFile(path, "utf8");
    const outline = read(sample);
    const walk = (part: Outline, titles: string[]): void => {
      for (const { section } of part.statements) expect(section).toEqual(titles);
      for (const section of part.sections) walk(section, [...titles, section.title]);
    };
    walk(outline, []);
    expect(statementsIn(outline).length).toBeGreaterThan(50);
  });
});
