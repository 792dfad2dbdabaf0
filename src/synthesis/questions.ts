import { hasVerb } from "../policy/grammar.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import { type Act, actsOf, affirmed, doing } from "./acts.ts";
import { type Cell, cellsOf } from "./attributes.ts";
import { conditionWords, stateCase, type Vocabulary } from "./cases.ts";
import type { Made } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { fill, type Form, frames, openQuestions } from "./frames.ts";
import { names, type Voice } from "./lexicon.ts";
import { enumerate, phrasesOf, somePhrases } from "./phrases.ts";
import type { Random } from "./random.ts";
import { contentWords, inner, reword, sentence, telegraphic, type Wording } from "./wording.ts";

export interface Question {
  text: string;
  made: Made;
}

/** How freely a voice rewords: the chance that a word of the lexicon changes. */
const rates: Readonly<Record<Voice, number>> = { train: 0.4, exam: 1, second: 1 };

/** Words of a statement that it takes to tell which one is meant, and phrases that have them. */
const topicWords = { least: 2, most: 5 };
const mostPhrases = 3;

/** The frames that a question may stand in; of a form that is missing, none is asked in. */
export type FrameSet = Readonly<Partial<Record<Form, readonly string[]>>>;

/** How questions are asked. */
export interface Manner {
  /** Instead of the voice's own. */
  frames?: FrameSet;
  /** Without articles. */
  terse?: boolean;
  /** The part of the policy was named before. */
  partNamed?: boolean;
}

/** What is asked, before it stands in a frame. */
interface Asked extends Wording {
  ask: string;
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

