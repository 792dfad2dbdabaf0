import type { Random } from "../synthesis/random.ts";
import type { Domain } from "./domain.ts";
import type { Style } from "./knobs.ts";
import type { Facts } from "./solver.ts";
import type { Value } from "./tree.ts";
import { measured, type Testable } from "./variables.ts";
import { otherValues } from "./cases.ts";
import { capital, series } from "./words.ts";

/** A fact as the user tells it. */
export interface Stated {
  key: string;
  /** "my loyalty tier is gold" */
  clause: string;
  /** "loyalty tier: gold" */
  short: string;
}

/** The user's words for facts, in random order. */
export function statements(
  domain: Domain,
  told: readonly Testable[],
  facts: Facts,
  random: Random,
): Stated[] {
  return random
    .shuffle(told)
    .map((testable) => state(domain, testable, facts.get(testable.variable.key)!));
}

function state(domain: Domain, { variable, field, noun }: Testable, value: Value): Stated {
  const key = variable.key;
  if (field.kind === "flag") {
    const me = field.me ?? field;
    const clause = value === true ? me.yes : me.no;
    return { key, clause, short: clause };
  }
  const said = field.kind === "number" ? measured(field, Number(value)) : String(value);
  const mine = noun.replace(`the ${domain.person}'s `, "my ");
  return {
    key,
    clause: `${mine} is ${said}`,
    short: `${mine.replace(/^(?:the|my) /, "")}: ${said}`,
  };
}

/** True things that bear on nothing: other fields of the same record, and what became of others. */
export function distractors(
  domain: Domain,
  unused: readonly Testable[],
  valueOf: (testable: Testable) => Value,
  count: number,
  random: Random,
): string[] {
  const others = ["My sister", "A colleague", "My neighbour", "A friend of mine", "My flatmate"];
  const pool = random.shuffle(unused);
  return Array.from({ length: count }, (_, i): string => {
    const testable = pool[i];
    const own = testable === undefined ? undefined : valueOf(testable);
    if (
      testable !== undefined &&
      own !== undefined &&
      (i % 2 === 0 || testable.field.kind === "flag")
    ) {
      return `By the way, ${state(domain, testable, own).clause}.`;
    }
    if (testable?.field.kind === "number" && own !== undefined) {
      const value = random.pick(otherValues(testable, own));
      return `${random.pick(others)} once had ${String(value)} ${testable.field.unit} there.`;
    }
    return `${random.pick(others)} asked about something similar last year.`;
  });
}

interface Asked {
  /** "cancel the booking" */
  act: string;
  stated: readonly Stated[];
  wantsTerms: boolean;
}

interface Voice {
  open: readonly string[];
  /** `{act}` and `{id}` are filled in. */
  ask: readonly string[];
  next: readonly string[];
  terms: readonly string[];
  close: readonly string[];
  say: (stated: readonly Stated[]) => string;
}

const sentence = (stated: readonly Stated[]): string =>
  stated.length === 0 ? "" : `${capital(series(stated.map(({ clause }) => clause)))}.`;

const voices: Readonly<Record<Style, Voice>> = {
  plain: {
    open: ["", "Hello.", "Good morning."],
    ask: ["Please {act} for me, number {id}.", "I would like you to {act}. The number is {id}."],
    next: ["Also, please {act}.", "Then please {act}, too."],
    terms: ["What are the exact terms?", "Please tell me on what terms."],
    close: ["", "Thank you."],
    say: sentence,
  },
  terse: {
    open: [""],
    ask: ["{act}, {id}.", "{id}: {act}."],
    next: ["Also: {act}.", "And {act}."],
    terms: ["State terms.", "Terms?"],
    close: [""],
    say: (stated) =>
      stated.length === 0 ? "" : `${capital(stated.map((s) => s.short).join("; "))}.`,
  },
  chatty: {
    open: ["Hi there, I hope your day is going well!", "Hey, me again."],
    ask: [
      "So I was wondering, could you {act} for me? It is the one with the number {id}.",
      "You know {id}, right? I was hoping you could {act}.",
    ],
    next: [
      "Oh, and while you are at it, could you {act} as well?",
      "One more thing: {act}, please.",
    ],
    terms: ["Just so I know, what would the terms be?", "And tell me the terms, will you?"],
    close: ["Thanks a bunch!", "You are a star, thanks."],
    say: (stated) =>
      stated.length === 0 ? "" : `Just so you know, ${series(stated.map(({ clause }) => clause))}.`,
  },
  formal: {
    open: ["Dear Sir or Madam,", "To whom it may concern:"],
    ask: [
      "I hereby request that you {act}; the reference is {id}.",
      "With reference to {id}, I ask you to {act}.",
    ],
    next: ["I further request that you {act}.", "In addition, I ask you to {act}."],
    terms: ["Kindly inform me of the terms.", "I request a statement of the terms."],
    close: ["Yours faithfully", "Kind regards"],
    say: (stated) =>
      stated.length === 0 ? "" : `I confirm that ${series(stated.map(({ clause }) => clause))}.`,
  },
};

/** A message in the style of a user, with all that is told. */
export function userWords(
  style: Style,
  id: string,
  asked: readonly Asked[],
  aside: readonly string[],
  random: Random,
): string {
  const voice = voices[style];
  const parts = [random.pick(voice.open)];
  asked.forEach(({ act, stated, wantsTerms }, i) => {
    const frame = random.pick(i === 0 ? voice.ask : voice.next);
    parts.push(capital(frame.replace("{act}", act).replace("{id}", id)), voice.say(stated));
    if (wantsTerms) parts.push(random.pick(voice.terms));
  });
  const at = aside.length > 0 ? random.int(1, parts.length) : parts.length;
  parts.splice(at, 0, ...aside);
  parts.push(random.pick(voice.close));
  return parts.filter((part) => part !== "").join(" ");
}
