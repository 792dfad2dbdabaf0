import { describe, expect, it } from "vitest";
import { outlineOf, sectionsIn } from "../../../src/editor/sections.ts";
import { TokenEstimator, tokenStatus } from "../../../src/editor/token-words.ts";
import { countTokens } from "../../../src/policy/tokens.ts";

const source = "Intro.\n\n# One\n\nText here.\n\n## Inner\n\nMore.\n\n# Two\n\nEnd.\n";

describe("TokenEstimator", () => {
  it("counts the document as the reading does, and every section with what is below it", () => {
    const estimator = new TokenEstimator();
    for (const text of [source, source.replace("More.", "Much more of it."), source]) {
      const outline = outlineOf(text, []);
      const { total, sections } = estimator.estimate(text, outline);
      expect(total).toBe(countTokens(text));
      for (const { id, heading, end } of sectionsIn(outline)) {
        expect(sections.get(id)).toBe(countTokens(text.slice(heading.start, end)));
      }
      expect(sections.size).toBe(3);
    }
  });
});

describe("tokenStatus", () => {
  const counts = { total: 1390, sections: new Map<string, number>() };

  it("says that an estimate is one", () => {
    const { text, tooltip, label } = tokenStatus({ ...counts, counter: { kind: "estimate" } });
    expect(text).toBe("~1,390 tokens");
    expect(tooltip).toContain("about 1,390 tokens, estimated from words and marks");
    expect(label).toContain("about 1,390 tokens, estimated");
  });

  it("names what counted exactly, and draws no icon from its name", () => {
    const counter = { kind: "exact", name: "me/$(bug)", path: "/models/x/tokenizer.json" } as const;
    const { text, tooltip } = tokenStatus({ ...counts, counter });
    expect(text).toBe("1,390 tokens (me/(bug))");
    expect(tooltip).toContain("counted exactly with /models/x/tokenizer.json");
  });

  it("says why the chosen tokenizer did not count", () => {
    const counter = { kind: "estimate", problem: "there is no file x.json" } as const;
    const { text, tooltip, label } = tokenStatus({ ...counts, counter });
    expect(text).toBe("$(warning) ~1,390 tokens");
    expect(tooltip).toContain("The tokenizer was not used: there is no file x.json.");
    expect(label).toContain("there is no file x.json");
  });
});
