import type { DatasetManifest, ExamItem } from "../synthesis/dataset.ts";
import { normalizeAnswer } from "../synthesis/normalize.ts";
import type { ExamAnswer } from "./answers.ts";
import type { ExamModel } from "./model.ts";
import type { Arm, Score } from "./report.ts";
import { score } from "./score.ts";

/** Items asked of the model at once. */
const batchSize = 32;
const maxAnswerTokens = 96;

type ChoiceItem = Extract<ExamItem, { choices: string[] }>;
type WrittenItem = Extract<ExamItem, { expected: string }>;

interface Marked {
  item: ExamItem;
  right: boolean;
  /** The choice that was ranked first, or what was written. */
  given: string;
}

/**
 * Examines a model: choices are ranked by log-likelihood per token, written answers must equal the
 * expected one after normalisation. The choices are ranked once more with no question at all (the
 * null prompt): the exam is valid where that lies at chance.
 * @param onProgress called with the items done, of all.
 * @param onAnswers called with the answers as they come, each item's once.
 */
export async function examine(
  model: ExamModel,
  exam: readonly ExamItem[],
  statements: DatasetManifest["statements"],
  onProgress: (done: number, total: number) => void = () => undefined,
  onAnswers: (answers: readonly ExamAnswer[]) => void = () => undefined,
): Promise<Arm> {
  const choices = choicesOf(exam);
  const total = exam.length + choices.length;
  const marked: Marked[] = [];
  let done = 0;
  const advance = (by: number) => onProgress((done += by), total);

  for await (const batch of ask(model, exam)) {
    marked.push(...batch);
    onAnswers(batch.map(answerOf));
    advance(batch.length);
  }
  let nullRight = 0;
  for (const items of chunks(choices)) {
    const ranked = await rank(
      model,
      items.map((item) => ({ ...item, prompt: [] })),
    );
    nullRight += items.filter((item, i) => ranked[i] === item.answer).length;
    advance(items.length);
  }
  return arm(marked, score(nullRight, choices.length), statements);
}

/** Asks some questions of an exam, batch by batch, and gives the answers as they come. */
export async function* answer(
  model: ExamModel,
  exam: readonly ExamItem[],
): AsyncGenerator<ExamAnswer[]> {
  for await (const batch of ask(model, exam)) yield batch.map(answerOf);
}

async function* ask(model: ExamModel, exam: readonly ExamItem[]): AsyncGenerator<Marked[]> {
  for (const items of chunks(choicesOf(exam))) {
    const ranked = await rank(model, items);
    yield items.map((item, i) => {
      const chosen = ranked[i]!;
      return { item, right: chosen === item.answer, given: item.choices[chosen] ?? "" };
    });
  }
  for (const items of chunks(exam.filter((item): item is WrittenItem => "expected" in item))) {
    const answers = await model.generate(
      items.map(({ prompt }) => prompt),
      maxAnswerTokens,
    );
    yield items.map((item, i) => {
      const given = answers[i]!;
      return { item, right: matches(given, item.expected), given };
    });
  }
}

function choicesOf(exam: readonly ExamItem[]): ChoiceItem[] {
  return exam.filter((item): item is ChoiceItem => "choices" in item);
}

function answerOf({ item, right, given }: Marked): ExamAnswer {
  return { item: item.id, right, given };
}

async function rank(model: ExamModel, items: readonly ChoiceItem[]): Promise<number[]> {
  const scores = await model.score(items);
  return scores.map((choices) => {
    const perToken = choices.map(
      ({ logLikelihood, tokens }) => logLikelihood / Math.max(1, tokens),
    );
    return perToken.indexOf(Math.max(...perToken));
  });
}

/** Whether a written answer is the expected one; reasoning before it is not marked. */
export function matches(answer: string, expected: string): boolean {
  return normalizeAnswer(answer) === normalizeAnswer(expected);
}

function arm(
  marked: readonly Marked[],
  nullPrompt: Score,
  statements: DatasetManifest["statements"],
): Arm {
  const known = new Map(statements.map((statement) => [statement.id, statement]));
  const counted = marked.filter(({ item }) => item.tier === "reworded" || item.tier === "scenario");
  const firstOf = (item: ExamItem) => known.get(item.statements[0]!);
  const generatedSeen = marked.filter(({ item }) => item.tier === "seen" && "expected" in item);
  const byStatement: Arm["byStatement"] = {};
  for (const { item, right } of marked) {
    for (const id of item.statements) {
      const entry = (byStatement[id] ??= { right: 0, n: 0 });
      entry.n++;
      if (right) entry.right++;
    }
  }
  return {
    ...tally(counted),
    byTier: group(marked, (item) => item.tier),
    byCategory: group(counted, (item) => firstOf(item)?.category ?? "unknown"),
    byKind: group(counted, (item) => item.kind),
    byDepth: group(counted, (item) =>
      String(Math.max(...item.statements.map((id) => known.get(id)?.depth ?? 0))),
    ),
    byForm: group(counted, (item) => ("choices" in item ? "choice" : "generated")),
    ...(generatedSeen.length > 0 && { generatedSeen: tally(generatedSeen) }),
    nullPrompt,
    byStatement,
  };
}

function tally(marked: readonly Marked[]): Score {
  return score(marked.filter(({ right }) => right).length, marked.length);
}

function group(
  marked: readonly Marked[],
  keyOf: (item: ExamItem) => string,
): Record<string, Score> {
  const groups = new Map<string, Marked[]>();
  for (const entry of marked) {
    const key = keyOf(entry.item);
    (groups.get(key) ?? groups.set(key, []).get(key)!).push(entry);
  }
  return Object.fromEntries(
    [...groups]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, entries]) => [key, tally(entries)]),
  );
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += batchSize) yield items.slice(i, i + batchSize);
}
