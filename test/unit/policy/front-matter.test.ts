import { describe, expect, it } from "vitest";
import { isMarkedPolicy, readFrontMatter } from "../../../src/policy/front-matter.ts";

describe("isMarkedPolicy", () => {
  it.each([
    "---\ningrain: policy\n---\n\n# A\n",
    "---\r\ntitle: A\r\ningrain: policy\r\n---\r\n",
    "\uFEFF---\ningrain: policy\n---",
    '---\ningrain: "policy"\n---\n',
  ])("is true for front matter with `ingrain: policy`: %j", (text) => {
    expect(isMarkedPolicy(text)).toBe(true);
  });

  it.each([
    "",
    "# ingrain: policy\n",
    "---\ningrain: notes\n---\n",
    "---\ntitle: a policy\n---\n",
    "---\ningrain: policy\n",
    "text\n---\ningrain: policy\n---\n",
    "---\n: [broken\n---\n",
    "---\njust words\n---\n",
  ])("is false for %j", (text) => {
    expect(isMarkedPolicy(text)).toBe(false);
  });
});

describe("readFrontMatter", () => {
  it("reads the title, also one that YAML takes for a number", () => {
    expect(readFrontMatter("---\ntitle: Parcel desk\n---\n").title).toBe("Parcel desk");
    expect(readFrontMatter("---\ntitle: 2026\n---\n").title).toBe("2026");
  });

  it("has no title where there is none", () => {
    expect(readFrontMatter("---\ntitle:\n---\n").title).toBeUndefined();
    expect(readFrontMatter("# A\n").title).toBeUndefined();
  });
});
