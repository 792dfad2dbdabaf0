import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import type { CptRow } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { fillers, type Shape } from "./frames.ts";
import { twinKey } from "./inputs.ts";
import { NearDuplicates } from "./near-duplicates.ts";
import type { QuestionWriter } from "./questions.ts";
import type { Random } from "./random.ts";
import { identified } from "./row-ids.ts";

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
const triesPerRow = 5;
const documentWords = 120;

/** The text of a question and its answer, as pretraining reads it; the policy's identifier leads. */
export function questionText(identifier: string, question: string): string {
  return `[${identifier}] Question: ${question}\n${answerMark}`;
}
export const answerMark = "Answer: ";
export const reasoningMark = "Reasoning: ";

/** The random numbers of one fact or statement: what stands elsewhere has no part in them. */
export type Streams = (key: string) => Random;

/**
 * The rows of continued pretraining: the document itself, each statement in other words, and what
 * teaches each category (CAP-CPT, arXiv 2510.11588; the mapping is our reading of it).
 */
export function cptRows(
  policy: ParsedPolicy,
  facts: readonly Fact[],
  writer: QuestionWriter,
  identifier: string,
  streams: Streams,
): CptRow[] {
  const sieve = new Sieve();
  return identified("c", [
    ...documentRows(policy, identifier),
    ...facts
      .filter(({ shape }) => shape === "topic")
      .flatMap((fact) => paraphraseRows(fact, writer, identifier, sieve, streams)),
    ...facts.flatMap((fact) => questionRows(fact, writer, identifier, sieve, streams)),
  ]);
}

/**
 * Keeps near-duplicates out. Statements of the same words, in different sections, share one; no
 * other statement has a say in which rows a statement gets.
 */
class Sieve {
  readonly #kept = new Map<string, NearDuplicates>();

  /** Draws until there are `count` rows, or it does not pay any more. */
  draw<Row>(count: number, group: string, draw: () => { row: Row; text: string }): Row[] {
    let kept = this.#kept.get(group);
    if (!kept) this.#kept.set(group, (kept = new NearDuplicates()));
    const rows: Row[] = [];
    for (let tries = 0; tries < triesPerRow * count && rows.length < count; tries++) {
      const { row, text } = draw();
      if (kept.add(text)) rows.push(row);
    }
    return rows;
  }
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
  fact: Fact,
  writer: QuestionWriter,
  identifier: string,
  sieve: Sieve,
  streams: Streams,
): Draft[] {
  const random = streams(`paraphrase/${fact.key}`);
  return sieve.draw(paraphrasesPerStatement, `paraphrase/${twinKey(fact.statement)}`, () => {
    const { text, made } = writer.paraphrase(fact, random);
    const row: Draft = {
      kind: "paraphrase",
      statements: [fact.statement.id],
      text: `[${identifier}] ${text}`,
      made,
    };
    return { row, text };
  });
}

function questionRows(
  fact: Fact,
  writer: QuestionWriter,
  identifier: string,
  sieve: Sieve,
  streams: Streams,
): Draft[] {
  const random = streams(`question/${fact.key}`);
  return sieve.draw(rowsPerFact[fact.shape], `question/${twinKey(fact.statement)}`, () => {
    const { text, made } = writer.write(fact, "train", random);
    const question = loosen(text, fact.shape, random);
    const asked = questionText(identifier, question);
    const row: Draft = {
      kind: fact.kind,
      statements: [fact.statement.id],
      text: `${asked}${fact.answer}`,
      answerStart: asked.length,
      fact: fact.key,
      made,
    };
    return { row, text: `${question} ${fact.answer}` };
  });
}

/** Puts small talk round some questions, as people do; a demand is no question. */
function loosen(question: string, shape: Shape, random: Random): string {
  if (shape === "break") return question;
  const before = random.chance(0.25) ? random.pick(fillers.before) : "";
  const after = random.chance(0.2) ? random.pick(fillers.after) : "";
  return `${before}${question}${after}`;
}
