import { describe, expect, it } from "vitest";
import { readPolicy } from "../../../src/editor/reader.ts";
import { maxPolicyBytes } from "../../../src/policy/decode.ts";
import { InputError } from "../../../src/policy/errors.ts";

const marked = "---\ningrain: policy\n---\n\nThe desk opens at nine.\n";

describe("readPolicy", () => {
  it("reads what its front matter or somebody calls a policy", () => {
    expect(readPolicy(marked, "desk.md", false)?.statements).toHaveLength(1);
    expect(readPolicy("The desk opens at nine.", "desk.md", true)?.statements).toHaveLength(1);
    expect(readPolicy("The desk opens at nine.", "desk.md", false)).toBeUndefined();
  });

  it("keeps the ids of the statements through an edit", () => {
    const before = readPolicy(marked, "desk.md", false);
    const after = readPolicy(marked.replace("nine", "ten"), "desk.md", false, before);
    expect(after?.statements[0]).toMatchObject({
      id: before?.statements[0]?.id,
      text: "The desk opens at ten.",
    });
  });

  it.each([
    ["letters of one byte", "a".repeat(maxPolicyBytes + 1)],
    ["letters of three bytes", "…".repeat(maxPolicyBytes / 3 + 1)],
    ["endless front matter", `---\n${"ingrain: policy\n".repeat(maxPolicyBytes / 16)}---\n`],
  ])("refuses more than 5 MB: %s", (_, text) => {
    for (const named of [true, false]) {
      expect(() => readPolicy(text, "desk.md", named)).toThrow(InputError);
      expect(() => readPolicy(text, "desk.md", named)).toThrow(
        /^desk\.md has 5\.0 MB; a policy may have at most 5 MB\.$/,
      );
    }
  });
});
