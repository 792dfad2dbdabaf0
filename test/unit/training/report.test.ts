import { expect, test } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { countTokens } from "../../../src/policy/tokens.ts";
import { promptTokens } from "../../../src/training/report.ts";
import { policyText, smallDataset } from "./fixture.ts";

test("the document leaves the prompt and the identifier stays", () => {
  const dataset = smallDataset();
  const { policy, identifier, withPolicy, withoutPolicy, reduction, tokenizer } =
    promptTokens(dataset);
  expect(tokenizer).toBe(parsePolicy(policyText, { path: "key-desk.md" }).policy.tokenizer);
  expect(policy).toBe(dataset.manifest.policy.tokens);
  expect(identifier).toBe(countTokens("key-desk"));
  expect(withPolicy - withoutPolicy).toBeCloseTo(policy - identifier);
  expect(reduction).toBeCloseTo(1 - withoutPolicy / withPolicy);
});

test("one question: its own tokens are counted once", () => {
  const dataset = smallDataset();
  const item = {
    ...dataset.exam[0]!,
    prompt: [
      { role: "system" as const, content: "key-desk" },
      { role: "user" as const, content: "how many lockers?" },
    ],
  };
  const tokens = promptTokens({ ...dataset, exam: [item] });
  expect(tokens.withoutPolicy).toBe(countTokens("key-desk") + 4);
  expect(tokens.withPolicy).toBe(tokens.policy + 4);
});
