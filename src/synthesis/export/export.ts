import { stringify } from "yaml";
import type { Dataset, Message, SftRow } from "../dataset.ts";
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
 */
export function exportFiles(
  dataset: Dataset,
  effect: ReviewEffect,
  format: ExportFormat,
): ExportFiles {
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

const hasTools = ({ sft }: Dataset) => sft.some(({ tools }) => tools !== undefined);

const shared: readonly Column[] = [
  { name: "id", kind: "string" },
  { name: "kind", kind: "string" },
  { name: "statements", kind: "strings" },
  { name: "teacher", kind: "string" },
];

const columns: Readonly<Record<"cpt" | "sft" | "sftWithTools" | "exam", readonly Column[]>> = {
  cpt: [...shared, { name: "text", kind: "string" }],
  sft: [...shared, { name: "prompt", kind: "messages" }, { name: "completion", kind: "messages" }],
  sftWithTools: [
    ...shared,
    { name: "prompt", kind: "messages" },
    { name: "completion", kind: "calls" },
    { name: "tools", kind: "string", nullable: true },
  ],
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
    "sft.parquet": parquetOf(
      hasTools(dataset) ? columns.sftWithTools : columns.sft,
      named(dataset.sft),
    ),
    "exam.parquet": parquetOf(columns.exam, named(dataset.exam)),
  };
}

const texts = ({ cpt }: Dataset) => cpt.map(({ id, text }) => ({ id, text }));

interface FunctionSchema {
  type: "function";
  function: { name: string; description?: string; parameters: object };
}

/** The tools of a row, out of the JSON text that TRL takes. */
function toolsOf({ tools }: SftRow): FunctionSchema[] {
  return tools === undefined ? [] : (JSON.parse(tools) as FunctionSchema[]);
}

/**
 * For LLaMA-Factory (https://github.com/hiyouga/LLaMA-Factory, data/README.md): `dataset_dir` is the
 * folder, `dataset` one of the two names. What the assistant thinks before a call stands between the
 * thought words of the tool's templates.
 */
function llamaFactoryFiles(dataset: Dataset): ExportFiles {
  const { identifier } = dataset.manifest;
  const withTools = hasTools(dataset);
  const info = {
    [`${identifier}-cpt`]: { file_name: "cpt.jsonl", columns: { prompt: "text" } },
    [`${identifier}-sft`]: {
      file_name: "sft.jsonl",
      formatting: "sharegpt",
      columns: { messages: "messages", ...(withTools && { tools: "tools" }) },
      tags: {
        role_tag: "role",
        content_tag: "content",
        user_tag: "user",
        assistant_tag: "assistant",
        system_tag: "system",
        ...(withTools && { function_tag: "function_call", observation_tag: "observation" }),
      },
    },
  };
  const sft = dataset.sft.map((row) => ({
    id: row.id,
    messages: [...row.prompt, ...row.completion].map(llamaFactoryMessage),
    ...(withTools && { tools: JSON.stringify(toolsOf(row).map((tool) => tool.function)) }),
  }));
  return {
    "cpt.jsonl": toJsonl(texts(dataset)),
    "sft.jsonl": toJsonl(sft),
    "dataset_info.json": `${JSON.stringify(info, null, 2)}\n`,
  };
}

function llamaFactoryMessage({ role, content, tool_calls }: Message) {
  if (!tool_calls) return { role, content };
  const calls = tool_calls.map(({ function: { name, arguments: given } }) => ({
    name,
    arguments: given,
  }));
  const called = JSON.stringify(calls.length === 1 ? calls[0] : calls);
  const thought = content === "" ? "" : `<think>\n${content}\n</think>\n\n`;
  return { role: "function_call", content: `${thought}${called}` };
}

/**
 * For Axolotl (https://docs.axolotl.ai/docs/dataset-formats/): a snippet for each stage's config.
 * Arguments and parameters are JSON text, so that Arrow does not merge those of different tools.
 */
function axolotlFiles(dataset: Dataset): ExportFiles {
  const withTools = hasTools(dataset);
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
        ...(withTools && { field_tools: "tools" }),
        message_property_mappings: {
          role: "role",
          content: "content",
          ...(withTools && { tool_calls: "tool_calls" }),
        },
        roles_to_train: ["assistant"],
      },
    ],
  };
  const rows = dataset.sft.map((row) => ({
    id: row.id,
    messages: [...row.prompt, ...row.completion].map(axolotlMessage),
    ...(withTools && {
      tools: toolsOf(row).map(({ type, function: { parameters, ...named } }) => ({
        type,
        function: { ...named, parameters: JSON.stringify(parameters) },
      })),
    }),
  }));
  const note = (stage: string) =>
    `# Goes into the config of ${stage}, beside base_model; paths are relative to where axolotl runs.\n`;
  return {
    "cpt.jsonl": toJsonl(texts(dataset)),
    "sft.jsonl": toJsonl(rows),
    "axolotl-cpt.yaml": note("continued pretraining") + stringify(cpt),
    "axolotl-sft.yaml": note("fine-tuning") + stringify(sft),
  };
}

function axolotlMessage({ role, content, tool_calls }: Message) {
  if (!tool_calls) return { role, content };
  const calls = tool_calls.map(({ type, function: { name, arguments: given } }) => ({
    type,
    function: { name, arguments: JSON.stringify(given) },
  }));
  return { role, content, tool_calls: calls };
}
