import type { Made, Message, Regenerated, SftRow, User, Weights } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { fill } from "./frames.ts";
import { names } from "./lexicon.ts";
import { enumerate } from "./phrases.ts";
import type { Question, QuestionWriter } from "./questions.ts";
import type { Random } from "./random.ts";
import { reasoning } from "./reasoning.ts";
import { type Drawn, moreOf, named, roundOf, type Streams } from "./regeneration.ts";
import { RowNames } from "./row-ids.ts";
import { conditionWords } from "./cases.ts";
import { toolTrajectory, type ToolBox } from "./tool-trajectories.ts";
import { answerMark, reasoningMark } from "./training-rows.ts";
import {
  askBacks,
  beliefs,
  believedOrders,
  chatty,
  openings,
  partOpenings,
  pushes,
  replies,
  terseFrames,
  type TrajectoryShape,
  wrongAboutDuties,
} from "./users.ts";
import { inner } from "./wording.ts";
import { isImperative } from "../policy/grammar.ts";

/** Trajectories of a fact by the user they are with; a case has all of them. */
const trajectories: Readonly<Record<User, number>> = {
  plain: 2,
  terse: 1,
  chatty: 1,
  mistaken: 1,
  insistent: 1,
  piecemeal: 1,
};
const usersOf: Readonly<Record<TrajectoryShape, readonly User[]>> = {
  case: ["plain", "terse", "chatty", "mistaken", "insistent", "piecemeal"],
  keep: ["plain", "terse", "chatty", "mistaken", "insistent"],
  break: ["plain", "terse", "chatty", "insistent"],
};
/** Those who ask for something to be done. */
const toolUsers: readonly User[] = ["plain", "terse", "chatty", "insistent"];

/**
 * Trajectories for fine-tuning: a case or a rule at stake, as different users bring it, reasoning
 * that cites, and the answer; or the call of a tool, where one carries the outcome out. What a
 * weight adds follows all others.
 */
export function sftRows(
  facts: readonly Fact[],
  writer: QuestionWriter,
  identifier: string,
  streams: Streams,
  tools: ToolBox | undefined,
  regenerated: Regenerated,
  weights: Weights,
): SftRow[] {
  const rowsOf = (fact: Fact, times: number, key: string): Drawn<Omit<SftRow, "id">>[] => {
    const { shape } = fact;
    if (shape !== "case" && shape !== "keep" && shape !== "break") return [];
    const round = roundOf(regenerated.grammar, fact.statement.id);
    const random = streams(key, round);
    const tool = tools?.toolFor(fact);
    const draw = (user: User, random: Random): { row: Omit<SftRow, "id">; text: string } => {
      const { turns, made, ending } = (tool &&
        toolTrajectory(fact, tool, user, writer, random)) ?? {
        ...dialogue(fact, user, writer, random),
        ending: answered(fact),
      };
      const row: Omit<SftRow, "id"> = {
        kind: fact.kind,
        statements: [fact.statement.id],
        fact: fact.key,
        prompt: [{ role: "system", content: identifier }, ...turns],
        completion: [ending],
        ...(tools && { tools: tools.json }),
        made: { ...made, user },
      };
      return { row, text: userWords(turns) };
    };
    return (tool ? toolUsers : usersOf[shape]).flatMap((user) =>
      Array.from({ length: times * trajectories[user] }, () => ({
        ...draw(user, random),
        again: (other: Random) => draw(user, other),
      })),
    );
  };
  const plain = facts.flatMap((fact) => rowsOf(fact, 1, `trajectory/${fact.key}`));
  const added = facts.flatMap((fact) =>
    rowsOf(fact, moreOf(weights, fact.statement.id), `more/trajectory/${fact.key}`),
  );
  const names = new RowNames("t");
  return [plain, added].flatMap((drawn) => named(names, drawn, regenerated, streams));
}

/** What tells two trajectories of a fact apart: the agent says the same in both. */
function userWords(turns: readonly Message[]): string {
  const said = turns.filter(({ role }) => role === "user");
  return said.map(({ content }) => content).join("\n");
}

function answered(fact: Fact): Message {
  const content = `${reasoningMark}${reasoning(fact)}\n${answerMark}${fact.answer}`;
  return { role: "assistant", content };
}

interface Dialogue {
  /** What was said before the last answer. */
  turns: Message[];
  made: Made;
}

function dialogue(fact: Fact, user: User, writer: QuestionWriter, random: Random): Dialogue {
  switch (user) {
    case "plain":
      return single(writer.write(fact, "train", random));
    case "terse":
      return single(writer.write(fact, "train", random, { frames: terseFrames, terse: true }));
    case "chatty": {
      const question = writer.write(fact, "train", random);
      const text = `${random.pick(chatty.before)}${question.text}${random.pick(chatty.after)}`;
      return single({ ...question, text });
    }
    case "mistaken": {
      const question = writer.write(fact, "train", random);
      return single({ ...question, text: `${question.text} ${belief(fact, random)}` });
    }
    case "insistent": {
      const { turns, made } = single(writer.write(fact, "train", random));
      return {
        turns: [...turns, says("assistant", fact.answer), says("user", random.pick(pushes))],
        made,
      };
    }
    case "piecemeal":
      return piecemeal(fact, writer, random);
  }
}

function single({ text, made }: Question): Dialogue {
  return { turns: [says("user", text)], made };
}

function says(role: "user" | "assistant", content: string): Message {
  return { role, content };
}

/** What someone might believe instead: how the same rule ends in another case. */
function belief(fact: Fact, random: Random): string {
  if (fact.rivals.length === 0) {
    return random.pick(beliefs).replace("{wrong}", () => random.pick(wrongAboutDuties));
  }
  const [rival = ""] = random.pick(fact.rivals).split(/(?<=\.)\s(?=It applies only if)/);
  const wrong = inner(rival);
  const isOrder = isImperative(wrong);
  const banned = /^(?:do not|never) (?<act>.+)$/i.exec(wrong)?.groups?.["act"];
  if (banned !== undefined) {
    return random.pick(beliefs).replace("{wrong}", () => `you must not ${banned}`);
  }
  return random.pick(isOrder ? believedOrders : beliefs).replace("{wrong}", () => wrong);
}

/** The case comes out only when the agent asks for it. */
function piecemeal(fact: Fact, writer: QuestionWriter, random: Random): Dialogue {
  const name = random.pick(names.train);
  const opening = fill(random.pick(fact.ask === "" ? partOpenings : openings), {
    name,
    ask: fact.ask,
    about: fact.about,
  });
  const asked = fact.tests.map(
    ({ statement, condition }) => `whether ${conditionWords(statement, condition)}`,
  );
  const askBack = fill(random.pick(askBacks), { whether: enumerate([...new Set(asked)]) });
  const { text, made } = writer.write(fact, "train", random, {
    frames: replies,
    partNamed: fact.ask === "",
  });
  const assignment = [name, made.assignment].filter(Boolean).join(": ");
  return {
    turns: [says("user", opening), says("assistant", askBack), says("user", text)],
    made: { ...made, assignment },
  };
}
