import { stringify } from "yaml";
import { InputError } from "../../policy/errors.ts";
import type { Dataset, SftRow } from "../dataset.ts";
import { toJsonl } from "../jsonl.ts";
import type { ReviewEffect } from "../reviews.ts";
import { type CardConfig, datasetCard } from "./card.ts";
import { type Column, parquetOf } from "./parquet.ts";

/** What other tools train on. */
export const exportFormats = ["parquet", "llama-factory", "axolotl"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The files of an exported dataset, by name. */
export type ExportFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * A dataset in the format of another tool, with a card that tells what it is.
 * @param dataset as its reviewers want it.
 * @param effect what they did to it, for the card.
 * @throws InputError when the format has no place for what the rows hold.
 */
export function exportFiles(
  dataset: Dataset,
  effect: ReviewEffect,
  format: ExportFormat,
): ExportFiles {
  if (format !== "axolotl" && dataset.sft.some(callsTools)) {
    throw new InputError(
      `trajectories that call tools cannot be written for ${format}`,
      "The dataset's own sft.jsonl has them as TRL reads them",
    );
  }
  const card = (configs: readonly CardConfig[] = []) => ({
    "README.md": datasetCard(dataset, effect, configs),
  });
  switch (format) {
    case "parquet":
      return { ...parquetFiles(dataset), ...card(parquetConfigs) };
    case "llama-factory":
      return { ...llamaFactoryFiles(dataset), ...card() };
    case "axolotl":
      return { ...axolotlFiles(dataset), ...card() };
  }
}

const callsTools = ({ completion }: SftRow) => completion.some(({ tool_calls }) => tool_calls);

const shared: readonly Column[] = [
  { name: "id", kind: "string" },
  { name: "kind", kind: "string" },
  { name: "statements", kind: "strings" },
  { name: "teacher", kind: "string" },
];

const columns: Readonly<Record<"cpt" | "sft" | "exam", readonly Column[]>> = {
  cpt: [...shared, { name: "text", kind: "string" }],
  sft: [...shared, { name: "prompt", kind: "messages" }, { name: "completion", kind: "messages" }],
  exam: [
    ...shared,
    { name: "tier", kind: "string" },
    { name: "prompt", kind: "messages" },
    { name: "choices", kind: "strings", nullable: true },
    { name: "answer", kind: "integer", nullable: true },
    { name: "expected", kind: "string", nullable: true },
  ],
};

const parquetConfigs: readonly CardConfig[] = [
  { config_name: "cpt", data_files: [{ split: "train", path: "cpt.parquet" }] },
  { config_name: "sft", data_files: [{ split: "train", path: "sft.parquet" }] },
  { config_name: "exam", data_files: [{ split: "test", path: "exam.parquet" }] },
];

function parquetFiles(dataset: Dataset): ExportFiles {
  const named = <Row extends object>(rows: readonly Row[]) =>
    rows.map((row) => ({ teacher: "none", ...row }));
  return {
    "cpt.parquet": parquetOf(columns.cpt, named(dataset.cpt)),
    "sft.parquet": parquetOf(columns.sft, named(dataset.sft)),
    "exam.parquet": parquetOf(columns.exam, named(dataset.exam)),
  };
}

/** One conversation a row, in OpenAI's form, which both tools read. */
function conversations(sft: readonly SftRow[]) {
  return sft.map(({ id, prompt, completion }) => ({ id, messages: [...prompt, ...completion] }));
}

const texts = ({ cpt }: Dataset) => cpt.map(({ id, text }) => ({ id, text }));

/**
 * For LLaMA-Factory (https://github.com/hiyouga/LLaMA-Factory, data/README.md): `dataset_dir` is the
 * folder, `dataset` one of the two names.
 */
function llamaFactoryFiles(dataset: Dataset): ExportFiles {
  const { identifier } = dataset.manifest;
  const info = {
    [`${identifier}-cpt`]: { file_name: "cpt.jsonl", columns: { prompt: "text" } },
    [`${identifier}-sft`]: {
      file_name: "sft.jsonl",
      formatting: "sharegpt",
      columns: { messages: "messages" },
      tags: {
        role_tag: "role",
        content_tag: "content",
        user_tag: "user",
        assistant_tag: "assistant",
        system_tag: "system",
      },
    },
  };
  return {
    "cpt.jsonl": toJsonl(texts(dataset)),
    "sft.jsonl": toJsonl(conversations(dataset.sft)),
    "dataset_info.json": `${JSON.stringify(info, null, 2)}\n`,
  };
}

/** For Axolotl (https://docs.axolotl.ai/docs/dataset-formats/): a snippet for each stage's config. */
function axolotlFiles(dataset: Dataset): ExportFiles {
  const cpt = {
    datasets: [{ path: "cpt.jsonl", ds_type: "json", type: "completion", field: "text" }],
  };
  const sft = {
    datasets: [
      {
        path: "sft.jsonl",
        ds_type: "json",
        type: "chat_template",
        field_messages: "messages",
        message_property_mappings: { role: "role", content: "content" },
        roles_to_train: ["assistant"],
      },
    ],
  };
  const note = (stage: string) =>
    `# Goes into the config of ${stage}, beside base_model; paths are relative to where axolotl runs.\n`;
  return {
    "cpt.jsonl": toJsonl(texts(dataset)),
    "sft.jsonl": toJsonl(conversations(dataset.sft)),
    "axolotl-cpt.yaml": note("continued pretraining") + stringify(cpt),
    "axolotl-sft.yaml": note("fine-tuning") + stringify(sft),
  };
}
