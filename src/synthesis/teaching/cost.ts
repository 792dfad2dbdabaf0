import type { TeacherUsage } from "../teacher.ts";
import type { AskEstimate } from "./ask.ts";

/** What a model costs, per million tokens, in whatever money the user counts in. */
export interface Prices {
  input: number;
  output: number;
}

/** @returns undefined when the prices are unknown. */
export function costOf(usage: TeacherUsage, prices: Prices | undefined): number | undefined {
  return prices && (usage.prompt * prices.input + usage.completion * prices.output) / 1e6;
}

/** "12,345 tokens to read and 8,012 to write, 0.12 at your prices" */
export function describeUsage(usage: TeacherUsage, prices: Prices | undefined): string {
  const cost = costOf(usage, prices);
  const { prompt, completion } = usage;
  const tokens = `${prompt.toLocaleString("en")} tokens to read and ${completion.toLocaleString("en")} to write`;
  return cost === undefined ? tokens : `${tokens}, ${money(cost)} at your prices`;
}

/** What is going to be asked, in one line without a full stop. */
export function describeEstimate(
  { open, all, questions, usage }: AskEstimate,
  prices: Prices | undefined,
): string {
  if (open === 0) return "everything is answered already: nothing is asked, nothing is paid";
  const kept = all - open;
  const known = kept === 0 ? "" : ` (${kept} of ${all} parts are answered already)`;
  const asked = `${questions.toLocaleString("en")} ${questions === 1 ? "question" : "questions"}`;
  const about = { prompt: rounded(usage.prompt), completion: rounded(usage.completion) };
  return `${asked}${known}, about ${describeUsage(about, prices)}`;
}

/** Two figures: an estimate is no better than that. */
function rounded(tokens: number): number {
  return Number(tokens.toPrecision(2));
}

function money(cost: number): string {
  return cost > 0 && cost < 0.01 ? "less than 0.01" : cost.toFixed(2);
}
