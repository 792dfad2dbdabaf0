import { describe, expect, it } from "vitest";
import { renderNoTree, renderTree } from "../../../src/editor/tree-page.ts";
import { pictureOf } from "../../../src/editor/tree-picture.ts";
import type { Decision, DecisionNode } from "../../../src/policy/statement.ts";

const outcome: DecisionNode = { kind: "outcome", start: 0, end: 1, text: "pay <b>5</b>" };

/** A tree of tests, each with an answer of its own, that go on to the right or down. */
function chain(tests: number, side: "yes" | "no"): Decision {
  let tree: DecisionNode = outcome;
  for (let condition = tests - 1; condition >= 0; condition--) {
    const answer: DecisionNode = { kind: "outcome", start: 0, end: 1, text: `answer ${condition}` };
    tree =
      side === "yes"
        ? { kind: "test", condition, yes: tree, no: answer }
        : { kind: "test", condition, yes: answer, no: tree };
  }
  const conditions = Array.from({ length: tests }, (_, i) => ({
    start: i,
    end: i + 1,
    text: `it is "${i}"`,
  }));
  return { depth: tests, conditions, tree };
}

describe("pictureOf", () => {
  it("gives the address of an SVG image in the colours of the theme", () => {
    const pictures = [1, 2, 3, 4].map((theme) => pictureOf(chain(2, "no"), theme)!);
    expect(new Set(pictures).size).toBe(4);
    for (const picture of pictures) {
      expect(picture).toMatch(/^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/);
      const svg = Buffer.from(picture.split(",")[1]!, "base64").toString();
      expect(svg).toContain("pay &lt;b&gt;5&lt;/b&gt;");
    }
  });

  it("gives none that is too wide or too long for a hover", () => {
    expect(pictureOf(chain(2, "yes"), 2)).toBeDefined();
    expect(pictureOf(chain(4, "yes"), 2)).toBeUndefined();
    expect(pictureOf(chain(8, "no"), 2)).toBeDefined();
    expect(pictureOf(chain(60, "no"), 2)).toBeUndefined();
  });
});

describe("the page of a tree", () => {
  it("runs no script and writes the policy's words as words", () => {
    const html = renderTree(
      { text: "If <img src=x onerror=y> & so on", decision: chain(1, "no") },
      "https://source.example",
    );
    expect(html).not.toMatch(/<script|<img|script-src|style=/);
    expect(html).toContain("&lt;img src=x onerror=y> &amp; so on");
    expect(html).toMatch(/default-src 'none'/);
    expect(html).toContain("<svg ");
    expect(html).toContain("var(--vscode-editor-foreground)");
  });

  it("says when there is no tree any more", () => {
    expect(renderNoTree("https://source.example")).toContain("states no condition");
  });
});