  write(fact: Fact, voice: Voice, random: Random, manner: Manner = {}): Question {
    const known = manner.frames ?? frames[voice];
    const { form, act, condition } = formOf(fact, known, random);
    const all = known[form] ?? [];
    // What stands in several parts is only told apart by its part.
    const naming = fact.shared ? all.filter((frame) => frame.includes("{about}")) : all;
    // "Rosa has come to us, and you are on leave": whoever is addressed is nobody else's case.
    const ours = isAddressed(fact) ? naming.filter((frame) => !frame.includes("{name}")) : naming;
    const frame = random.pick([ours, naming, all].find(({ length }) => length > 0)!);
    const asked = this.#ask(fact, form, isQuoting(frame, form), voice, random, act, condition);
    const says = (text: string) => (manner.terse ? telegraphic(text) : text);
    const name = random.pick(names[voice]);
    // That a rule does not apply is only true of a rule that was asked for.
    const needsPart =
      !manner.partNamed &&
      (fact.answerClass === "not covered" || (fact.shared && naming.length === 0));
    const whole =
      needsPart && !frame.includes("{about}") ? `${frame} ${random.pick(namings)}` : frame;
    const slots = { q: says(asked.text), ask: says(asked.ask), about: fact.about, name };
    return {
      text: fill(whole, slots),
      made: {
        template: frame,
        lexicon: asked.lexicon,
        assignment: [frame.includes("{name}") ? name : "", asked.assignment]
          .filter(Boolean)
          .join(": "),
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
    form: Form,
    quotes: boolean,
    voice: Voice,
    random: Random,
    act?: Act,
    condition?: number,
  ): Asked {
    const plain = (said: Wording): Asked => ({ ...said, ask: "", assignment: "", numbers: [] });
    const worded = (text: string) =>
      quotes ? { text, lexicon: [] } : this.#reword(text, voice, random);
    switch (form) {
      case "gap":
      case "finish":
        return plain(worded(fact.ask));
      case "ask":
        return plain(worded(fact.question ?? fact.ask));
      case "when":
        return plain(worded(conditionWords(fact.statement, condition!)));
      case "act":
      case "skip":
        return plain(worded(doing(act!)));
      case "dare":
        return plain(worded(affirmed(act!)));
      case "topic":
      case "keep":
      case "break":
        return plain(this.#topic(fact.ask, voice, random));
      case "case": {
        const facts = stateCase(fact.tests, this.#vocabulary, voice, random);
        const texts = facts.map(({ text }) => text);
        const joined = texts.some((text) => /,| and /.test(text))
          ? texts.join(", and ")
          : enumerate(texts);
        const said = this.#reword(joined, voice, random);
        const question = fact.ask === "" ? random.pick(openQuestions[voice]) : fact.ask;
        const ask = this.#reword(question, voice, random);
        return {
          text: said.text,
          ask: ask.text,
          lexicon: [...said.lexicon, ...ask.lexicon],
          assignment: texts.sort().join(" & "),
          numbers: facts.flatMap(({ number }) => number ?? []),
        };
      }
    }
  }

  /** Some phrases of a statement, enough to tell it from others. */
  #topic(text: string, voice: Voice, random: Random): Wording {
    const row = cellsOf(text);
    if (row.length > 0) return this.#reword(rowTopic(row, random), voice, random);
    const count = random.int(topicWords.least, topicWords.most);
    const phrases = somePhrases(phrasesOf(text), count, mostPhrases, random);
    const words = phrases.length > 0 ? phrases : some(plainWords(text), mostPhrases, random);
    const said = words.map((phrase) => this.#reword(phrase, voice, random));
    return {
      text: enumerate(said.map(({ text }) => text)),
      lexicon: said.flatMap(({ lexicon }) => lexicon),
    };
  }

  #reword(text: string, voice: Voice, random: Random) {
    return reword(text, voice, random, { rate: rates[voice], kept: this.#kept });
  }
}

/** How a part of the policy is named that the frame does not name. */
const namings = [
  "I mean the rule under “{about}”.",
  "I am asking about “{about}”.",
  "This is about “{about}”.",
];

/** Whether a case is told of someone as "you". */
function isAddressed({ shape, tests }: Fact): boolean {
  return (
    shape === "case" &&
    tests.some(({ statement, condition }) =>
      /\byou\b/i.test(statement.decision!.conditions[condition]!.text),
    )
  );
}

/** Whether a frame says that its words are the policy's own. */
function isQuoting(frame: string, form: Form): boolean {
  return form === "finish" || /[«“]\{q\}|\{q\}.{0,2}[»”]|it says/.test(frame);
}

/** Of the forms that a fact can be asked in and that there are frames for, one. */
function formOf(
  { shape, question, statement }: Fact,
  known: FrameSet,
  random: Random,
): { form: Form; act?: Act; condition?: number } {
  switch (shape) {
    case "gap":
      return { form: question !== undefined && known.ask && random.chance(0.6) ? "ask" : "gap" };
    case "topic": {
      const said = known.when ? saidConditions(statement) : [];
      if (said.length > 0 && random.chance(0.4)) {
        return { form: "when", condition: random.pick(said) };
      }
      break;
    }
    case "keep": {
      const acts = known.act ? actsOf(statement.text) : [];
      if (acts.length > 0 && random.chance(0.5)) return { form: "act", act: random.pick(acts) };
      break;
    }
    case "break": {
      const acts = known.skip && known.dare ? actsOf(statement.text) : [];
      if (acts.length > 0 && random.chance(0.7)) {
        const act = random.pick(acts);
        return { form: act.forbidden ? "dare" : "skip", act };
      }
    }
  }
  return { form: shape };
}

/** The conditions that a statement says in so many words. */
function saidConditions({ text, decision }: Fact["statement"]): number[] {
  if (/^(?:otherwise|else|in all other)\b/i.test(text)) return [];
  const lower = text.toLowerCase();
  return (decision?.conditions ?? []).flatMap((condition, index) =>
    lower.includes(condition.text.toLowerCase()) && hasVerb(condition.text) ? [index] : [],
  );
}

const paraphraseFrames: readonly (readonly [string, string])[] = [
  ["{about}: ", ""],
  ["", " This stands under “{about}”."],
  ["In other words, under “{about}”: ", ""],
  ["What to know about “{about}”: ", ""],
  ["", " ({about})"],
];

/** What names a row of a table: "the service Express", "the price of the service Express". */
function rowTopic([first, ...others]: readonly Cell[], random: Random): string {
  const row = `the ${inner(first!.header)} ${first!.value}`;
  const columns = random.shuffle(others).slice(0, random.int(0, 2));
  if (columns.length === 0) return row;
  return `${enumerate(columns.map(({ header }) => `the ${inner(header)}`))} of ${row}`;
}

/** The words of a text that has no noun phrase; contractions tell nothing. */
function plainWords(text: string): string[] {
  const words = contentWords(text);
  const plain = words.filter((word) => !/['’]/.test(word));
  return plain.length > 0 ? plain : words;
}

/** Some of the words, in their order. */
function some(words: readonly string[], count: number, random: Random): string[] {
  const chosen = new Set(random.shuffle(words).slice(0, count));
  return words.filter((word) => chosen.has(word));
}
