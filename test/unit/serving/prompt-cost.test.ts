import { expect, it } from "vitest";
import { promptCost } from "../../../src/serving/prompt-cost.ts";

const counted = {
  withPolicy: 0,
  withoutPolicy: 0,
  reduction: 0,
  policy: 1400,
  identifier: 3,
  tokenizer: "t",
};
const turns = [
  { role: "user", content: "What does a key cost?" },
  { role: "assistant", content: "6 euros." },
  { role: "user", content: "And two?" },
] as const;

it("estimates the embedded model's prompt as the policy's tokens are", () => {
  expect(promptCost(counted, "embedded", turns, 99)).toEqual({
    withoutPolicy: 3 + 6 + 3 + 3,
    withPolicy: 1400 + 6 + 3 + 3,
    estimated: true,
  });
});

it("takes the server's count of a real model's prompt", () => {
  expect(promptCost(counted, "vllm", turns, 50)).toEqual({
    withoutPolicy: 50,
    withPolicy: 1447,
    estimated: false,
  });
  expect(promptCost(counted, "transformers", turns, undefined).estimated).toBe(true);
});
