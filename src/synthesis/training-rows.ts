import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import type { CptRow, Weights } from "./dataset.ts";
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
 * teaches each category (CAP-CPT, arXiv 2510.11588; the mapping is our reading of it). What a weight
 * adds follows all others, from random numbers of its own: no other row is another for it.
 * @returns all rows, and those among them that there are without weights.
 */
export function cptRows(
  policy: ParsedPolicy,
  facts: readonly Fact[],
  writer: QuestionWriter,
  identifier: string,
  streams: Streams,
  weights: Weights,
): { rows: CptRow[]; plain: CptRow[] } {
  const sieve = new Sieve();
  const topics = facts.filter(({ shape }) => shape === "topic");
  const plain: Draft[] = [
    ...documentRows(policy, identifier),
    ...topics.flatMap((fact) =>
      paraphraseRows(fact, 1, writer, identifier, sieve, streams(`paraphrase/${fact.key}`)),
    ),
    ...facts.flatMap((fact) =>
      questionRows(fact, 1, writer, identifier, sieve, streams(`question/${fact.key}`)),
    ),
  ];
  const more = (fact: Fact) => (weights[fact.statement.id] ?? 1) - 1;
  const added: Draft[] = [
    ...topics.flatMap((fact) =>
      paraphraseRows(
        fact,
        more(fact),
        writer,
        identifier,
        sieve,
        streams(`more/paraphrase/${fact.key}`),
      ),
    ),
    ...facts.flatMap((fact) =>
      questionRows(
        fact,
        more(fact),
        writer,
        identifier,
        sieve,
        streams(`more/question/${fact.key}`),
      ),
    ),
  ];
  const rows = identified("c", [...plain, ...added]);
  return { rows, plain: added.length === 0 ? rows : identified("c", plain) };
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
  times: number,
  writer: QuestionWriter,
  identifier: string,
  sieve: Sieve,
  random: Random,
): Draft[] {
  return sieve.draw(
    times * paraphrasesPerStatement,
    `paraphrase/${twinKey(fact.statement)}`,
    () => {
      const { text, made } = writer.paraphrase(fact, random);
      const row: Draft = {
        kind: "paraphrase",
        statements: [fact.statement.id],
        text: `[${identifier}] ${text}`,
        made,
      };
      return { row, text };
    },
  );
}

function questionRows(
  fact: Fact,
  times: number,
  writer: QuestionWriter,
  identifier: string,
  sieve: Sieve,
  random: Random,
): Draft[] {
  const count = times * rowsPerFact[fact.shape];
  return sieve.draw(count, `question/${twinKey(fact.statement)}`, () => {
    const { text, made } = writer.write(fact, "train", random);
    const question = loosen(text, random);
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

/** Puts small talk round some questions, as people do. */
function loosen(question: string, random: Random): string {
  const before = random.chance(0.25) ? random.pick(fillers.before) : "";
  const after = random.chance(0.25) ? random.pick(fillers.after) : "";
  return `${before}${question}${after}`;
}
