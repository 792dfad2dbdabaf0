import type { Report } from "../evaluation/report.ts";
import { countTokens } from "../policy/tokens.ts";
import type { Turn } from "./ask.ts";
import type { ServerName } from "./serving-folder.ts";

/** Tokens of a prompt as it is, and as it would be with the policy in it. */
export interface PromptCost {
  withoutPolicy: number;
  withPolicy: number;
  /** Not counted by the model's own tokenizer. */
  estimated: boolean;
}

/**
 * What a prompt costs. Policy and identifier are counted as in the run's report; of the embedded
 * model the prompt is, too, so that the two can be compared: its own vocabulary was made for this
 * policy.
 * @param promptTokens as the server counted them.
 */
export function promptCost(
  { policy, identifier }: Report["promptTokens"],
  server: ServerName,
  turns: readonly Turn[],
  promptTokens: number | undefined,
): PromptCost {
  const estimated = server === "embedded" || promptTokens === undefined;
  const said = turns.reduce((sum, { content }) => sum + countTokens(content), 0);
  const withoutPolicy = estimated ? identifier + said : promptTokens;
  return { withoutPolicy, withPolicy: withoutPolicy - identifier + policy, estimated };
}
