import type { CptRow, Dataset, Message, SftRow } from "../../../synthesis/dataset.ts";
import type { Random } from "../../../synthesis/random.ts";
import { answerMark, questionText, reasoningMark } from "../../../synthesis/training-rows.ts";
import type { OnnxHyperparameters } from "../../spec.ts";
import type { Sequence } from "./feeds.ts";
import type { Tokenizer } from "./tokenizer.ts";

/**
 * How rows become what the embedded engine trains on. Full loss on statements, loss on the answer
 * only for questions and scenarios (method notes of CAP-CPT, arXiv 2510.11588; the rest is ours).
 */
export const defaultHyperparameters: OnnxHyperparameters = {
  layers: 4,
  heads: 4,
  width: 128,
  context: 256,
  vocabulary: 1500,
  batchTokens: 512,
  cptTokens: 2_000_000,
  sftTokens: 60_000,
  peakRate: 2e-3,
  warmup: 0.05,
  finalRate: 0.1,
  beta1: 0.9,
  beta2: 0.98,
  weightDecay: 0.1,
  clipNorm: 1,
  replay: 0.85,
  promptDropout: 0.15,
  promptReplacement: 0.1,
  promptInsertion: 0.5,
  checkpointEverySteps: 200,
};

/**
 * Fine-tuning goes on where pretraining's rate has come down to, as a share of its peak. Warming up
 * again cost points on scenarios (0.3: 0.77 to 0.68; 0.15: 0.72 to 0.70; 0.05: none lost).
 */
export const sftRateShare = 0.05;
/** The chance that a trajectory is learned without its reasoning, so that both ways are known. */
const directAnswers = 0.7;
const longestInsertion = 10;
/** Every so many rows of pretraining are held out for the held-out loss. */
export const heldOutEvery = 50;

/** A row ready for training: `prompt` carries no loss where `question` is set. */
interface Example {
  prompt: readonly number[];
  completion: readonly number[];
  question: boolean;
}

/** What of a dataset is trained on. */
export interface Taught {
  manifest: Pick<Dataset["manifest"], "identifier">;
  cpt: readonly CptRow[];
  sft: readonly SftRow[];
}

/** Turns rows into tokens once, and into fresh sequences each epoch. */
export class Curriculum {
  readonly #tokenizer: Tokenizer;
  readonly #hyperparameters: OnnxHyperparameters;
  readonly #cpt: readonly Example[];
  readonly #sft: readonly { direct: Example; reasoned: Example }[];
  /** Tokens before and after the question itself. */
  readonly #opening: number;
  readonly #closing: number;
  readonly heldOut: readonly Sequence[];

