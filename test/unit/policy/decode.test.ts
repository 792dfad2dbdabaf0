import { describe, expect, it } from "vitest";
import { decodePolicy, maxPolicyBytes, requireStatements } from "../../../src/policy/decode.ts";
import { InputError } from "../../../src/policy/errors.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("decodePolicy", () => {
  it("reads UTF-8", () => {
    expect(decodePolicy(new TextEncoder().encode("# Größe 📦"), "a.md")).toBe("# Größe 📦");
  });

  it("drops a byte order mark, so that offsets are those of the document an editor shows", () => {
    const text = decodePolicy(bytes(0xef, 0xbb, 0xbf, 0x23, 0x20, 0x41), "a.md");
    expect(text).toBe("# A");
  });

  it.each([
    ["NUL bytes", bytes(0x41, 0, 0x42)],
    ["invalid UTF-8", bytes(0x41, 0xff, 0xfe, 0x42)],
    ["a cut multi-byte character", bytes(0xe2, 0x82)],
  ])("refuses %s in one line that names the file", (_, input) => {
    const read = (): string => decodePolicy(input, "data/logo.md");
    expect(read).toThrow(InputError);
    expect(read).toThrow(/^data\/logo\.md is not a text file: [^\n]+$/);
  });

  it("refuses more than 5 MB and takes exactly 5 MB", () => {
    const limit = new Uint8Array(maxPolicyBytes).fill(0x61);
    expect(decodePolicy(limit, "a.md")).toHaveLength(maxPolicyBytes);
    const over = new Uint8Array(maxPolicyBytes + 1).fill(0x61);
    expect(() => decodePolicy(over, "a.md")).toThrow(
      "a.md has 5.0 MB; a policy may have at most 5 MB.",
    );
  });
});

describe("requireStatements", () => {
  const parse =
    (text: string): (() => unknown) =>
    () =>
      requireStatements(parsePolicy(text, { path: "a.md" }));

  it("passes a policy that says something on", () => {
    expect(parse("Parcels are brown.")).not.toThrow();
  });

  it("names an empty policy", () => {
    expect(parse("")).toThrow("a.md is empty.");
    expect(parse(" \n\t\n")).toThrow("a.md is empty.");
  });

  it.each([
    "# Title\n",
    "---\ntitle: A\n---\n",
    "```\nThe parcel is late.\n```\n",
    "Parcels",
    "![a](b.png)",
  ])("names a policy without statements: %j", (text) => {
    expect(parse(text)).toThrow(InputError);
    expect(parse(text)).toThrow("a.md has no statements: no sentence was found in it.");
  });
});
