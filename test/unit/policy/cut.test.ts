import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { passagesOf } from "./passages.ts";

const texts = (source: string): string[] => passagesOf(source).map(({ prose }) => prose.text);

describe("cut: paragraphs", () => {
  it("makes a statement of each sentence, with its heading path", () => {
    const source =
      "# Desk\n\nA. b.\n\nParcels are brown. Labels are white.\n\n## Late\n\nLate is late.\n\n# End\n\nWe pay.";
    expect(parsePolicy(source, { path: "a.md" }).statements.map(({ section }) => section)).toEqual([
      ["Desk"],
      ["Desk"],
      ["Desk"],
      ["Desk", "Late"],
      ["End"],
    ]);
  });

  it.each([
    ["headings", "# The desk is open.\n\nThe desk is closed.\n---"],
    ["code", "```\nThe desk is open.\n```\n\n    The desk is open."],
    ["definitions and footnote marks", "[a]: b.md 'The desk is open.'"],
    ["images", "![The desk is open.](a.png)"],
    ["front matter", "---\ntitle: The desk is open.\n---\n"],
    ["comments", "<!-- The desk is open. -->\n\n<!--\nThe desk\nis open.\n-->"],
    [
      "links and nothing else",
      "[Start](a.md) | [Next page](b.md)\n\n- [Late](#late)\n- [Lost](#lost)",
    ],
    ["greetings", "Thanks for reading!\n\nWelcome to the desk.\n\nLast updated: May 2026"],
    ["bold titles", "**Late parcels**"],
    ["rhetorical questions", "What does that mean? Why not?"],
  ])("finds none in %s", (_, source) => {
    expect(texts(source)).toEqual([]);
  });

  it("leaves a title in bold out of the sentence after it, but keeps a bold sentence", () => {
    expect(texts("**Late Parcels.** We pay for them.")).toEqual(["We pay for them."]);
    expect(texts("**Never open a parcel.** We pay.")).toEqual(["Never open a parcel.", "We pay."]);
    expect(texts("**Scan** - Reads the label. Shows the zone.")).toEqual([
      "Scan - Reads the label.",
      "Shows the zone.",
    ]);
  });

  it("joins a condition told as a question to the sentence that answers it", () => {
    expect(texts("You lost the code? Ask the desk. It is open.")).toEqual([
      "You lost the code? Ask the desk.",
      "It is open.",
    ]);
  });

  it("keeps the sentence after a comment on the same line", () => {
    expect(texts("<!-- ingrain: factual --> The desk is open.\n\n- <!-- a --> It is big.")).toEqual(
      ["The desk is open.", "It is big."],
    );
  });

  it("reads quotations and footnotes as text", () => {
    expect(texts("> The desk\n> is open.\n\nWe pay.[^1]\n\n[^1]: It is late.")).toEqual([
      "The desk is open.",
      "We pay.",
      "It is late.",
    ]);
  });
});

describe("cut: lists", () => {
  it("joins fragments to the lead-in they complete", () => {
    expect(texts("Each parcel has:\n\n- a weight\n- a zone\n")).toEqual([
      "Each parcel has: a weight; a zone",
    ]);
    expect(texts("You must:\n\n1. Scan the label.\n2. Weigh the box.\n")).toEqual([
      "You must: Scan the label. Weigh the box.",
    ]);
    expect(texts("We carry these kinds of goods:\n- books\n- toys")).toEqual([
      "We carry these kinds of goods: books; toys",
    ]);
  });

  it("joins a lead-in that states a condition to its items, whatever they are", () => {
    expect(
      texts("If the parcel is lost:\n- Apologise to the customer.\n- Open a claim.\n"),
    ).toEqual(["If the parcel is lost: Apologise to the customer. Open a claim."]);
    expect(texts("A refund is due if any of these is true:\n- it is late\n- it is lost\n")).toEqual(
      ["A refund is due if any of these is true: it is late; it is lost"],
    );
  });

  it("makes statements of items that are sentences, and none of their lead-in", () => {
    expect(
      texts(
        "We start. To open a claim, take these steps:\n\n1. Ask for the receipt.\n2. Call `open_claim`. It takes a minute.\n",
      ),
    ).toEqual(["We start.", "Ask for the receipt.", "Call open_claim.", "It takes a minute."]);
  });

  it("makes a statement of each item where there is no lead-in", () => {
    expect(texts("- The desk is open. It is big.\n- We pay.\n")).toEqual([
      "The desk is open.",
      "It is big.",
      "We pay.",
    ]);
  });

  it("follows nested lists inside out", () => {
    const source =
      "- We help.\n- If it is late:\n  - pay 5 euros\n  - apologise\n- Each box has:\n  - a lid\n";
    expect(texts(source)).toEqual([
      "We help.",
      "If it is late: pay 5 euros; apologise",
      "Each box has: a lid",
    ]);
  });

  it("keeps a nested list within the statement that its outer lead-in makes", () => {
    const source =
      "We close accounts if they are unused:\n- For trial accounts:\n  - paid: 60 days\n  - free: 30 days\n- For others: 90 days\n";
    expect(texts(source)).toEqual([
      "We close accounts if they are unused: For trial accounts: paid: 60 days; free: 30 days; For others: 90 days",
    ]);
  });

  it("drops links under a bare title and under a lead-in that only points", () => {
    expect(texts("Fact sheets:\n- [One](1.md)\n- [Two](2.md)\n")).toEqual([]);
    expect(texts("If you are ready:\n- [One](1.md)\n- [Two](2.md)\n")).toEqual([]);
  });
});

describe("cut: tables", () => {
  it("reads each row with its header", () => {
    const source =
      "Prices:\n\n| Service | Price |\n| --- | --- |\n| Express | 16 euros |\n| | |\n| Slow | |\n";
    expect(texts(source)).toEqual(["Service: Express; Price: 16 euros", "Service: Slow"]);
  });

  it("spans the row's own words", () => {
    const source = "| A | B |\n| - | - |\n| one | **two** |\n";
    const [row] = passagesOf(source);
    const span = row!.prose.span({ from: 0, to: row!.prose.text.length })!;
    expect(source.slice(span.start, span.end)).toBe("one | **two**");
  });
});
