import { expect, test } from "vitest";
import { factsOf } from "../../../../src/workspace/inspector/row-facts.ts";

const wordsOf = (order: string) => {
  const call = { type: "function", function: { name: "cancel_order", arguments: { order } } };
  const row = {
    id: "t-1",
    kind: "scenario",
    statements: ["s-1"],
    prompt: [{ role: "user", content: "Yes." }],
    completion: [{ role: "assistant", content: "Reasoning: by s-1", tool_calls: [call] }],
  };
  const bytes = Buffer.from(JSON.stringify(row));
  return factsOf("sft", { bytes, length: bytes.length, number: 1, offset: 0, ended: true }).words;
};

test("rows that call otherwise are no duplicates", () => {
  expect(wordsOf("7")).toContain("cancel order");
  expect(wordsOf("7")).not.toBe(wordsOf("8"));
});
