import fc from "fast-check";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { baseOf, Blocks } from "../../../src/policy/blocks.ts";
import { flatten } from "../../../src/policy/flatten.ts";
import { findHeadings } from "../../../src/policy/headings.ts";
import { endOf, startOf } from "../../../src/policy/markdown.ts";
import type { Nodes } from "mdast";
import { finish } from "../../../src/policy/turns.ts";
import { cpuSeconds } from "../cpu-time.ts";

/** The headings that the parser finds outside lists, as `findHeadings` tells them. */
function parsedHeadings(source: string) {
  const below = (node: Nodes): Nodes[] =>
    node.type === "blockquote" ? node.children.flatMap(below) : [node];
  const blocks = new Blocks();
  finish(blocks.load(source));
  return blocks.list.flatMap((block) => {
    if (block.node === undefined) return [];
    const base = baseOf(block);
    return below(block.node).flatMap((node) =>
      node.type === "heading"
        ? [
            {
              depth: node.depth,
              start: base + startOf(node),
              end: base + endOf(node),
              text: flatten(node, block.source).text,
            },
          ]
        : [],
    );
  });
}

/** Ends are left out: the parser ends a heading before the white space that closes its line. */
const places = (headings: { depth: number; start: number }[]) =>
  headings.map(({ depth, start }) => [depth, start]);

describe("findHeadings", () => {
  it("finds both kinds of headings, with their words", () => {
    const source = "\uFEFF# One\r\n\r\nTwo\r\n---\r\n\r\n### **Three** `and` [four](x.md) ##\r\n";
    const found = findHeadings(source);
    expect(found.map(({ depth, text }) => [depth, text])).toEqual([
      [1, "One"],
      [2, "Two"],
      [3, "Three and four"],
    ]);
    expect(found.map(({ start, end }) => source.slice(start, end))).toEqual([
      "# One",
      "Two\r\n---",
      "### **Three** `and` [four](x.md) ##",
    ]);
  });

  it.each([
    ["## Fees {#fees}\n", "Fees"],
    ["## Fees {fixed}\n", "Fees {fixed}"],
    ['## <a id="fees"></a>Fees <b>2</b>\n', "Fees 2"],
    ["## Fees < 3\n", "Fees < 3"],
  ])("takes ids and tags out: %s", (source, words) => {
    expect(findHeadings(source).map(({ text }) => text)).toEqual([words]);
  });

  it.each([
    ["front matter", "---\ntitle: x\n# comment\n---\n# Yes\n"],
    ["code", "```sh\n# no\n```\n~~~\n# no\n```\n~~~\n# Yes\n"],
    ["a comment", "<!--\n# no\n-->\n# Yes\n"],
    ["HTML", "<div>\n# no\n</div>\n\n# Yes\n"],
    ["a rule", "- item\n---\n\n***\n---\n\n# Yes\n"],
    ["a lazy line", "- item\nmore\n---\n\n# Yes\n"],
    ["no space", "#no\n\n# Yes\n"],
    ["seven marks", "####### no\n\n# Yes\n"],
    ["a table", "| a |\n| --- |\n\n# Yes\n"],
    ["a rule under a quote", "> quoted\n---\n\n# Yes\n"],
  ])("is not misled by %s", (_, source) => {
    expect(findHeadings(source).map(({ text }) => text)).toEqual(["Yes"]);
    expect(places(findHeadings(source))).toEqual(places(parsedHeadings(source)));
  });

  it("looks into quotes", () => {
    const source = "> ## Note\n> Text.\n>\n> Under\n> ---\n";
    expect(places(findHeadings(source))).toEqual(places(parsedHeadings(source)));
    expect(findHeadings(source)).toHaveLength(2);
  });

  it("takes no time for a line of megabytes", () => {
    const seconds = cpuSeconds(() => {
      for (const piece of [" ", "# ", "> ", "[", "<!--", "_", "`", "- ", "<a ", "{#", "}"]) {
        const long = piece.repeat(500_000);
        expect(findHeadings(`# Yes\n\n# ${long}x\n\n${long}x\n`).length).toBeGreaterThan(1);
      }
    });
    expect(seconds).toBeLessThan(5);
  });

  it("agrees with the parser on the sample policy", async () => {
    const path = new URL("../../../media/sample/parcel-desk.md", import.meta.url);
    const source = await readFile(path, "utf8");
    expect(findHeadings(source)).toEqual(
      parsedHeadings(source).map((heading) => expect.objectContaining(heading) as unknown),
    );
  });

  it("agrees with the parser on any order of these lines", () => {
    const line = fc.constantFrom(
      "# One",
      "## Two ##",
      "#",
      "words",
      "more words",
      "===",
      "---",
      "***",
      "- - -",
      "",
      "",
      "> quoted",
      "> # Quoted",
      "- item",
      "  more of it",
      "1. step",
      "```",
      "~~~",
      "<!-- ingrain: factual -->",
      "<!--",
      "-->",
      "| a | b |",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const source = `Start.\n\n${lines.join("\n")}\n`;
        expect(places(findHeadings(source))).toEqual(places(parsedHeadings(source)));
      }),
      { numRuns: 1000 },
    );
  });
});
