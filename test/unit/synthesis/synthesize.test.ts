import { readFileSync, existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import type { DecisionNode } from "../../../src/policy/statement.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { CptRow, DatasetManifest, ExamItem, SftRow } from "../../../src/synthesis/dataset.ts";
import { parseRows, serializeDataset } from "../../../src/synthesis/jsonl.ts";
import { normalizeAnswer } from "../../../src/synthesis/normalize.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const sample = parsePolicy(read("media/sample/parcel-desk.md"), { path: "parcel-desk.md" });
const retailPath = "../shared/policies/tau-retail.md";
const hasRetail = existsSync(new URL(retailPath, root));
if (!hasRetail) console.log("skipped: the dataset of tau-retail, whose policy is not here");

const policies = [
  { name: "the sample", policy: sample },
  ...(hasRetail
    ? [{ name: "tau-retail", policy: parsePolicy(read(retailPath), { path: "tau-retail.md" }) }]
    : []),
];

describe.each(policies)("the dataset of $name", ({ policy }) => {
  const dataset = synthesize(policy, { seed: 7, command: "test" });
  const ids = new Set(policy.statements.map(({ id }) => id));

  it("gives the same bytes for the same seed, and others for another", () => {
    const again = synthesize(policy, { seed: 7, command: "test" });
    expect(serializeDataset(again)).toEqual(serializeDataset(dataset));
    const other = synthesize(policy, { seed: 8, command: "test" });
    expect(other.manifest.sha256).not.toBe(dataset.manifest.sha256);
  });

  it("ties every row to statements and has rows for every statement", () => {
    const covered = new Set(dataset.cpt.flatMap((row) => row.statements));
    expect(covered).toEqual(ids);
    for (const row of [...dataset.cpt, ...dataset.sft, ...dataset.exam]) {
      for (const id of row.statements) expect(ids).toContain(id);
    }
  });

  it("reads back through its schemas", () => {
    const files = serializeDataset(dataset);
    expect(DatasetManifest.parse(JSON.parse(files["dataset.json"]))).toEqual(dataset.manifest);
    expect(parseRows(CptRow, files["cpt.jsonl"], "cpt.jsonl")).toEqual(dataset.cpt);
    expect(parseRows(SftRow, files["sft.jsonl"], "sft.jsonl")).toEqual(dataset.sft);
    expect(parseRows(ExamItem, files["exam.jsonl"], "exam.jsonl")).toEqual(dataset.exam);
  });

  it("marks where each answer begins", () => {
    for (const row of dataset.cpt) {
      if (row.answerStart === undefined) continue;
      expect(row.text.slice(0, row.answerStart)).toMatch(/Answer: $/);
      expect(row.text.slice(row.answerStart).length).toBeGreaterThan(0);
    }
  });

  it.each(["exam", "second"] as const)("keeps the %s exam apart from the training rows", (exam) => {
    const { cpt, sft, exam: items } = synthesize(policy, { seed: 7, command: "test", exam });
    const made = [...cpt, ...sft].flatMap((row) => row.made ?? []);
    const trained = {
      texts: [...cpt.map(({ text }) => text), ...sft.map(({ prompt }) => prompt[1]!.content)],
      templates: new Set(made.map(({ template }) => template)),
      lexicon: new Set(made.flatMap(({ lexicon }) => lexicon)),
      assignments: new Set(made.map(({ assignment }) => assignment).filter(Boolean)),
      numbers: new Set(made.flatMap(({ numbers }) => numbers)),
    };
    const fresh = items.filter(({ tier }) => tier === "reworded" || tier === "scenario");
    expect(fresh.length).toBeGreaterThan(50);
    for (const { made, prompt } of fresh) {
      for (const number of made.numbers) expect(trained.numbers).not.toContain(number);
      expect(trained.templates).not.toContain(made.template);
      for (const entry of made.lexicon) expect(trained.lexicon).not.toContain(entry);
      if (made.assignment) expect(trained.assignments).not.toContain(made.assignment);
      expect(trained.texts.some((text) => text.includes(prompt[1]!.content))).toBe(false);
    }
  });

  it("asks at least a quarter of the exam for written answers", () => {
    const written = dataset.exam.filter((item) => "expected" in item);
    expect(written.length / dataset.exam.length).toBeGreaterThanOrEqual(0.25);
  });

  it("offers choices that differ, are answers of other facts, and hold the right one once", () => {
    const answers = new Set(
      dataset.cpt.flatMap((row) =>
        row.answerStart === undefined ? [] : [row.text.slice(row.answerStart)],
      ),
    );
    for (const item of dataset.exam) {
      if (!("choices" in item)) continue;
      expect(new Set(item.choices.map(normalizeAnswer)).size).toBe(4);
      for (const choice of item.choices) expect(answers).toContain(choice);
    }
  });

  it("asks for every leaf of every tree, in training and in the exam", () => {
    for (const { id, decision } of policy.statements) {
      if (!decision) continue;
      const facts = new Set(
        dataset.cpt.flatMap((row) =>
          row.fact?.startsWith(`${id}.case.`) && row.statements.includes(id) ? [row.fact] : [],
        ),
      );
      expect(facts.size).toBe(leaves(decision.tree));
      const asked = dataset.exam.filter(
        (item) => item.statements.includes(id) && item.tier === "scenario",
      );
      expect(asked.length).toBeGreaterThanOrEqual(2 * facts.size);
    }
  });

  it("trains on both sides of every numeric boundary", () => {
    const sides = new Map<string, Set<string>>();
    for (const { made } of dataset.cpt) {
      for (const entry of made?.numbers ?? []) {
        const [condition, number] = entry.split("=") as [string, string];
        const [id, index] = condition.split("/") as [string, string];
        const statement = policy.statements.find((one) => one.id === id)!;
        const bound = statement.decision!.conditions[Number(index)]!.value as number;
        const side = Math.sign(Number(number) - bound) || "on it";
        (sides.get(condition) ?? sides.set(condition, new Set()).get(condition)!).add(String(side));
      }
    }
    for (const found of sides.values()) {
      for (const side of ["1", "-1", "on it"]) expect(found).toContain(side);
    }
  });
});

function leaves(node: DecisionNode): number {
  return node.kind === "test" ? leaves(node.yes) + leaves(node.no) : 1;
}

describe("bad input", () => {
  it("refuses a policy with no statements in one line", () => {
    const empty = parsePolicy("# Only a heading\n", { path: "empty.md" });
    expect(() => synthesize(empty, { seed: 1, command: "" })).toThrow(InputError);
    expect(() => synthesize(empty, { seed: 1, command: "" })).toThrow("empty.md");
  });

  it("names file and line of a broken row", () => {
    const good = '{"id":"c-1","kind":"question","statements":["s-1"],"text":"x"}';
    expect(() => parseRows(CptRow, `${good}\n{"id":`, "cpt.jsonl")).toThrow(
      "cpt.jsonl:2: not JSON.",
    );
    expect(() => parseRows(CptRow, `${good}\n{"id":1}`, "cpt.jsonl")).toThrow(
      /^cpt\.jsonl:2: id: /,
    );
  });
});

describe("questions", () => {
  const text = `# Orders

## Cancel

An order can only be closed by the user. A refund is paid at once.

## Return

An order can only be sent back whole. A refund is a gift. Guests may use the lounge.

A table shows 5 rows.
`;
  const policy = parsePolicy(text, { path: "orders.md" });
  const { cpt } = synthesize(policy, { seed: 3, command: "test" });
  const asked = (part: string) =>
    cpt.flatMap(({ fact, text }) => (fact?.includes(part) ? [text.split("\nAnswer: ")[0]!] : []));

  it("name the part where sentences elsewhere begin with the same words", () => {
    const [closed, sent] = ["closed", "sent back"].map((word) =>
      policy.statements.find((statement) => statement.text.includes(word))!,
    );
    for (const [statement, part] of [
      [closed!, "Cancel"],
      [sent!, "Return"],
    ] as const) {
      const questions = asked(`${statement.id}.finish`);
      expect(questions.length).toBeGreaterThan(5);
      for (const question of questions) expect(question).toContain(part);
    }
  });

  it("tempt nobody to break what only allows", () => {
    const lounge = policy.statements.find((statement) => statement.text.includes("lounge"))!;
    expect(asked(`${lounge.id}.break`)).toEqual([]);
  });
});
