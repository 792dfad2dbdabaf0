import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { InputError } from "../../../../src/policy/errors.ts";
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

  it("loses no call of a tool: a format without a place for it is refused", () => {
    const call = { type: "function", function: { name: "refund", arguments: {} } } as const;
    const [row] = dataset.sft;
    const calling: Dataset = {
      ...dataset,
      sft: [{ ...row!, completion: [{ role: "assistant", content: "", tool_calls: [call] }] }],
    };
    expect(() => exportFiles(calling, untouched, "parquet")).toThrow(InputError);
    expect(() => exportFiles(calling, untouched, "llama-factory")).toThrow("llama-factory");
    expect(exportFiles(calling, untouched, "axolotl")["sft.jsonl"]).toContain("tool_calls");
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
