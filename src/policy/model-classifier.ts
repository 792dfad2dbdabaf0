import { featuresOf } from "./category-features.ts";
import type { Classifier, ClassifierInput, Verdict } from "./classifier.ts";
import { rulesClassifier } from "./rules.ts";
import { categories } from "./statement.ts";

/** What a model is asked about a statement. */
export interface CategoryQuestion {
  /** The statement's plain text. */
  text: string;
  /** What the rules found (`featuresOf`). */
  features: readonly number[];
}

/** How likely each of the four categories is, in the order of `categories`; they sum to 1. */
export type CategoryOdds = readonly number[];

/** A model that tells categories: the small network in the extension, or a test's. */
export interface CategoryModel {
  /** @returns the odds of each question, in their order. */
  odds(questions: readonly CategoryQuestion[]): Promise<readonly CategoryOdds[]>;
}

/** What the rules say of an input, and what the model is asked about it. */
interface Asked {
  verdict: Verdict;
  question: CategoryQuestion;
  /** Equal for equal questions. */
  key: string;
}

/** How many answers are kept: a long policy has a few thousand statements. */
const kept = 20_000;

/**
 * Rules at once, and a model for what they are not sure of. The model takes its time, so that
 * `classify` answers with what is known, and `answer` asks what came up meanwhile; afterwards the
 * same inputs may get another verdict.
 */
export class ModelClassifier implements Classifier {
  readonly #model: CategoryModel;
  /** By the input itself: a review asks again about every statement of a policy. */
  readonly #rules = new WeakMap<ClassifierInput, Asked>();
  readonly #known = new Map<string, CategoryOdds>();
  #open = new Map<string, CategoryQuestion>();
  #answering: Promise<void> = Promise.resolve();

  constructor(model: CategoryModel) {
    this.#model = model;
  }

  /** Whether something was classified that the model has not been asked about. */
  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  classify(input: ClassifierInput): Verdict {
    let found = this.#rules.get(input);
    if (found === undefined) {
      const verdict = rulesClassifier.classify(input);
      const question = questionOf(input, verdict);
      found = { verdict, question, key: JSON.stringify(question) };
      this.#rules.set(input, found);
    }
    const { verdict, question, key } = found;
    const odds = this.#known.get(key);
    if (odds !== undefined) return weigh(verdict, odds);
    this.#open.set(key, question);
    return verdict;
  }

  /**
   * Asks the model what has come up since; done when everything asked before is answered too. Its
   * error is the caller's, and the rules' word stays.
   */
  answer(): Promise<void> {
    const earlier = this.#answering.catch(() => undefined);
    const open = this.#open;
    this.#open = new Map();
    this.#answering = Promise.all([earlier, this.#ask([...open])]).then(() => undefined);
    return this.#answering;
  }

  async #ask(open: readonly (readonly [key: string, question: CategoryQuestion])[]): Promise<void> {
    if (open.length === 0) return;
    const odds = await this.#model.odds(open.map(([, question]) => question));
    for (const [i, [key]] of open.entries()) this.#known.set(key, odds[i]!);
    // The oldest answers go first: a map keeps the order in which they came.
    for (const key of this.#known.keys()) {
      if (this.#known.size <= kept) break;
      this.#known.delete(key);
    }
  }
}

/** What the model is asked about an input that the rules gave a verdict on. */
export function questionOf(input: ClassifierInput, verdict: Verdict): CategoryQuestion {
  return {
    text: input.text,
    features: featuresOf(input, verdict),
  };
}

/** The model has seen what the rules found; its word counts, and theirs where they agree. */
function weigh(verdict: Verdict, odds: CategoryOdds): Verdict {
  const likeliest = odds.reduce((best, each, i) => (each > odds[best]! ? i : best), 0);
  const category = categories[likeliest]!;
  const confidence = Math.round(100 * odds[likeliest]!) / 100;
  if (category === verdict.category) return { ...verdict, confidence };
  const share = Math.round(100 * odds[likeliest]!);
  return {
    category,
    confidence,
    decidedBy: "model",
    why: `the model gives it ${share} %, the rules say ${verdict.category}: ${verdict.why}`,
  };
}