  constructor(dataset: Taught, tokenizer: Tokenizer, hyperparameters: OnnxHyperparameters) {
    this.#tokenizer = tokenizer;
    this.#hyperparameters = hyperparameters;
    const { identifier } = dataset.manifest;
    const [before, after] = questionText(identifier, "\0").split("\0") as [string, string];
    this.#opening = tokenizer.encode(before.trimEnd()).length;
    this.#closing = tokenizer.encode(after.trimEnd()).length;
    const isHeldOut = (row: CptRow, index: number) =>
      row.kind !== "document" && index % heldOutEvery === 0;
    this.#cpt = dataset.cpt
      .filter((row, i) => !isHeldOut(row, i))
      .map((row) => this.#pretraining(row));
    this.heldOut = dataset.cpt
      .filter(isHeldOut)
      .map((row) => this.#sequence(this.#pretraining(row), undefined));
    this.#sft = dataset.sft.map((row) => this.#trajectory(row, identifier));
  }

  /** One epoch of continued pretraining. */
  pretraining(random: Random): Sequence[] {
    return this.#cpt.map((example) => this.#sequence(example, random));
  }

  /** One epoch of fine-tuning; with `replay`, rows of pretraining are mixed in. */
  fineTuning(random: Random, replay: number): Sequence[] {
    const own = this.#sft.map(({ direct, reasoned }) =>
      random.chance(directAnswers) ? direct : reasoned,
    );
    const replayed = replay > 0 ? Math.round((own.length * replay) / (1 - replay)) : 0;
    const old = Array.from({ length: replayed }, () => random.pick(this.#cpt));
    return [...own, ...old].map((example) => this.#sequence(example, random));
  }

  #pretraining(row: CptRow): Example {
    if (row.answerStart === undefined) {
      return this.#example("", row.text, false);
    }
    return this.#example(row.text.slice(0, row.answerStart), row.text.slice(row.answerStart), true);
  }

  #trajectory(row: SftRow, identifier: string): { direct: Example; reasoned: Example } {
    const completion = row.completion.map(messageText).join("\n");
    const at = completion.lastIndexOf(answerMark);
    const answer = at < 0 ? completion : completion.slice(at + answerMark.length);
    const reasoned = completion.startsWith(reasoningMark);
    const prompt = this.#promptOf(row, identifier, completion);
    const direct = this.#example(prompt, answer, true);
    const bare = prompt.slice(0, -answerMark.length);
    return { direct, reasoned: reasoned ? this.#example(bare, completion, true) : direct };
  }

  #promptOf(row: SftRow, identifier: string, completion: string): string {
    const turns = row.prompt.filter(({ role }) => role !== "system").map(messageText);
    const room = this.#hyperparameters.context - this.#tokenizer.encode(completion).length - 2;
    return dialogueText(identifier, turns, this.#tokenizer, room);
  }

  /** The blank before an answer goes with the answer: byte-level BPE binds it to the word. */
  #example(prompt: string, completion: string, question: boolean): Example {
    const bare = prompt.trimEnd();
    const joint = prompt.slice(bare.length);
    return {
      prompt: question ? this.#tokenizer.encode(bare) : [this.#tokenizer.endId],
      completion: [...this.#tokenizer.encode(joint + completion), this.#tokenizer.endId],
      question,
    };
  }

  #sequence({ prompt, completion, question }: Example, random: Random | undefined): Sequence {
    const asked = question && random ? this.#disturb(prompt, random) : prompt;
    const tokens = [...asked, ...completion].slice(0, this.#hyperparameters.context);
    return { tokens, lossFrom: question ? Math.min(asked.length, tokens.length - 1) : 1 };
  }

  /**
   * Drops, replaces and inserts tokens of a question by chance, so that no single word is the cue
   * and words never seen do no harm. The frame round the question stays.
   */
  #disturb(prompt: readonly number[], random: Random): number[] {
    const { promptDropout, promptReplacement, promptInsertion } = this.#hyperparameters;
    const any = () => random.int(0, this.#tokenizer.vocabularySize - 1);
    const some = () =>
      random.chance(promptInsertion)
        ? Array.from({ length: random.int(1, longestInsertion) }, any)
        : [];
    const question = prompt
      .slice(this.#opening, prompt.length - this.#closing)
      .filter(() => !random.chance(promptDropout))
      .map((token) => (random.chance(promptReplacement) ? any() : token));
    return [
      ...prompt.slice(0, this.#opening),
      ...some(),
      ...question,
      ...some(),
      ...prompt.slice(prompt.length - this.#closing),
    ];
  }
}

/** What a message says, and as the answer what it calls. */
function messageText({ content, tool_calls }: Message): string {
  const calls = (tool_calls ?? []).map(
    ({ function: { name, arguments: given } }) => `${answerMark}${name} ${JSON.stringify(given)}`,
  );
  return [content, ...calls].join("\n");
}

/**
 * A dialogue as one question; what was said first goes where there is no room for all.
 * @param room in tokens. The last turn stays whole.
 */
export function dialogueText(
  identifier: string,
  turns: readonly string[],
  tokenizer: Tokenizer,
  room: number,
): string {
  for (let first = 0; ; first++) {
    const prompt = questionText(identifier, turns.slice(first).join("\n"));
    const fits = tokenizer.encode(prompt).length <= room;
    if (fits || first >= turns.length - 1) return prompt;
  }
}

/** The prompt of an exam item, as the engine's model reads it; no messages ask nothing. */
export function promptText(identifier: string, prompt: readonly Message[]): string {
  const question = prompt.find(({ role }) => role === "user");
  if (!question) return `[${identifier}] ${answerMark}`;
  const system = prompt.find(({ role }) => role === "system")?.content ?? identifier;
  return questionText(system, question.content);
}

/**
 * Batches of about `batchTokens` tokens without end, epoch after epoch: sequences of like length
 * stand together so that little is padding, batches come in random order. The same seed gives the
 * same batches, which is how a resumed run finds its place.
 */
export function* batches(
  epoch: (random: Random) => Sequence[],
  batchTokens: number,
  random: Random,
): Generator<Sequence[], never> {
  const pool = 400;
  for (;;) {
    const shuffled = random.shuffle(epoch(random));
    const made: Sequence[][] = [];
    for (let i = 0; i < shuffled.length; i += pool) {
      const bucket = shuffled.slice(i, i + pool).sort((a, b) => a.tokens.length - b.tokens.length);
      let batch: Sequence[] = [];
      for (const sequence of bucket) {
        if (batch.length > 0 && (batch.length + 1) * sequence.tokens.length > batchTokens) {
          made.push(batch);
          batch = [];
        }
        batch.push(sequence);
      }
      if (batch.length > 0) made.push(batch);
    }
    yield* random.shuffle(made);
  }
}

/** Linear warm-up, then a cosine down to `finalRate` of the peak; `progress` runs from 0 to 1. */
export function rateAt(
  progress: number,
  peak: number,
  { warmup, finalRate }: OnnxHyperparameters,
): number {
  if (progress < warmup) return (peak * progress) / warmup;
  const fall = (progress - warmup) / Math.max(1e-9, 1 - warmup);
  return peak * (finalRate + ((1 - finalRate) * (1 + Math.cos(Math.PI * Math.min(1, fall)))) / 2);
}
