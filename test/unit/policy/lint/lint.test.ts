import fc from "fast-check";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { headingLines } from "../../../../src/editor/rule-pages.ts";
import { lintInSteps, lintPolicy } from "../../../../src/policy/lint/lint.ts";
import { severities } from "../../../../src/policy/lint/rule.ts";
import { ruleIds, rules } from "../../../../src/policy/lint/rules.ts";
import { readSeverities } from "../../../../src/policy/lint/settings.ts";
import { parsePolicy } from "../../../../src/policy/parse.ts";

const lint = (text: string, options = {}) =>
  lintPolicy(text, parsePolicy(text, { path: "desk.md" }), options);
const every = Object.fromEntries(ruleIds.map((rule) => [rule, "warning" as const]));

const desk = [
  "# Desk",
  "",
  "Answer promptly. See [Refunds](#refund).",
  "",
  "Every refund must be approved. Send the RMA to the depot.",
  "",
].join("\n");

describe("lintPolicy", () => {
  it("gives findings in document order, each at its words", () => {
    expect(lint(desk).map(({ rule, start, end }) => [rule, desk.slice(start, end)])).toEqual([
      ["vague-term", "promptly"],
      ["broken-reference", "#refund"],
      ["missing-actor", "must be approved"],
      ["undefined-term", "RMA"],
    ]);
  });

  it("takes severities from its options, and leaves out what is off", () => {
    const found = lint(desk, { severities: { "vague-term": "error", "missing-actor": "off" } });
    expect(found.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["vague-term", "error"],
      ["broken-reference", "warning"],
      ["undefined-term", "information"],
    ]);
  });

  it("rests after each rule", () => {
    const steps = lintInSteps(desk, parsePolicy(desk, { path: "desk.md" }), {
      severities: every,
    });
    let rests = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) rests++;
    expect(rests).toBe(ruleIds.length);
    expect(step.value.length).toBeGreaterThan(0);
  });

  it("rests within the rules that hold every statement against others", () => {
    const long = "We pay 5 euros. ".repeat(600);
    const rests = [...lintInSteps(long, parsePolicy(long, { path: "desk.md" }))].length;
    expect(rests).toBeGreaterThanOrEqual(ruleIds.length - 1 + 4);
  });

  it("finds nothing in the sample policy", async () => {
    const sample = new URL("../../../../media/sample/parcel-desk.md", import.meta.url);
    expect(lint(await readFile(sample, "utf8"))).toEqual([]);
  });

  it("never throws, and every finding is a place in the text, whatever the text", () => {
    const words = fc.constantFrom(
      "If the parcel weighs more than 3 kg,",
      "charge 5 euros.",
      "Otherwise, wait soon.",
      "must be approved",
      "Step 7",
      "[a](#b)",
      "\n\n",
      "- ",
      "# ",
      "| a | b |\n| - | - |\n",
      "```",
      "<!-- ingrain-disable -->",
      "<!--",
      "RMA",
      "you may",
      "never",
      "“",
      "\r\n",
      "🙂",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words, { maxLength: 40 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const { start, end, message, related } of lint(text, { severities: every })) {
          expect(text.slice(start, end)).not.toBe("");
          expect(message).not.toBe("");
          for (const place of related ?? []) {
            expect(text.slice(place.start, place.end)).not.toBe("");
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("suppression comments", () => {
  it("silence a rule in the statement after them", () => {
    const text =
      "Answer promptly.\n\n<!-- ingrain-disable-next-statement vague-term -->\nPay promptly.\n\nAsk promptly.\n";
    expect(lint(text).map(({ start }) => start)).toEqual([
      text.indexOf("promptly"),
      text.lastIndexOf("promptly"),
    ]);
  });

  it("silence every rule when they name none, and only the named ones otherwise", () => {
    const two = "Every refund must be approved promptly.\n";
    const rulesAfter = (comment: string) => lint(`${comment}\n\n${two}`).map(({ rule }) => rule);
    expect(rulesAfter("")).toEqual(["missing-actor", "vague-term"]);
    expect(rulesAfter("<!-- ingrain-disable-next-statement -->")).toEqual([]);
    expect(rulesAfter("<!-- ingrain-disable-next-statement missing-actor -->")).toEqual([
      "vague-term",
    ]);
    expect(rulesAfter("<!-- ingrain-disable vague-term, missing-actor -->")).toEqual([]);
  });

  it("hold for the whole file, wherever they stand", () => {
    const text = `${desk}\n<!-- ingrain-disable vague-term broken-reference -->\n`;
    expect(lint(text).map(({ rule }) => rule)).toEqual(["missing-actor", "undefined-term"]);
  });
});

describe("readSeverities", () => {
  it("reads what makes sense and names what does not", () => {
    expect(
      readSeverities({ "vague-term": "off", "vage-term": "off", contradiction: "loud" }),
    ).toEqual({
      severities: { "vague-term": "off" },
      mistakes: [
        "There is no rule “vage-term”.",
        `“contradiction” must be one of ${severities.join(", ")}.`,
      ],
    });
    expect(readSeverities(undefined)).toEqual({ severities: {}, mistakes: [] });
    expect(readSeverities("off").mistakes).toHaveLength(1);
  });
});

describe("the pages in media/lint.md", () => {
  it("are one for each rule, and no other", async () => {
    const pages = await readFile(new URL("../../../../media/lint.md", import.meta.url), "utf8");
    const lines = headingLines(pages);
    expect([...lines.keys()]).toEqual(ruleIds);
    for (const [rule, line] of lines) expect(pages.split("\n")[line - 1]).toBe(`## \`${rule}\``);
  });

  it("say which rules are off by default", async () => {
    const pages = await readFile(new URL("../../../../media/lint.md", import.meta.url), "utf8");
    for (const page of pages.split("\n## ").slice(1)) {
      const rule = ruleIds.find((id) => page.startsWith(`\`${id}\``))!;
      expect(page.includes("**Off by default**")).toBe(rules[rule].severity === "off");
    }
  });
});
