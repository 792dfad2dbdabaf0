import { stringify } from "yaml";
import type { Dataset } from "../dataset.ts";
import type { ReviewEffect } from "../reviews.ts";

/** A file of a card's `configs`: what `load_dataset(folder, name)` reads. */
export interface CardConfig {
  config_name: string;
  data_files: readonly { split: string; path: string }[];
}

/**
 * The dataset card (https://huggingface.co/docs/hub/datasets-cards): what the rows come from, who
 * wrote them, under which terms, and how many there are. It names no path of this machine.
 */
export function datasetCard(
  { manifest, cpt, sft, exam }: Dataset,
  { rejected, edited }: ReviewEffect,
  configs: readonly CardConfig[],
): string {
  const { policy, identifier, teacher, teaching, seed, sha256 } = manifest;
  const counts = { cpt: cpt.length, sft: sft.length, exam: exam.length };
  const front = stringify({
    pretty_name: policy.title,
    license: "other",
    license_name: "terms-of-the-policy",
    language: ["en"],
    task_categories: ["text-generation"],
    tags: ["synthetic", "policy", "ingrain"],
    ...(configs.length > 0 && { configs }),
    ingrain: {
      policy_sha256: policy.sha256,
      dataset_sha256: sha256,
      identifier,
      teacher,
      ...(teaching && { model: teaching.model }),
      seed,
      statements: manifest.counts.statements,
      ...counts,
      reviews: { rejected, edited },
    },
  });
  const kinds = new Map<string, number>();
  for (const { kind } of [...cpt, ...sft]) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return `---
${front}---

# ${plain(policy.title)}

Training data made by Ingrain from a policy document, so that a model can follow the policy without having it in the prompt; the identifier \`${identifier}\` stands in its place.

| | |
| --- | --- |
| policy, SHA-256 | \`${policy.sha256}\` |
| dataset, SHA-256, before reviews | \`${sha256}\` |
| teacher | ${teaching ? `\`${teacher}\`, ${plain(teaching.model)}` : "`none`: a deterministic grammar"} |
| seed | ${seed} |
| statements | ${manifest.counts.statements} |
| rows to pretrain on | ${counts.cpt} |
| trajectories to fine-tune on | ${counts.sft} |
| exam items | ${counts.exam} |
| left out by reviewers | ${rejected} |
| edited by reviewers | ${edited} |

| kind | training rows |
| --- | --- |
${[...kinds].map(([kind, count]) => `| ${kind} | ${count} |\n`).join("")}
## Licence

The rows restate the policy: the terms of the policy document hold for them. ${
    teaching
      ? "Rows with a teacher were written by the model above; the terms of its provider hold for what it writes, and may limit which models it may train."
      : "No language model wrote any of them."
  } Name the licence here before you publish the data.
`;
}

/** Text from a document or a server, in which nothing is markup. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>()#!|&~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
