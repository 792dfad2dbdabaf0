import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellCommand } from "../../../src/cli/shell.ts";

test.each([
  [["ingrain", "parse", "docs/desk.md"], "ingrain parse docs/desk.md"],
  [["parse", "my desk.md"], "parse 'my desk.md'"],
  [["parse", "it's.md"], `parse 'it'\\''s.md'`],
  [["parse", ""], "parse ''"],
])("arguments are quoted where they must be: %j", (args, command) => {
  expect(shellCommand(args)).toBe(command);
});

test.runIf(process.platform !== "win32")("a shell reads the same arguments back", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 8 }).filter((word) => !word.includes("\0"));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (args) => {
      const script = `for a in ${shellCommand(args)}; do printf '%s\\0' "$a"; done`;
      const read = execFileSync("sh", ["-c", script], { encoding: "utf8" });
      expect(read.split("\0").slice(0, -1)).toEqual(args);
    }),
    { numRuns: 30 },
  );
});
