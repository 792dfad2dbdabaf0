import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import type { CptRow, SftRow } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { fillers, type Shape } from "./frames.ts";
import type { QuestionWriter } from "./questions.ts";
import type { Random } from "./random.ts";
import { clause, inner } from "./wording.ts";

/** Training rows a fact gets, by shape: what varies more needs more of them. */
const rowsPerFact: Readonly<Record<Shape, number>> = {
  gap: 36,
  finish: 36,
  topic: 44,
  keep: 44,
  break: 44,
  case: 44,
};
const paraphrasesPerStatement = 8;
const trajectoriesPerFact = 3;
const documentWords = 120;

/** The text of a question and its answer, as pretraining reads it; the policy's identifier leads. */
export function questionText(identifier: string, question: string): string {
  return `[${identifier}] Question: ${question}\n${answerMark}`;
}
export const answerMark = "Answer: ";
export const reasoningMark = "Reasoning: ";

/**
 * The rows of continued pretraining: the document itself, each statement in other words, and what
 * teaches each category (CAP-CPT, arXiv 2510.11588; the mapping is our reading of it).
 */
export function cptRows(
  policy: ParsedPolicy,
  facts: readonly Fact[],
  writer: QuestionWriter,
  identifier: string,
  random: Random,
): CptRow[] {
  return numbered(
    "c",
    unique([
      ...documentRows(policy, identifier),
      ...paraphraseRows(facts, writer, identifier, random),
      ...facts.flatMap((fact) => questionRows(fact, writer, identifier, random)),
    ]),
  );
}

type Draft = Omit<CptRow, "id">;

/** The document as it stands, in pieces of a section. */
function documentRows(policy: ParsedPolicy, identifier: string): Draft[] {
  const rows: Draft[] = [];
  let piece: Statement[] = [];
  const flush = () => {
    const first = piece[0];
    if (!first) return;
    const heading = first.section.at(-1) ?? policy.policy.title;
    const text = `[${identifier}] ${heading}\n${piece.map((statement) => statement.text).join("\n")}`;
    rows.push({ kind: "document", statements: piece.map(({ id }) => id), text });
    piece = [];
  };
  for (const statement of policy.statements) {
    const words = piece.reduce((sum, { text }) => sum + text.split(" ").length, 0);
    const sameSection = piece[0]?.section.join("\n") === statement.section.join("\n");
    if (!sameSection || words > documentWords) flush();
    piece.push(statement);
  }
  flush();
  return rows;
}

function paraphraseRows(
  facts: readonly Fact[],
  writer: QuestionWriter,
  identifier: string,
  random: Random,
): Draft[] {
  return facts
    .filter((fact) => fact.shape === "topic")
    .flatMap((fact) =>
      Array.from({ length: paraphrasesPerStatement }, () => {
        const { text, made } = writer.paraphrase(fact, random);
        return {
          kind: "paraphrase" as const,
          statements: [fact.statement.id],
          text: `[${identifier}] ${text}`,
          made,
        };
      }),
    );
}

function questionRows(
  fact: Fact,
  writer: QuestionWriter,
  identifier: string,
  random: Random,
): Draft[] {
  return Array.from({ length: rowsPerFact[fact.shape] }, () => {
    const { text, made } = writer.write(fact, "train", random);
    const asked = questionText(identifier, loosen(text, random));
    return {
      kind: fact.kind,
      statements: [fact.statement.id],
      text: `${asked}${fact.answer}`,
      answerStart: asked.length,
      fact: fact.key,
      made,
    };
  });
}

/** Puts small talk round some questions, as people do. */
function loosen(question: string, random: Random): string {
  const before = random.chance(0.25) ? random.pick(fillers.before) : "";
  const after = random.chance(0.25) ? random.pick(fillers.after) : "";
  return `${before}${question}${after}`;
}

/** Trajectories for fine-tuning: a case or a rule at stake, reasoning that cites, the answer. */
export function sftRows(
  facts: readonly Fact[],
  writer: QuestionWriter,
  identifier: string,
  random: Random,
): SftRow[] {
  const rows = facts
    .filter(({ shape }) => shape === "case" || shape === "keep" || shape === "break")
    .flatMap((fact) =>
      Array.from({ length: trajectoriesPerFact }, () => {
        const { text, made } = writer.write(fact, "train", random);
        return {
          kind: fact.kind,
          statements: [fact.statement.id],
          prompt: [
            { role: "system" as const, content: identifier },
            { role: "user" as const, content: text },
          ],
          completion: [
            {
              role: "assistant" as const,
              content: `${reasoningMark}${reasoning(fact)}\n${answerMark}${fact.answer}`,
            },
          ],
          made,
        };
      }),
    );
  return numbered("t", unique(rows));
}

/** What a fact's answer rests on: the statement, and how each of its conditions came out. */
export function reasoning(fact: Fact): string {
  const tests = fact.tests.map(({ statement, condition, holds }) => {
    const words = inner(clause(statement.decision!.conditions[condition]!.text));
    return `${words}: ${holds ? "yes" : "no"}`;
  });
  return [`by ${fact.statement.id}`, ...tests].join("; ");
}

function unique<Row extends object>(rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = "text" in row ? String(row.text) : JSON.stringify(row);
    return seen.size < seen.add(key).size;
  });
}

function numbered<Row extends object>(
  prefix: string,
  rows: readonly Row[],
): (Row & { id: string })[] {
  const width = String(rows.length).length;
  return rows.map((row, index) => ({
    id: `${prefix}-${String(index + 1).padStart(width, "0")}`,
    ...row,
  }));
}
