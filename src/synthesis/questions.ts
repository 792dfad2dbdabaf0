import type { ParsedPolicy } from "../policy/statement.ts";
import { cellsOf } from "./attributes.ts";
import { stateCase, type Vocabulary } from "./cases.ts";
import type { Made } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { fill, frames } from "./frames.ts";
import { names, type Voice } from "./lexicon.ts";
import { enumerate, phrasesOf, somePhrases } from "./phrases.ts";
import type { Random } from "./random.ts";
import { contentWords, reword, sentence, type Wording } from "./wording.ts";

export interface Question {
  text: string;
  made: Made;
}

/** How freely a voice rewords: the chance that a lexicon word changes, and that a small word goes. */
const freedom: Readonly<Record<Voice, { rate: number; drop: number }>> = {
  train: { rate: 0.4, drop: 0 },
  exam: { rate: 1, drop: 0.1 },
  second: { rate: 1, drop: 0.1 },
};

/** The chance that a training question leaves out small words, as terse people do. */
const terse = { chance: 0.25, drop: 0.5 };
/** Words of a statement that it takes to tell which one is meant. */
const topicWords = { least: 3, most: 6 };

/** What is asked, before it stands in a frame. */
interface Asked extends Wording {
  topic?: string;
  assignment: string;
  numbers: string[];
}

/**
 * The words of headings, also of tables, are the policy's own terms: they stay as they are in every
 * voice.
 */
export function keptWords({ statements }: ParsedPolicy): ReadonlySet<string> {
  const headings = statements.flatMap(({ section, text }) => [
    ...section.slice(1),
    ...cellsOf(text).map(({ header }) => header),
  ]);
  return new Set(headings.flatMap(contentWords));
}

/** Writes the questions of one policy. */
export class QuestionWriter {
  readonly #kept: ReadonlySet<string>;
  readonly #vocabulary: Vocabulary;

  constructor(policy: ParsedPolicy, vocabulary: Vocabulary) {
    this.#kept = keptWords(policy);
    this.#vocabulary = vocabulary;
  }

  write(fact: Fact, voice: Voice, random: Random): Question {
    return this.writeIn(random.pick(frames[voice][fact.shape]), fact, voice, random);
  }

  /** A question in a frame of one's own. */
  writeIn(frame: string, fact: Fact, voice: Voice, random: Random): Question {
    const name = random.pick(names[voice]);
    const asked = this.#ask(fact, voice, random);
    const usesName = frame.includes("{name}");
    const { text: q, topic = fact.about } = asked;
    // The part of the policy is named once.
    const once = asked.topic === undefined ? frame.replace(" ({about})", "") : frame;
    // That a rule does not apply is only true of a rule that was asked for.
    const unclear = fact.answerClass === "not covered" && asked.topic !== undefined;
    const said = unclear && !once.includes("{about}") ? `${once} ({about})` : once;
    return {
      text: fill(said, { q, topic, about: fact.about, name }),
      made: {
        template: frame,
        lexicon: asked.lexicon,
        assignment: [usesName ? name : "", asked.assignment].filter(Boolean).join(": "),
        numbers: asked.numbers,
      },
    };
  }

  /** A statement in other words, for reading: tied to its part of the policy. */
  paraphrase(fact: Fact, random: Random): Question {
    const said = this.#reword(fact.statement.text, "train", random);
    const [before, after] = random.pick(paraphraseFrames);
    return {
      text: `${before.replace("{about}", fact.about)}${sentence(said.text)}${after.replace("{about}", fact.about)}`,
      made: { template: `${before}…${after}`, lexicon: said.lexicon, assignment: "", numbers: [] },
    };
  }

  #ask(fact: Fact, voice: Voice, random: Random): Asked {
    switch (fact.shape) {
      case "gap":
      case "finish":
        return { ...this.#reword(fact.ask, voice, random), assignment: "", numbers: [] };
      case "topic":
      case "keep":
      case "break":
        return { ...this.#topic(fact.ask, voice, random), assignment: "", numbers: [] };
      case "case": {
        const facts = stateCase(fact.tests, this.#vocabulary, voice, random);
        const joint = random.pick([" and ", ", ", "; "]);
        const texts = facts.map(({ text }) => text);
        const said = this.#reword(texts.join(joint), voice, random);
        const topic = fact.ask === "" ? undefined : this.#reword(fact.ask, voice, random);
        return {
          text: said.text,
          ...(topic && { topic: topic.text }),
          lexicon: [...said.lexicon, ...(topic?.lexicon ?? [])],
          assignment: texts.sort().join(" & "),
          numbers: facts.flatMap(({ number }) => number ?? []),
        };
      }
    }
  }

  /** Some phrases of a statement, enough to tell it from others. */
  #topic(text: string, voice: Voice, random: Random): Wording {
    const count = random.int(topicWords.least, topicWords.most);
    const phrases = somePhrases(phrasesOf(text), count, random);
    const words = phrases.length > 0 ? phrases : some(contentWords(text), count, random);
    const said = words.map((phrase) => this.#reword(phrase, voice, random));
    return {
      text: enumerate(said.map(({ text }) => text)),
      lexicon: said.flatMap(({ lexicon }) => lexicon),
    };
  }

  #reword(text: string, voice: Voice, random: Random) {
    const { rate, drop } = freedom[voice];
    const leavesOut = voice === "train" && random.chance(terse.chance);
    return reword(text, voice, random, {
      rate,
      drop: leavesOut ? terse.drop : drop,
      kept: this.#kept,
    });
  }
}

const paraphraseFrames: readonly (readonly [string, string])[] = [
  ["{about}: ", ""],
  ["", " That stands under {about}."],
  ["In other words, on {about}: ", ""],
  ["To know about {about}: ", ""],
  ["", " ({about})"],
];

/** Some of the words, in their order. */
function some(words: readonly string[], count: number, random: Random): string[] {
  const chosen = new Set(random.shuffle(words).slice(0, count));
  return words.filter((word) => chosen.has(word));
}
