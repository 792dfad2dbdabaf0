import type { ParsedPolicy } from "../policy/statement.ts";
import { stateCase, type Vocabulary } from "./cases.ts";
import type { Made } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { fill, frames } from "./frames.ts";
import { names, type Voice } from "./lexicon.ts";
import type { Random } from "./random.ts";
import { contentWords, reword, sentence, type Wording } from "./wording.ts";

export interface Question {
  text: string;
  made: Made;
}

/** How freely a voice rewords: the chance that a lexicon word changes, and that a small word goes. */
const freedom: Readonly<Record<Voice, { rate: number; drop: number }>> = {
  train: { rate: 0.4, drop: 0.15 },
  exam: { rate: 1, drop: 0.1 },
  second: { rate: 1, drop: 0.1 },
};

/** Writes the questions of one policy. */
export class QuestionWriter {
  readonly #kept: ReadonlySet<string>;
  readonly #vocabulary: Vocabulary;

  /** The words of headings are the policy's own terms: they stay as they are in every voice. */
  constructor(policy: ParsedPolicy, vocabulary: Vocabulary) {
    this.#kept = new Set(
      policy.statements.flatMap((statement) => statement.section.slice(1).flatMap(contentWords)),
    );
    this.#vocabulary = vocabulary;
  }

  write(fact: Fact, voice: Voice, random: Random): Question {
    const frame = random.pick(frames[voice][fact.shape]);
    const name = random.pick(names[voice]);
    const asked = this.#ask(fact, voice, random);
    const usesName = frame.includes("{name}");
    return {
      text: fill(frame, { q: asked.text, about: fact.about, name }),
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

  #ask(
    fact: Fact,
    voice: Voice,
    random: Random,
  ): Wording & { assignment: string; numbers: string[] } {
    switch (fact.shape) {
      case "gap":
      case "finish":
        return { ...this.#reword(fact.ask, voice, random), assignment: "", numbers: [] };
      case "topic":
      case "keep":
      case "break": {
        const words = some(contentWords(fact.ask), random.int(3, 6), random);
        return { ...this.#reword(words.join(" "), voice, random), assignment: "", numbers: [] };
      }
      case "case": {
        const facts = stateCase(fact.tests, this.#vocabulary, voice, random);
        const words = some(fact.ask.split(" ").filter(Boolean), random.int(1, 3), random);
        const joint = random.pick([" and ", ", ", "; "]);
        const texts = facts.map(({ text }) => text);
        const said = this.#reword(texts.join(joint), voice, random);
        return {
          text: words.length > 0 ? `${words.join(" ")}: ${said.text}` : said.text,
          lexicon: said.lexicon,
          assignment: texts.sort().join(" & "),
          numbers: facts.flatMap(({ number }) => number ?? []),
        };
      }
    }
  }

  #reword(text: string, voice: Voice, random: Random) {
    return reword(text, voice, random, { ...freedom[voice], kept: this.#kept });
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
