import { describe, expect, it } from "vitest";
import { isPolicy, readPolicy } from "../../../src/editor/reader.ts";
import { maxPolicyBytes } from "../../../src/policy/decode.ts";
import { InputError } from "../../../src/policy/errors.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";

const marked = "---\ningrain: policy\n---\n\nThe desk opens at nine.\n";

/** Texts of more than 5 MB. */
const large: [string, string][] = [
  ["letters of one byte", "a".repeat(maxPolicyBytes + 1)],
  ["letters of three bytes", "…".repeat(maxPolicyBytes / 3 + 1)],
  ["endless front matter", `---\n${"ingrain: policy\n".repeat(maxPolicyBytes / 16)}---\n`],
];
const refusal = /^desk\.md has 5\.0 MB; a policy may have at most 5 MB\.$/;

describe("isPolicy", () => {
  it("is what its front matter or somebody calls a policy", () => {
    expect(isPolicy(marked, "desk.md", false)).toBe(true);
    expect(isPolicy("The desk opens at nine.", "desk.md", true)).toBe(true);
    expect(isPolicy("The desk opens at nine.", "desk.md", false)).toBe(false);
  });

  it.each(large)("refuses more than 5 MB: %s", (_, text) => {
    for (const named of [true, false]) {
      expect(() => isPolicy(text, "desk.md", named)).toThrow(InputError);
      expect(() => isPolicy(text, "desk.md", named)).toThrow(refusal);
    }
  });

  it("takes 5 MB to the byte", () => {
    expect(isPolicy("a".repeat(maxPolicyBytes), "desk.md", true)).toBe(true);
  });
});

describe("readPolicy", () => {
  it("reads as the parser does", async () => {
    const text = `${marked}\nIf it is late, pay.\n`;
    expect(await readPolicy(text, "desk.md", undefined)).toEqual(
      parsePolicy(text, { path: "desk.md" }),
    );
  });

  it.each(large)("refuses more than 5 MB: %s", async (_, text) => {
    await expect(readPolicy(text, "desk.md", undefined)).rejects.toThrow(refusal);
  });
});
