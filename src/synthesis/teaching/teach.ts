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
import { reasoning } from "../reasoning.ts";
import { answerMark, questionText, reasoningMark } from "../training-rows.ts";
import { sentence } from "../wording.ts";
import { checkRow, type Passed } from "./check.ts";
import { ExamGuard } from "./exam-guard.ts";
import type { TaskAnswer } from "./prompts.ts";
import type { Task } from "./tasks.ts";

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
  { teacher, model }: TeachOptions,
): Dataset {
  const title = policy.policy.title;
  // Headings and cases are the policy's words, whoever asks about them.
  const cases = [...answers.keys()].flatMap((task) => task.cases);
  const known = [
    ...policy.statements.flatMap(({ text, section }) => [text, ...section]),
    ...cases.flatMap(({ about, told }) => [about, ...told]),
  ].join("\n");
  const context = { title, guard: new ExamGuard(dataset.exam, known), seen: new Set<string>() };
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
  const { manifest, exam } = dataset;
  const cpt = [...dataset.cpt, ...passed.map((row) => cptRow(row, manifest.identifier, teacher))];
  const sft = [
    ...dataset.sft,
    ...passed.flatMap((row) => sftRow(row, manifest.identifier, teacher) ?? []),
  ];
  const unanswered = [...answers].filter(([, { problem }]) => problem !== undefined);
  return {
    manifest: {
      ...manifest,
      teacher,
      teaching: {
        model,
        rows: cpt.length + sft.length - dataset.cpt.length - dataset.sft.length,
        refused: Object.fromEntries(
          refusalReasons.flatMap((reason) => {
            const count = refused.filter((row) => row.reason === reason).length;
            return count === 0 ? [] : [[reason, count]];
          }),
        ),
        unanswered: unanswered.map(([{ statement, kind }]) => `${statement.id}/${kind}`),
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
  const { name, told, numbers } = row.taught;
  const assignment = `${name}: ${[...told].sort().join(" & ")}`;
  return { made: { template: "teacher", lexicon: [], assignment, numbers: [...numbers] } };
}

/** An id made of what the row says: it stays when other rows come or go. */
function withId<Row extends object>(prefix: string, row: Row): Row & { id: string } {
  const hash = bytesToHex(sha256(utf8ToBytes(JSON.stringify(row))));
  return { id: `${prefix}-${hash.slice(0, 12)}`, ...row };
}
