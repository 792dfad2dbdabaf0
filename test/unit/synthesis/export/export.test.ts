import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Dataset } from "../../../../src/synthesis/dataset.ts";
import { exportFiles, exportFormats } from "../../../../src/synthesis/export/export.ts";
import { smallDataset } from "../../training/fixture.ts";

const dataset = smallDataset();
const untouched = { rejected: 0, edited: 0 };

async function table(content: string | Uint8Array | undefined) {
  if (!(content instanceof Uint8Array)) throw new Error("no table");
  const file = new Uint8Array(content).buffer;
  return await parquetReadObjects({ file });
}

describe("exportFiles", () => {
  it("writes the rows as tables that hold the same", async () => {
    const files = exportFiles(dataset, untouched, "parquet");
    const sft = await table(files["sft.parquet"]);
    expect(sft).toEqual(
      dataset.sft.map(({ id, kind, statements, prompt, completion }) => ({
        ...{ id, kind, statements, prompt, completion, teacher: "none" },
      })),
    );
    const exam = await table(files["exam.parquet"]);
    expect(exam).toHaveLength(dataset.exam.length);
    for (const [index, item] of dataset.exam.entries()) {
      const { choices, answer, expected } = exam[index]!;
      if ("choices" in item) {
        expect([choices, answer, expected]).toEqual([item.choices, item.answer, null]);
      } else expect([choices ?? null, answer, expected]).toEqual([null, null, item.expected]);
    }
  });

  describe("with tools", () => {
    const tool = {
      name: "refund",
      description: "Pays back",
      parameters: { type: "object", properties: { sum: { type: "number" } }, required: ["sum"] },
    };
    const call = { type: "function", function: { name: "refund", arguments: { sum: 5 } } } as const;
    const [row, other] = dataset.sft;
    const tools = JSON.stringify([{ type: "function", function: tool }]);
    const content = "Reasoning: by s-1";
    const calling: Dataset = {
      ...dataset,
      sft: [
        { ...row!, tools, completion: [{ role: "assistant", content, tool_calls: [call] }] },
        { ...other!, tools },
      ],
    };
    const rowsOf = (format: "llama-factory" | "axolotl") =>
      String(exportFiles(calling, untouched, format)["sft.jsonl"])
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { messages: object[]; tools: unknown });

    it("has calls and tools in the tables, the arguments as JSON text", async () => {
      const sft = await table(exportFiles(calling, untouched, "parquet")["sft.parquet"]);
      const called = { type: "function", function: { name: "refund", arguments: '{"sum":5}' } };
      expect(sft[0]).toMatchObject({
        tools,
        completion: [{ role: "assistant", content, tool_calls: [called] }],
      });
      expect(sft[1]!["completion"]).toMatchObject(other!.completion);
    });

    it("has function calls and a list of functions for LLaMA-Factory", () => {
      const [first, second] = rowsOf("llama-factory");
      expect(first!.messages.at(-1)).toEqual({
        role: "function_call",
        content: `<think>\n${content}\n</think>\n\n{"name":"refund","arguments":{"sum":5}}`,
      });
      expect(JSON.parse(first!.tools as string)).toEqual([tool]);
      expect(second!.messages.at(-1)).toEqual(other!.completion.at(-1));
      const info = exportFiles(calling, untouched, "llama-factory")["dataset_info.json"] as string;
      const [, entry] = Object.values(JSON.parse(info) as Record<string, object>);
      expect(entry).toMatchObject({
        columns: { tools: "tools" },
        tags: { function_tag: "function_call", observation_tag: "observation" },
      });
    });

    it("has calls and tools for Axolotl, arguments and parameters as JSON text", () => {
      const [first] = rowsOf("axolotl");
      const called = { type: "function", function: { name: "refund", arguments: '{"sum":5}' } };
      expect(first!.messages.at(-1)).toEqual({ role: "assistant", content, tool_calls: [called] });
      const parameters = JSON.stringify(tool.parameters);
      expect(first!.tools).toEqual([{ type: "function", function: { ...tool, parameters } }]);
      const yaml = exportFiles(calling, untouched, "axolotl")["axolotl-sft.yaml"] as string;
      expect(parse(yaml)).toMatchObject({
        datasets: [
          { field_tools: "tools", message_property_mappings: { tool_calls: "tool_calls" } },
        ],
      });
    });
  });

  it("keeps the types of columns where there is no row at all", async () => {
    const none: Dataset = { ...dataset, cpt: [], sft: [], exam: [] };
    const files = exportFiles(none, untouched, "parquet");
    expect(await table(files["sft.parquet"])).toEqual([]);
  });

  it.each(exportFormats)(
    "has a card in %s that tells hash, teacher, licence and counts",
    (format) => {
      const title = 'Policy: "x" --- \n<script>alert(1)</script> [a](b)';
      const { manifest } = dataset;
      const strange: Dataset = {
        ...dataset,
        manifest: {
          ...manifest,
          policy: { ...manifest.policy, title },
          teacher: "openai",
          teaching: { model: "host/<b>|x", rows: 1, refused: {}, unanswered: [] },
        },
      };
      const card = exportFiles(strange, { rejected: 3, edited: 2 }, format)["README.md"];
      if (typeof card !== "string") throw new Error("no card");
      const [, front, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(card)!;
      expect(parse(front!)).toMatchObject({
        pretty_name: title,
        license: "other",
        ingrain: {
          policy_sha256: manifest.policy.sha256,
          dataset_sha256: manifest.sha256,
          teacher: "openai",
          model: "host/<b>|x",
          cpt: dataset.cpt.length,
          sft: dataset.sft.length,
          exam: dataset.exam.length,
          reviews: { rejected: 3, edited: 2 },
        },
      });
      expect(body).not.toMatch(/<script|<b>|\]\(b\)/);
      expect(body).toContain("the terms of its provider hold");
      expect(card).not.toContain("key-desk.md");
    },
  );
});
