import type { DatasetManifest, ExamItem } from "../synthesis/dataset.ts";
import { normalizeAnswer } from "../synthesis/normalize.ts";
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
}

/**
 * Examines a model: choices are ranked by log-likelihood per token, written answers must equal the
 * expected one after normalisation. The choices are ranked once more with no question at all (the
 * null prompt): the exam is valid where that lies at chance.
 * @param onProgress called with the items done, of all.
 */
export async function examine(
  model: ExamModel,
  exam: readonly ExamItem[],
  statements: DatasetManifest["statements"],
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Arm> {
  const choices = exam.filter((item): item is ChoiceItem => "choices" in item);
  const written = exam.filter((item): item is WrittenItem => "expected" in item);
  const total = exam.length + choices.length;
  const marked: Marked[] = [];
  let done = 0;
  const advance = (by: number) => onProgress((done += by), total);

  for (const items of chunks(choices)) {
    const ranked = await rank(model, items);
    marked.push(...items.map((item, i) => ({ item, right: ranked[i] === item.answer })));
    advance(items.length);
  }
  for (const items of chunks(written)) {
    const answers = await model.generate(
      items.map(({ prompt }) => prompt),
      maxAnswerTokens,
    );
    marked.push(...items.map((item, i) => ({ item, right: matches(answers[i]!, item.expected) })));
    advance(items.length);
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
