import { describe, expect, it } from "vitest";
import { matchesPolicyGlobs, mayBeMarked } from "../../../src/editor/policy-files.ts";

describe("matchesPolicyGlobs", () => {
  it.each([
    [["policies/**/*.md"], "policies/desk/refunds.md", true],
    [["policies/**/*.md"], "README.md", false],
    [["*.md"], "docs/README.md", false],
    [["**/*.policy.md", "AGENTS.md"], "AGENTS.md", true],
    [[".agents/*.md"], ".agents/desk.md", true],
    [["", "  "], "README.md", false],
    [["["], "README.md", false],
    [[], "README.md", false],
  ])("%j on %s: %s", (globs, path, expected) => {
    expect(matchesPolicyGlobs(globs, path)).toBe(expected);
  });
});

describe("mayBeMarked", () => {
  it("looks only at files with front matter that name Ingrain", () => {
    expect(mayBeMarked("---\ningrain: policy\n---\n")).toBe(true);
    expect(mayBeMarked("\uFEFF---\ningrain: policy\n---\n")).toBe(true);
    expect(mayBeMarked("---\ntitle: notes\n---\n")).toBe(false);
    expect(mayBeMarked("# About ingrain\n\n---\n")).toBe(false);
  });
});
