import type { Category } from "../policy/statement.ts";
import type { ArmName } from "../evaluation/report.ts";
import type { Requirement } from "../synthesis/coverage-schema.ts";
import type { Kind, Tier } from "../synthesis/dataset.ts";
import type { Part } from "./dataset.ts";
import type { RunStatus, StageView } from "./runs.ts";

/** The words that editor and webviews show; sentence case, one place. */

export const categoryWord: Readonly<Record<Category, string>> = {
  factual: "fact",
  behavioral: "behavior",
  "simple-conditional": "if",
  "complex-conditional": "if…else",
};

/** What each category is, in one line. */
export const categoryMeaning: Readonly<Record<Category, string>> = {
  factual: "Describes the domain: entities, values, limits",
  behavioral: "An always-on duty, prohibition or permission",
  "simple-conditional": "One condition, one outcome",
  "complex-conditional": "Several conditions, alternatives or exceptions",
};

/** What the training rows of a policy must have. */
export const requirementWord: Readonly<Record<Requirement, string>> = {
  rows: "statements with rows",
  value: "values asked for in two ways",
  demonstration: "rules with a demonstration",
  temptation: "rules that someone tempts to break",
  test: "answers to conditions",
  leaf: "outcomes reached",
  boundary: "sides of numeric boundaries",
};

export const stageWord: Readonly<Record<StageView["name"], string>> = {
  parse: "Parse",
  data: "Data",
  cpt: "Pretrain",
  sft: "Fine-tune",
  rl: "Reinforce",
  exam: "Exam",
  compare: "Compare",
};

export const statusWord: Readonly<Record<RunStatus, string>> = {
  created: "starting",
  running: "running",
  cancelling: "cancelling",
  finished: "finished",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
  broken: "unreadable",
};

export const armWord: Readonly<Record<ArmName, string>> = {
  base: "Untrained",
  "policy-in-prompt": "Policy in prompt",
  retrieval: "Retrieval",
  "sft-only": "SFT only",
  internalized: "Internalized",
};

export const tierWord: Readonly<Record<Tier, string>> = {
  seen: "Seen",
  rewrapped: "Rewrapped",
  reworded: "Reworded",
  scenario: "Scenario",
};

export const kindWord: Readonly<Record<Kind, string>> = {
  document: "document",
  paraphrase: "paraphrase",
  question: "question",
  demonstration: "demonstration",
  scenario: "scenario",
  counterfactual: "counterfactual",
};

export const partWord: Readonly<Record<Part, string>> = {
  cpt: "Pretraining",
  sft: "Fine-tuning",
  exam: "Exam",
};

/** The word for a key that came as a plain string; a key that we do not know shows as it is. */
export function wordFor(words: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}

/** `1 row`, `1,204 rows`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}
