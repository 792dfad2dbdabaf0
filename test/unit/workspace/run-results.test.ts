import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { saveDataset } from "../../../src/workspace/datasets.ts";
import { readExamResults } from "../../../src/workspace/exam-results.ts";
import { ingrainFolder } from "../../../src/workspace/folder.ts";
import { finishedRuns, type RunResults } from "../../../src/workspace/run-results.ts";
import { scoreStatements } from "../../../src/workspace/statement-scores.ts";
import { policyText, smallDataset, temporaryFolder } from "../training/fixture.ts";
import { armOf, finishedRun } from "./finished-run.ts";

const dataset = smallDataset();
const [first, second] = dataset.manifest.statements;
const tallies = { [first!.id]: { right: 3, n: 4 }, [second!.id]: { right: 1, n: 4 } };

async function desk() {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const warnings: string[] = [];
  const all = async (name = "key-desk.md") => {
    const found: RunResults[] = [];
    const runs = finishedRuns(ingrain, join(root, name), (line) => warnings.push(line));
    for await (const run of runs) found.push(run);
    return found;
  };
  const folder = await saveDataset(ingrain, dataset);
  return { ingrain, folder, all, warnings };
}

test("finds the finished runs of a policy, newest first, and no other", async () => {
  const { ingrain, folder, all, warnings } = await desk();
  expect(await all()).toEqual([]);
  const runs = [];
  for (let n = 0; n < 3; n++) {
    runs.push(await finishedRun(ingrain.runs, folder, { internalized: armOf(tallies) }));
  }
  const [oldest, middle, newest] = runs.map(runFiles);
  expect((await all()).map((run) => run.folder)).toEqual([...runs].reverse());
  expect((await all())[0]?.arms.internalized.byStatement).toEqual(tallies);
  expect(await all("other.md")).toEqual([]);
  // A report without the last word, a broken report, and one that is gone.
  await writeFile(newest!.events, "");
  await appendFile(middle!.report, "}");
  expect((await all()).map((run) => run.folder)).toEqual([runs[0]]);
  expect(warnings.at(-1)).toContain("report.json");
  await rm(oldest!.report);
  expect(await all()).toEqual([]);
});

test("follows statements that moved, and tells those that changed", async () => {
  const { ingrain, folder, all } = await desk();
  await finishedRun(ingrain.runs, folder, {
    internalized: armOf(tallies),
    base: armOf({ [first!.id]: { right: 1, n: 4 } }),
  });
  const [run] = await all();
  const scoresOf = (text: string) => {
    const { statements } = parsePolicy(text, { path: "key-desk.md" });
    const { scores, added } = scoreStatements(run!, statements);
    const of = (words: string) => statements.find(({ text: said }) => said.includes(words))!.id;
    return { scores, added, of };
  };
  const same = scoresOf(policyText);
  expect(same.scores.get(same.of("number"))).toMatchObject({
    trained: { right: 3, n: 4 },
    base: { right: 1, n: 4 },
    stale: false,
  });
  expect(same.added.size).toBe(0);
  // Nobody asked about this one.
  expect(same.scores.has(same.of("Greet"))).toBe(false);

  const edited = scoresOf(
    policyText
      .replace("# Key desk", "# Key desk\n\nThe desk closes at noon.")
      .replace("costs 6 euros", "costs 7 euros"),
  );
  expect(edited.scores.get(edited.of("number"))?.stale).toBe(false);
  expect(edited.scores.get(edited.of("7 euros"))).toMatchObject({ id: second!.id, stale: true });
  expect([...edited.added]).toEqual([edited.of("noon")]);
});

test("reads the exam with what was answered, where the run kept it", async () => {
  const { ingrain, folder } = await desk();
  const [item] = dataset.exam;
  const answers = [{ item: item!.id, right: false, given: "no" }];
  const arms = { internalized: armOf(tallies) };
  const run = await finishedRun(ingrain.runs, folder, arms, answers);
  const questions = await readExamResults(run);
  expect(questions.map(({ id }) => id)).toEqual(dataset.exam.map(({ id }) => id));
  expect(questions[0]).toMatchObject({
    statement: item!.statements[0],
    question: item!.prompt.at(-1)!.content,
    answer: answers[0],
  });
  expect(JSON.parse(questions[0]!.line)).toEqual(item);
  await rm(runFiles(run).answers);
  expect((await readExamResults(run)).some(({ answer }) => answer)).toBe(false);
  await writeFile(runFiles(run).answers, "{}\n");
  await expect(readExamResults(run)).rejects.toThrow("answers.jsonl:1");
});
