import { tiers } from "../synthesis/dataset.ts";
import { categories } from "../policy/statement.ts";
import {
  arms,
  type Arm,
  type ArmName,
  type Probes,
  type Report,
  type Score,
  type Stage,
} from "./report.ts";

const names: Readonly<Record<ArmName, string>> = {
  base: "untrained",
  "policy-in-prompt": "policy in prompt",
  retrieval: "retrieval",
  "sft-only": "SFT only",
  internalized: "internalized",
};

/** The report as plain text for a terminal, at most 80 columns wide. */
export function renderReport(report: Report): string {
  const run = arms.flatMap((name) => {
    const arm = report.arms[name];
    return arm ? [{ name, arm }] : [];
  });
  const row = (label: string, cell: (arm: Arm) => Score | undefined) =>
    `  ${label.padEnd(22)}${run.map(({ arm }) => percent(cell(arm)).padStart(18)).join("")}`;
  const heading = `  ${"".padEnd(22)}${run.map(({ name }) => names[name].padStart(18)).join("")}`;
  const { promptTokens } = report;
  return [
    `${report.policy.title}: what the model has learned`,
    "",
    heading,
    row("overall", (arm) => arm),
    ...tiers.map((tier) => row(`  ${tier}`, (arm) => arm.byTier[tier])),
    ...categories.map((category) => row(`  ${category}`, (arm) => arm.byCategory[category])),
    row("  choices", (arm) => arm.byForm["choice"]),
    row("  written answers", (arm) => arm.byForm["generated"]),
    row("null prompt", (arm) => arm.nullPrompt),
    ...renderProbes(
      report,
      run.map(({ name }) => name),
    ),
    "",
    "  Overall counts the tiers reworded and scenario: questions in words that no",
    "  training row used. The null prompt is the score with no question; chance is",
    "  25 %.",
    "",
    `  Prompt   ${Math.round(promptTokens.withPolicy)} → ${Math.round(promptTokens.withoutPolicy)} tokens a question ` +
      `(−${(promptTokens.reduction * 100).toFixed(1)} %), estimated by ${promptTokens.tokenizer.replaceAll("-", " ")};`,
    `           the policy's ${promptTokens.policy} tokens became ${promptTokens.identifier}.`,
    "",
    ...report.stages.map(stageLine),
    `  ${"the whole run".padEnd(22)} ${report.wallSeconds.toFixed(0)} s`,
    ...weakest(report),
    "",
  ].join("\n");
}

/** The evaluations beside the exam, in the arms that were asked them. */
function renderProbes({ probes }: Report, run: readonly ArmName[]): string[] {
  if (!probes) return [];
  const row = (label: string, cell: (probe: Probes) => string) =>
    `  ${label.padEnd(22)}${run.map((name) => (probes[name] ? cell(probes[name]) : "–").padStart(18)).join("")}`;
  return [
    "",
    row("newer policy wins", ({ override }) => percent(override)),
    row("knows its rule", ({ referral }) => percent(referral)),
    row("policy back in prompt", ({ restored }) => percent(restored)),
    row("retention, perplexity", ({ retention }) => retention.perplexity.toFixed(1)),
  ];
}

/** The time is by the clock on the wall; the speed is that of the steps alone. */
function stageLine({ name, arm, tokens, wallSeconds, tokensPerSecond }: Stage): string {
  const label = `  ${`${names[arm]}, ${name}`.padEnd(22)}`;
  const time = `${wallSeconds.toFixed(0)} s`;
  if (tokens === 0) return `${label} ${time}`;
  const speed = `${Math.round(tokensPerSecond).toLocaleString("en")} tokens/s`;
  return `${label} ${tokens.toLocaleString("en")} tokens in ${time}, ${speed} in its steps`;
}

function percent(score: Score | undefined): string {
  if (!score || score.n === 0) return "–";
  const [low, high] = score.interval.map((bound) => Math.round(bound * 100));
  return `${Math.round(score.accuracy * 100)} % [${low}–${high}]`;
}

/** The statements that the model answers worst: where a rewording helps most. */
function weakest(report: Report): string[] {
  const arm = report.arms.internalized;
  if (!arm) return [];
  const entries = Object.entries(arm.byStatement)
    .filter(([, { right, n }]) => right < n / 2)
    .sort(([, a], [, b]) => a.right / a.n - b.right / b.n)
    .slice(0, 5);
  if (entries.length === 0) return [];
  return [
    "",
    "  Least learned:",
    ...entries.map(([id, { right, n }]) => `    ${id}  ${right} of ${n}`),
  ];
}
