import type { Random } from "../synthesis/random.ts";
import { Deck } from "./deck.ts";
import type { Domain, TaskPlan } from "./domain.ts";
import {
  elseFrames,
  innerLeads,
  leads,
  nextFrames,
  openings,
  pairFrames,
  ruleFrames,
} from "./frames.ts";
import type { Literal } from "./ordered-rules.ts";
import { fill, joined, type Words } from "./page.ts";
import type { Outcome, PolicyTree } from "./tree.ts";
import { type Testable, wordings } from "./variables.ts";
import { a } from "./words.ts";

/** A task as the document needs it. */
export interface Chapter {
  plan: TaskPlan;
  /** From 1. */
  number: number;
  tree: PolicyTree;
  testable: readonly Testable[];
}

/** Puts conditions, outcomes and rules into words, each time in other words than the time before. */
export class RuleWriter {
  readonly #domain: Domain;
  readonly #random: Random;
  readonly #words = new Map<string, string>();
  readonly #decks = new Map<readonly string[], Deck<string>>();

  constructor(domain: Domain, random: Random) {
    this.#domain = domain;
    this.#random = random;
  }

  deal(frames: readonly string[]): string {
    let deck = this.#decks.get(frames);
    if (deck === undefined) this.#decks.set(frames, (deck = new Deck(frames, this.#random)));
    return deck.deal();
  }

  chance(probability: number): boolean {
    return this.#random.chance(probability);
  }

  opening({ plan }: Chapter): Words {
    return fill(this.deal(openings), this.#person(plan));
  }

  lead({ plan }: Chapter): Words {
    return fill(this.deal(leads), this.#person(plan));
  }

  innerLead(chapter: Chapter, literal: Literal): Words {
    return fill(this.deal(innerLeads), { c: this.condition(chapter, literal) });
  }

  /** The first or only rule of several: "If …, …." */
  rule(chapter: Chapter, literals: readonly Literal[], outcome: string): Words {
    return fill(this.deal(ruleFrames), this.#slots(chapter, literals, outcome));
  }

  /** A further rule: "Otherwise, if …, …." */
  next(chapter: Chapter, literals: readonly Literal[], outcome: string): Words {
    return fill(this.deal(nextFrames), this.#slots(chapter, literals, outcome));
  }

  /** Both sides of a condition in one sentence. */
  pair(chapter: Chapter, literals: readonly Literal[], outcome: string, other: string): Words {
    return fill(this.deal(pairFrames), {
      ...this.#slots(chapter, literals, outcome),
      y: this.outcome(chapter, other),
    });
  }

  /** What is left: "Otherwise, …." */
  rest(chapter: Chapter, outcome: string): Words {
    return fill(this.deal(elseFrames), { y: this.outcome(chapter, outcome) });
  }

  conditions(chapter: Chapter, literals: readonly Literal[]): Words {
    return joined(literals.map((literal) => this.condition(chapter, literal)));
  }

  condition({ tree, testable }: Chapter, { condition: id, isSo }: Literal): Words {
    const { variable, operator, value } = tree.conditions.find((each) => each.id === id)!;
    const tested = testable.find((each) => each.variable.key === variable.key)!;
    // Within a section, a condition keeps its words: other words would seem to mean something else.
    const key = `${id}/${String(isSo)}`;
    const text = this.#words.get(key) ?? this.#random.pick(wordings(tested, operator, value, isSo));
    this.#words.set(key, text);
    return [{ id, text, ...(!isSo && { negated: true }) }];
  }

  outcome({ tree }: Chapter, id: string): Words {
    const outcome = tree.outcomes.find((each) => each.id === id)!;
    return [{ id, text: this.#random.pick(this.#outcomes(outcome)) }];
  }

  #outcomes(outcome: Outcome): string[] {
    const { kind, text } = outcome;
    if (kind === "grant") return [text];
    const { person } = this.#domain;
    if (kind === "decline") {
      const reason = /give (the .+) as the reason$/.exec(text)![1]!;
      return [
        text,
        `turn the request down and name ${reason} as the reason`,
        `refuse the request and state ${reason} as the reason`,
      ];
    }
    const team = /to (the .+)$/.exec(text)![1]!;
    return [text, `hand the request over to ${team}`, `pass the ${person} on to ${team}`];
  }

  #slots(chapter: Chapter, literals: readonly Literal[], outcome: string) {
    return { c: this.conditions(chapter, literals), x: this.outcome(chapter, outcome) };
  }

  #person({ ask }: TaskPlan): Record<string, Words> {
    const { person } = this.#domain;
    return { p: [person], a: [a(person)], ask: [ask] };
  }
}
