import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ParsedPolicy } from "../../policy/statement.ts";
import {
  type CptRow,
  type Dataset,
  type Made,
  refusalReasons,
  type RefusedRow,
  type SftRow,
  type Teacher,
} from "../dataset.ts";
import { hashRows, kindCounts } from "../synthesize.ts";
import { nothingRegenerated } from "../regeneration.ts";
import { reasoning } from "../reasoning.ts";
import { answerMark, questionText, reasoningMark } from "../training-rows.ts";
import { sentence } from "../wording.ts";
import { checkRow, type Passed } from "./check.ts";
import { ExamGuard } from "./exam-guard.ts";
import type { TaskAnswer } from "./prompts.ts";
import { type Task, type TaughtCase, tasksOf } from "./tasks.ts";

export interface TeachOptions {
  teacher: Exclude<Teacher, "none">;
  /** The model and where it answers. */
  model: string;
}

/**
 * Adds what a teacher wrote to the grammar's dataset: rows that pass the checks join the training
 * rows, the others are kept with their reason. The exam stays the grammar's.
 */
export function teach(
  dataset: Dataset,
  policy: ParsedPolicy,
  answers: ReadonlyMap<Task, TaskAnswer>,
  options: TeachOptions,
): Dataset {
  const { passed, refused } = checkAnswers(dataset, policy, answers, options);
  const { cpt, sft } = rowsOf(passed, dataset, options);
  const rows = { cpt: [...dataset.cpt, ...cpt], sft: [...dataset.sft, ...sft] };
  return withTaught(dataset, rows, { refused, answers }, options);
}

/** Training rows, by part. */
export type TaughtRows = Pick<Dataset, "cpt" | "sft">;

export function rowsOf(
  passed: readonly Passed[],
  { manifest: { identifier } }: Pick<Dataset, "manifest">,
  { teacher }: TeachOptions,
): TaughtRows {
  return {
    cpt: passed.map((row) => cptRow(row, identifier, teacher)),
    sft: passed.flatMap((row) => sftRow(row, identifier, teacher) ?? []),
  };
}

/** Holds answers against what was asked for. @param seen what was taken already. */
export function checkAnswers(
  dataset: Dataset,
  policy: ParsedPolicy,
  answers: ReadonlyMap<Task, TaskAnswer>,
  { teacher }: TeachOptions,
  seen = new Set<string>(),
): { passed: Passed[]; refused: RefusedRow[] } {
  const title = policy.policy.title;
  const context = { title, guard: guardOf(dataset, policy, [...answers.keys()]), seen };
  const passed: Passed[] = [];
  const refused: RefusedRow[] = [];
  for (const [task, { rows, strays }] of answers) {
    const { kind, statement } = task;
    for (const row of rows) {
      const checked = checkRow(task, row, context);
      if ("passed" in checked) passed.push(checked.passed);
      else refused.push({ kind, statements: [statement.id], teacher, ...checked.failed, row });
    }
    const detail = "it names no item of the question";
    refused.push(
      ...strays.map((row) => ({
        ...{ kind, statements: [], teacher, reason: "schema" as const, detail, row },
      })),
    );
  }
  return { passed, refused };
}

/** Tells what comes too near to the exam of a dataset. @param more what else a teacher was asked. */
export function guardOf(
  { manifest, exam }: Pick<Dataset, "manifest" | "exam">,
  policy: ParsedPolicy,
  more: readonly Task[] = [],
): ExamGuard {
  const { seed, regenerated = nothingRegenerated } = manifest;
  // Headings and cases are the policy's words, whoever asks about them.
  const tasks = [...tasksOf(policy, seed, regenerated.teacher), ...more];
  const known = [
    ...policy.statements.flatMap(({ text, section }) => [text, ...section]),
    ...tasks.flatMap(({ cases }) => cases.flatMap(({ about, told }) => [about, ...told])),
  ];
  return new ExamGuard(exam, known.join("\n"));
}

