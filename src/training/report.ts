import type { Report } from "../evaluation/report.ts";
import { countTokens, tokenizer } from "../policy/tokens.ts";
import type { Dataset, ExamItem, Message } from "../synthesis/dataset.ts";
import type { RunSpec } from "./spec.ts";

export interface ReportParts {
  spec: RunSpec;
  dataset: Dataset;
  model: Report["model"];
  arms: Report["arms"];
  stages: Report["stages"];
  wallSeconds: number;
}

/** Puts a finished run's report together. */
export function buildReport({ spec, dataset, ...rest }: ReportParts): Report {
  return {
    version: 1,
    run: spec.id,
    policy: spec.policy,
    dataset: spec.dataset,
    ...rest,
    promptTokens: promptTokens(dataset),
    at: new Date().toISOString(),
  };
}

/**
 * The tokens of a question's prompt: with the identifier, and with the document in its place. Both
 * are counted in the same way as the policy's own (see `countTokens`), so that the comparison holds
 * for a general model and not for a vocabulary that was made for this policy.
 */
export function promptTokens({ manifest, exam }: Dataset): Report["promptTokens"] {
  const policy = manifest.policy.tokens;
  const identifier = countTokens(manifest.identifier);
  const questions = exam.map(({ prompt }: ExamItem) => questionTokens(prompt));
  const question = questions.reduce((sum, n) => sum + n, 0) / Math.max(1, questions.length);
  const withPolicy = policy + question;
  const withoutPolicy = identifier + question;
  return {
    withPolicy,
    withoutPolicy,
    reduction: withPolicy > 0 ? 1 - withoutPolicy / withPolicy : 0,
    policy,
    identifier,
    tokenizer,
  };
}

/** The identifier stands in the system message; what the user asks is the rest. */
function questionTokens(prompt: readonly Message[]): number {
  return prompt
    .filter(({ role }) => role !== "system")
    .reduce((sum, { content }) => sum + countTokens(content), 0);
}
