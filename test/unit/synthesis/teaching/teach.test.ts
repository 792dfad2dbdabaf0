import { describe, expect, it } from "vitest";
import { CptRow, RefusedRow, SftRow, Teaching } from "../../../../src/synthesis/dataset.ts";
import { serializeDataset } from "../../../../src/synthesis/jsonl.ts";
import { synthesize } from "../../../../src/synthesis/synthesize.ts";
import type { TaskAnswer } from "../../../../src/synthesis/teaching/prompts.ts";
import { readAnswer, taskPrompt } from "../../../../src/synthesis/teaching/prompts.ts";
import { type Task, tasksOf } from "../../../../src/synthesis/teaching/tasks.ts";
import { teach } from "../../../../src/synthesis/teaching/teach.ts";
import { policy } from "./fixture.ts";
import { dutiful } from "./dutiful.ts";

const grammar = synthesize(policy, { seed: 1, command: "test" });
const tasks = tasksOf(policy, 1);
const options = { teacher: "openai", model: "host/tiny" } as const;

/** What a dutiful teacher answers, and what `more` adds about each task. */
function answers(more: (task: Task) => unknown[] = () => []): Map<Task, TaskAnswer> {
  return new Map(
    tasks.map((task) => {
      const messages = taskPrompt(policy.policy.title, [task]);
      const rows = [...dutiful({ model: "tiny", messages }), ...more(task)];
      return [task, readAnswer(JSON.stringify(rows), [task])[0]!];
    }),
  );
}

describe("teach", () => {
  const taught = teach(grammar, policy, answers(), options);
  const fresh = [...taught.cpt, ...taught.sft].filter(({ teacher }) => teacher !== undefined);

  it("adds rows with teacher and statements to the grammar's, and leaves the exam alone", () => {
    expect(taught.cpt.slice(0, grammar.cpt.length)).toEqual(grammar.cpt);
    expect(taught.sft.slice(0, grammar.sft.length)).toEqual(grammar.sft);
    expect(taught.exam).toBe(grammar.exam);
    expect(fresh.length).toBeGreaterThan(tasks.length);
    const ids = new Set(policy.statements.map(({ id }) => id));
    for (const row of fresh) {
      expect(row.teacher).toBe("openai");
      expect(row.statements.every((id) => ids.has(id))).toBe(true);
    }
    expect(new Set(fresh.map(({ kind }) => kind))).toEqual(
      new Set(["paraphrase", "question", "demonstration", "counterfactual", "scenario"]),
    );
    for (const row of taught.cpt) expect(CptRow.parse(row)).toEqual(row);
    for (const row of taught.sft) expect(SftRow.parse(row)).toEqual(row);
  });

  it("gives every row an id of its own, which stays when other rows come", () => {
    const ids = [...taught.cpt, ...taught.sft, ...taught.exam].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const more = teach(grammar, policy, answers(moreOf), options);
    const after = new Set([...more.cpt, ...more.sft].map(({ id }) => id));
    expect(fresh.every(({ id }) => after.has(id))).toBe(true);
  });

  it("answers every case with the outcome that the tree comes to", () => {
    const cases = taught.sft.filter(({ kind, teacher }) => kind === "scenario" && teacher);
    const leaves = tasks.flatMap((task) => task.cases);
    // One row a case: the dutiful teacher names every outcome, and only the tree's is taken.
    expect(cases).toHaveLength(leaves.length);
    for (const row of cases) {
      const [reasoning, answer] = row.completion[0]!.content.split("\n");
      const leaf = leaves.find(({ fact }) => answer === `Answer: ${fact.answer}`);
      expect(leaf?.fact.statement.id).toBe(row.statements[0]);
      expect(reasoning).toMatch(/^Reasoning: by s-\w+(; .+: (yes|no))+$/);
    }
  });

  it("keeps what is refused, countable and with its reason", () => {
    const { teaching, counts } = taught.manifest;
    const refused = taught.refused!;
    expect(Teaching.parse(teaching)).toEqual(teaching);
    expect(teaching).toMatchObject({ model: "host/tiny", rows: fresh.length, unanswered: [] });
    // The outcomes that are not the tree's.
    expect(teaching!.refused).toEqual({ tree: refused.length });
    expect(refused.length).toBeGreaterThan(0);
    for (const row of refused) expect(RefusedRow.parse(row)).toEqual(row);
    expect(counts).toMatchObject({ cpt: taught.cpt.length, sft: taught.sft.length });
    expect(serializeDataset(taught)["refused.jsonl"]?.trim().split("\n")).toHaveLength(
      refused.length,
    );
    expect(serializeDataset(grammar)).not.toHaveProperty("refused.jsonl");
    expect(taught.manifest.sha256).not.toBe(grammar.manifest.sha256);
  });

  const moreOf = ({ kind, statement }: Task) =>
    kind === "paraphrase"
      ? [
          { n: 1, text: `<script>alert(1)</script> ${statement.text}` },
          { n: 1, text: `${statement.text} That is 99 percent sure.` },
          { n: 7, text: statement.text },
          "no object",
        ]
      : [];

  it("takes nothing of another shape, with markup, of no source, or about nothing that was asked", () => {
    const more = teach(grammar, policy, answers(moreOf), options);
    const count = tasks.filter(({ kind }) => kind === "paraphrase").length;
    expect(more.manifest.teaching!.refused).toMatchObject({
      markup: count,
      number: count,
      schema: 2 * count,
    });
    expect(more.cpt).toHaveLength(taught.cpt.length);
    expect(JSON.stringify(more.cpt)).not.toContain("<script>");
  });

  it("names the questions that got no answer", () => {
    const [task] = tasks;
    const none = new Map([[task!, readAnswer("Sorry, no.", [task!])[0]!]]);
    const { manifest, cpt } = teach(grammar, policy, none, options);
    expect(manifest.teaching).toMatchObject({
      rows: 0,
      unanswered: [`${task!.statement.id}/${task!.kind}`],
    });
    expect(cpt).toEqual(grammar.cpt);
  });

  it("shares neither word, name, number nor assignment with the exam", () => {
    const exam = taught.exam.filter(({ tier }) => tier === "reworded" || tier === "scenario");
    const assignments = new Set(exam.map(({ made }) => made.assignment).filter(Boolean));
    const numbers = new Set(exam.flatMap(({ made }) => made.numbers));
    const made = fresh.flatMap((row) => row.made ?? []);
    expect(made.length).toBeGreaterThan(0);
    for (const { assignment, numbers: chosen } of made) {
      expect(assignments.has(assignment)).toBe(false);
      for (const number of chosen) expect(numbers.has(number)).toBe(false);
    }
  });
});

describe("a teacher never sees", () => {
  it("ids, or which outcome a case comes to", () => {
    for (const task of tasks) {
      const said = JSON.stringify(taskPrompt(policy.policy.title, [task]));
      expect(said).not.toContain(task.statement.id);
      for (const { number, name, about, told } of task.cases) {
        expect(said).toContain(
          JSON.stringify({ case: number, name, about, told }).slice(1, -1).replaceAll('"', '\\"'),
        );
      }
    }
  });
});