/** A dataset with other training rows, and its manifest with what became of a teacher's. */
export function withTaught(
  dataset: Dataset,
  { cpt, sft }: TaughtRows,
  {
    refused: others,
    answers,
  }: { refused: readonly RefusedRow[]; answers: ReadonlyMap<Task, TaskAnswer> },
  { teacher, model }: TeachOptions,
): Dataset {
  const { manifest, exam } = dataset;
  const refused = [...(dataset.refused ?? []), ...others];
  const asked = [...answers].map(([{ statement, kind }, { problem }]) => ({
    name: `${statement.id}/${kind}`,
    problem,
  }));
  const before = (manifest.teaching?.unanswered ?? []).filter(
    (part) => !asked.some(({ name }) => name === part),
  );
  const open = asked.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
  return {
    manifest: {
      ...manifest,
      teacher,
      teaching: {
        model,
        rows: [...cpt, ...sft].filter((row) => row.teacher !== undefined).length,
        refused: Object.fromEntries(
          refusalReasons.flatMap((reason) => {
            const count = refused.filter((row) => row.reason === reason).length;
            return count === 0 ? [] : [[reason, count]];
          }),
        ),
        unanswered: [...before, ...open],
      },
      counts: {
        ...manifest.counts,
        cpt: cpt.length,
        sft: sft.length,
        byKind: kindCounts([...cpt, ...sft, ...exam]),
      },
      sha256: hashRows(cpt, sft, exam),
    },
    cpt,
    sft,
    exam,
    refused,
  };
}

/** What a row is read as in pretraining: questions and messages with their answer, or plain text. */
function cptRow(row: Passed, identifier: string, teacher: Teacher): CptRow {
  const shared = { kind: row.kind, statements: [row.task.statement.id], teacher };
  if (row.kind === "paraphrase") {
    return withId("w", { ...shared, text: `[${identifier}] ${sentence(row.text)}` });
  }
  const [asked, answer] = row.kind === "question" ? [row.question, row.answer] : exchange(row);
  const question = questionText(identifier, asked);
  return withId("w", {
    ...shared,
    text: `${question}${answer}`,
    answerStart: question.length,
    ...madeOf(row),
  });
}

/** The trajectories among the rows, for fine-tuning. */
function sftRow(row: Passed, identifier: string, teacher: Teacher): SftRow | undefined {
  if (row.kind === "paraphrase" || row.kind === "question") return undefined;
  const [asked, answer] = exchange(row);
  const { id } = row.task.statement;
  const reasons = row.kind === "scenario" ? reasoning(row.taught.fact) : `by ${id}`;
  return withId("x", {
    kind: row.kind,
    statements: [id],
    teacher,
    prompt: [
      { role: "system" as const, content: identifier },
      { role: "user" as const, content: asked },
    ],
    completion: [
      {
        role: "assistant" as const,
        content: `${reasoningMark}${reasons}\n${answerMark}${answer}`,
      },
    ],
    ...madeOf(row),
  });
}

/** A case's answer is the policy's own, so that it agrees with the tree to the letter. */
function exchange(row: Exclude<Passed, { kind: "paraphrase" | "question" }>): [string, string] {
  return row.kind === "scenario" ? [row.user, row.taught.fact.answer] : [row.user, row.assistant];
}

function madeOf(row: Passed): { made?: Made } {
  if (row.kind !== "scenario") return {};
  const { taught } = row;
  const made = { template: "teacher", lexicon: [], numbers: [...taught.numbers] };
  return { made: { ...made, assignment: assignmentOf(taught) } };
}

/** Who a case is about, and its facts in alphabetical order. */
export function assignmentOf({ name, told }: TaughtCase): string {
  return `${name}: ${[...told].sort().join(" & ")}`;
}

/** An id made of what the row says: it stays when other rows come or go. */
function withId<Row extends object>(prefix: string, row: Row): Row & { id: string } {
  const hash = bytesToHex(sha256(utf8ToBytes(JSON.stringify(row))));
  return { id: `${prefix}-${hash.slice(0, 12)}`, ...row };
}
