import type { CptRow, ExamItem, Regenerated, Tier } from "./dataset.ts";
import { refusal, type Fact } from "./facts.ts";
import { wrappers } from "./frames.ts";
import type { Voice } from "./lexicon.ts";
import { normalizeAnswer } from "./normalize.ts";
import type { QuestionWriter } from "./questions.ts";
import { fnv1a, type Random } from "./random.ts";
import { named, roundOf, type Streams } from "./regeneration.ts";
import { RowNames } from "./row-ids.ts";
import { questionIn } from "./row-text.ts";

const choiceCount = 4;
/** Cases are asked more often: each time with another assignment. */
const casesPerLeaf = 2;
/** Of the items with a short answer, how many ask for a written one instead of a choice. */
const writtenShare = 0.36;
const longestWritten = 160;
const mostNear = 2;

type ExamVoice = Exclude<Voice, "train">;
/** Of each kind of item: without its id. */
type Unnamed<Item> = Item extends unknown ? Omit<Item, "id"> : never;
type Draft = Pick<ExamItem, "tier" | "made"> & { fact: Fact; question: string };
type Write = (random: Random) => Draft;

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
  streams: Streams,
  regenerated: Regenerated,
): ExamItem[] {
  const rowsOf = new Map<string, CptRow[]>(facts.map((fact) => [fact.key, []]));
  for (const row of trained) if (row.fact) rowsOf.get(row.fact)?.push(row);
  const choices = new Distractors(facts, voice);
  const drawn = facts.flatMap((fact) => {
    const round = roundOf(regenerated.grammar, fact.statement.id);
    const random = streams(`${voice}/${fact.key}`, round);
    const rows = rowsOf.get(fact.key)!;
    // A statement that says what another said before has no rows of its own to ask again.
    const remembered: Write[] = rows.length === 0 ? [] : memory(fact, rows, voice);
    const tier: Tier = ["case", "keep", "break"].includes(fact.shape) ? "scenario" : "reworded";
    const fresh: Write = (random) => {
      const { text, made } = writer.write(fact, voice, random);
      return { fact, tier, question: text, made };
    };
    const count = fact.shape === "case" ? casesPerLeaf : 1;
    const writes = [...remembered, ...new Array<Write>(count).fill(fresh)];
    // All questions come before the choices of any.
    const drafts = writes.map((write) => write(random));
    return drafts.map((draft, at) => {
      const finish = (draft: Draft, random: Random) => ({
        row: item(draft, choices, identifier, random),
        text: draft.question,
      });
      return {
        ...finish(draft, random),
        again: (other: Random) => finish(writes[at]!(other), other),
      };
    });
  });
  return named(new RowNames("e"), drawn, regenerated, streams);
}

/** A trained question as it was, and one in an unseen wrapper. */
function memory(fact: Fact, rows: readonly CptRow[], voice: ExamVoice): Write[] {
  return [
    (random) => {
      const row = random.pick(rows);
      return { fact, tier: "seen", question: questionIn(row), made: row.made! };
    },
    (random) => {
      const row = random.pick(rows);
      const wrapper = random.pick(wrappers[voice]);
      return {
        fact,
        tier: "rewrapped",
        question: wrapper.replace("{q}", () => questionIn(row)),
        made: { ...row.made!, template: wrapper },
      };
    },
  ];
}

function item(
  { fact, tier, question, made }: Draft,
  distractors: Distractors,
  identifier: string,
  random: Random,
): Unnamed<ExamItem> {
  const base = {
    kind: fact.kind,
    tier,
    statements: [fact.statement.id],
    prompt: [
      { role: "system" as const, content: identifier },
      { role: "user" as const, content: question },
    ],
    made,
  };
  const written = random.chance(writtenShare) && fact.answer.length <= longestWritten;
  const others = written ? [] : distractors.of(fact, tier);
  if (others.length < choiceCount - 1) return { ...base, expected: fact.answer };
  const choices = random.shuffle([fact.answer, ...others.map(({ answer }) => answer)]);
  const uses = [...new Set(others.map(({ statement }) => statement.id))].filter(
    (id) => id !== fact.statement.id,
  );
  return { ...base, uses, choices, answer: choices.indexOf(fact.answer) };
}

/** A possible choice, and the statement that says it. */
type Choice = Pick<Fact, "answer" | "statement" | "about">;

/**
 * True answers of other facts of the same class: first the other leaves of the same tree, then
 * answers of the same section, then any. Which ones is a matter of their hash with the question's
 * fact (rendezvous hashing), so that a statement that comes, goes or changes its words touches only
 * the items that it is, or was, a choice of.
 */
class Distractors {
  readonly #byFamily = new Map<string, Fact[]>();
  readonly #voice: ExamVoice;

  constructor(facts: readonly Fact[], voice: ExamVoice) {
    this.#voice = voice;
    for (const fact of facts) {
      const known = this.#byFamily.get(family(fact));
      if (known) known.push(fact);
      else this.#byFamily.set(family(fact), [fact]);
    }
  }

  of(fact: Fact, tier: Tier): Choice[] {
    const rank = (answer: string) => fnv1a(`${this.#voice}/${tier}/${fact.key}/${answer}`);
    const others = this.#byFamily
      .get(family(fact))!
      .filter((other) => other !== fact)
      .map((other) => ({ other, rank: rank(other.answer) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ other }) => other);
    const near = others.filter((other) => other.about === fact.about).slice(0, mostNear);
    const rivals = fact.answerClass === "refusal" ? [] : fact.rivals;
    const chosen: Choice[] = [];
    const known = new Set([bare(fact.answer)]);
    for (const choice of [
      ...rivals.map((answer) => ({ answer, statement: fact.statement, about: fact.about })),
      ...near,
      ...others,
    ]) {
      if (chosen.length === choiceCount - 1) break;
      const key = bare(choice.answer);
      if (known.has(key)) continue;
      known.add(key);
      chosen.push(choice);
    }
    return chosen;
  }
}

function bare(answer: string): string {
  return normalizeAnswer(answer.replace(refusal, ""));
}

function family(fact: Fact): string {
  return fact.answerClass.split("/")[0]!;
}
