import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import type { CptRow, Regenerated, Weights } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { fillers, type Shape } from "./frames.ts";
import { twinKey } from "./inputs.ts";
import { NearDuplicates } from "./near-duplicates.ts";
import type { QuestionWriter } from "./questions.ts";
import type { Random } from "./random.ts";
import { type Drawn, moreOf, named, roundOf, type Streams } from "./regeneration.ts";
import { RowNames } from "./row-ids.ts";

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
  regenerated: Regenerated,
  weights: Weights,
): { rows: CptRow[]; plain: CptRow[] } {
  const topics = facts.filter(({ shape }) => shape === "topic");
  const batches = [
    ...topics.map((fact) => paraphrases(fact, writer, identifier)),
    ...facts.map((fact) => questions(fact, writer, identifier)),
  ];
  const document = documentRows(policy, identifier).map((row) => ({ row, text: row.text }));
  const rounds = regenerated.grammar;
  const drawn = drawAll(batches, streams, rounds);
  const names = new RowNames("c");
  const usual = [...document, ...drawn.flatMap(({ rows }) => rows)];
  const plain = named(names, usual, regenerated, streams);
  const added = named(names, drawMore(drawn, streams, rounds, weights), regenerated, streams);
  return { rows: [...plain, ...added], plain };
}

/** The rows that one fact gets of one kind, from a stream of its own. */
interface Batch {
  fact: Fact;
  key: string;
  count: number;
  /** Batches of one group share what is a near-duplicate. */
  group: string;
  draw: (random: Random) => { row: Draft; text: string };
}

/** A batch with its rows. */
interface DrawnBatch {
  batch: Batch;
  /** The texts of its rows before any was made anew. */
  first: string[];
  rows: Drawn<Draft>[];
}

/**
 * Draws the rows of all batches, near-duplicates left out. Statements of the same words, in
 * different sections, share a group; no other statement has a say in which rows a statement gets.
 * What was made anew is drawn after all else and only held against it, so that it changes no row
 * of another statement, of the same words or not.
 * @param rounds how often the rows of each statement were made anew.
 */
function drawAll(
  batches: readonly Batch[],
  streams: Streams,
  rounds: Regenerated["grammar"],
): DrawnBatch[] {
  const groups = new Groups();
  const first = batches.map((batch) => drawRows(batch, streams(batch.key), groups.of(batch.group)));
  const others = new Map<string, NearDuplicates>();
  return batches.map((batch, at) => {
    const { id } = batch.fact.statement;
    const kept = groups.of(batch.group);
    const again = { again: batch.draw, kept };
    const round = roundOf(rounds, id);
    const texts = first[at]!.map(({ text }) => text);
    if (round === 0) {
      return { batch, first: texts, rows: first[at]!.map((drawn) => ({ ...drawn, ...again })) };
    }
    const name = `${id}/${batch.group}`;
    let sieve = others.get(name);
    if (!sieve) {
      others.set(name, (sieve = new NearDuplicates()));
      for (const [index, { fact, group }] of batches.entries()) {
        if (group !== batch.group || fact.statement.id === id) continue;
        for (const { text } of first[index]!) sieve.add(text);
      }
    }
    const rows = drawRows(batch, streams(batch.key, round), sieve);
    for (const { text } of rows) kept.add(text);
    return { batch, first: texts, rows: rows.map((drawn) => ({ ...drawn, ...again })) };
  });
}

/**
 * Draws what weights add. It is held against the usual rows of its group as they first were, and
 * against its own statement's, so that neither what was made anew of another statement nor
 * another's weight changes it.
 */
function drawMore(
  drawn: readonly DrawnBatch[],
  streams: Streams,
  rounds: Regenerated["grammar"],
  weights: Weights,
): Drawn<Draft>[] {
  const sieves = new Map<string, NearDuplicates>();
  return drawn.flatMap(({ batch }) => {
    const { id } = batch.fact.statement;
    const count = moreOf(weights, id) * batch.count;
    if (count === 0) return [];
    const name = `${id}/${batch.group}`;
    let kept = sieves.get(name);
    if (!kept) {
      sieves.set(name, (kept = new NearDuplicates()));
      for (const { batch: other, first, rows } of drawn) {
        if (other.group !== batch.group) continue;
        const own = other.fact.statement.id === id ? rows.map(({ text }) => text) : [];
        for (const text of [...first, ...own]) kept.add(text);
      }
    }
    const more = { ...batch, count };
    const rows = drawRows(more, streams(`more/${batch.key}`, roundOf(rounds, id)), kept);
    return rows.map((row) => ({ ...row, again: batch.draw, kept }));
  });
}

/** Draws until there are enough rows, or it does not pay any more. */
function drawRows(
  { count, draw }: Batch,
  random: Random,
  kept: NearDuplicates,
): { row: Draft; text: string }[] {
  const rows: { row: Draft; text: string }[] = [];
  for (let tries = 0; tries < triesPerRow * count && rows.length < count; tries++) {
    const drawn = draw(random);
    if (kept.add(drawn.text)) rows.push(drawn);
  }
  return rows;
}

/** What is kept, by group. */
class Groups {
  readonly #kept = new Map<string, NearDuplicates>();

  of(group: string): NearDuplicates {
    let kept = this.#kept.get(group);
    if (!kept) this.#kept.set(group, (kept = new NearDuplicates()));
    return kept;
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

function paraphrases(fact: Fact, writer: QuestionWriter, identifier: string): Batch {
  return {
    fact,
    key: `paraphrase/${fact.key}`,
    count: paraphrasesPerStatement,
    group: `paraphrase/${twinKey(fact.statement)}`,
    draw: (random) => {
      const { text, made } = writer.paraphrase(fact, random);
      const row: Draft = {
        kind: "paraphrase",
        statements: [fact.statement.id],
        text: `[${identifier}] ${text}`,
        made,
      };
      return { row, text };
    },
  };
}

function questions(fact: Fact, writer: QuestionWriter, identifier: string): Batch {
  return {
    fact,
    key: `question/${fact.key}`,
    count: rowsPerFact[fact.shape],
    group: `question/${twinKey(fact.statement)}`,
    draw: (random) => {
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
    },
  };
}

/** Puts small talk round some questions, as people do; a demand is no question. */
function loosen(question: string, shape: Shape, random: Random): string {
  if (shape === "break") return question;
  const before = random.chance(0.25) ? random.pick(fillers.before) : "";
  const after = random.chance(0.2) ? random.pick(fillers.after) : "";
  return `${before}${question}${after}`;
}
