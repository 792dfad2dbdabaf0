import type { CptRow, ExamItem, Tier } from "./dataset.ts";
import { refusal, type Fact } from "./facts.ts";
import { wrappers } from "./frames.ts";
import type { Voice } from "./lexicon.ts";
import { normalizeAnswer } from "./normalize.ts";
import type { QuestionWriter } from "./questions.ts";
import { answerMark } from "./training-rows.ts";
import type { Random } from "./random.ts";

const choiceCount = 4;
/** Cases are asked more often: each time with another assignment. */
const casesPerLeaf = 2;
/** One item in so many asks for a written answer instead of a choice. */
const generatedEvery = 3;
const longestGenerated = 160;

type ExamVoice = Exclude<Voice, "train">;
type Draft = Pick<ExamItem, "tier" | "made"> & { fact: Fact; question: string };

/**
 * The exam: for each fact a trained question as it was, the same in an unseen wrapper, and new
 * questions in the exam's own words (method: four tiers; distractors are true answers of other
 * facts, so that an option never gives itself away).
 */
export function examItems(
  facts: readonly Fact[],
  trained: readonly CptRow[],
  writer: QuestionWriter,
  identifier: string,
  voice: ExamVoice,
  random: Random,
): ExamItem[] {
  const rowsOf = new Map<string, CptRow[]>(facts.map((fact) => [fact.key, []]));
  for (const row of trained) if (row.fact) rowsOf.get(row.fact)?.push(row);
  const drafts = facts.flatMap((fact): Draft[] => {
    const row = random.pick(rowsOf.get(fact.key)!);
    const other = random.pick(rowsOf.get(fact.key)!);
    const wrapper = random.pick(wrappers[voice]);
    const fresh = fact.shape === "case" ? casesPerLeaf : 1;
    const tier: Tier = ["case", "keep", "break"].includes(fact.shape) ? "scenario" : "reworded";
    return [
      { fact, tier: "seen", question: questionOf(row), made: row.made! },
      {
        fact,
        tier: "rewrapped",
        question: wrapper.replace("{q}", questionOf(other)),
        made: { ...other.made!, template: wrapper },
      },
      ...Array.from({ length: fresh }, () => {
        const { text, made } = writer.write(fact, voice, random);
        return { fact, tier, question: text, made };
      }),
    ];
  });
  const turns = new Map<string, number>();
  return drafts.map((draft, index) => {
    const turn = turns.get(draft.tier) ?? 0;
    turns.set(draft.tier, turn + 1);
    return item(draft, `e-${String(index + 1).padStart(4, "0")}`, turn, facts, identifier, random);
  });
}

function questionOf(row: CptRow): string {
  return row.text.slice(
    row.text.indexOf("Question: ") + 10,
    row.answerStart! - answerMark.length - 1,
  );
}

function item(
  { fact, tier, question, made }: Draft,
  id: string,
  turn: number,
  facts: readonly Fact[],
  identifier: string,
  random: Random,
): ExamItem {
  const base = {
    id,
    kind: fact.kind,
    tier,
    statements: [fact.statement.id],
    prompt: [
      { role: "system" as const, content: identifier },
      { role: "user" as const, content: question },
    ],
    made,
  };
  const written = turn % generatedEvery === 0 && fact.answer.length <= longestGenerated;
  const others = written ? [] : distractors(fact, facts, random);
  if (others.length < choiceCount - 1) return { ...base, expected: fact.answer };
  const choices = random.shuffle([fact.answer, ...others]);
  return { ...base, choices, answer: choices.indexOf(fact.answer) };
}

/**
 * True answers of other facts of the same class: first the other leaves of the same tree, then
 * answers of the same section, then any.
 */
function distractors(fact: Fact, facts: readonly Fact[], random: Random): string[] {
  const sameClass = random.shuffle(
    facts.filter((other) => family(other) === family(fact) && other !== fact),
  );
  const near = sameClass.filter((other) => other.about === fact.about).slice(0, 2);
  const chosen: string[] = [];
  const bare = (answer: string) => normalizeAnswer(answer.replace(refusal, ""));
  const known = new Set([bare(fact.answer)]);
  const candidates = [
    ...(fact.answerClass === "refusal" ? [] : fact.rivals),
    ...near.map((other) => other.answer),
    ...sameClass.map((other) => other.answer),
  ];
  for (const answer of candidates) {
    const key = bare(answer);
    if (known.has(key) || chosen.length === choiceCount - 1) continue;
    known.add(key);
    chosen.push(answer);
  }
  return chosen;
}

function family(fact: Fact): string {
  return fact.answerClass.split("/")[0]!;
}
