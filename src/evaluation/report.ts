import { z } from "zod";

/** What is compared; the embedded engine runs `base`, `sft-only` and `internalized`, the trl engine all. */
export const arms = ["base", "policy-in-prompt", "retrieval", "sft-only", "internalized"] as const;
export const ArmName = z.enum(arms);
export type ArmName = z.infer<typeof ArmName>;

/** A share of right answers with its 95 % Wilson interval; all between 0 and 1. */
export const Score = z.object({
  accuracy: z.number(),
  n: z.int(),
  interval: z.tuple([z.number(), z.number()]),
});
export type Score = z.infer<typeof Score>;

export const Arm = z.object({
  /** Over the tiers reworded and scenario. */
  accuracy: z.number(),
  n: z.int(),
  interval: z.tuple([z.number(), z.number()]),
  byTier: z.record(z.string(), Score),
  byCategory: z.record(z.string(), Score),
  byKind: z.record(z.string(), Score),
  /** Keyed by the decision depth of the item's deepest statement; "0" for no decision. */
  byDepth: z.record(z.string(), Score),
  /** `choice` for ranked options, `generated` for answers written out; over the two counted tiers. */
  byForm: z.record(z.string(), Score),
  /** `generated` answers on the tier seen. */
  generatedSeen: Score.optional(),
  /** The options ranked with no question: valid at chance. */
  nullPrompt: Score,
  /** Right and asked, per statement id, over all tiers. */
  byStatement: z.record(z.string(), z.object({ right: z.int(), n: z.int() })),
});
export type Arm = z.infer<typeof Arm>;

/** The evaluations beside the exam, of one arm; engines that cannot ask them leave them out. */
export const Probes = z.object({
  /** Of a neutral text that ships with the extension: general ability kept. */
  retention: z.object({ perplexity: z.number(), tokens: z.int() }),
  /** A changed statement stands in the prompt, and must win over what was learned. */
  override: Score,
  /** The rule itself is asked for, among rules near it. */
  referral: Score,
  /** The document stands in the prompt again, and must do no harm. */
  restored: Score,
});
export type Probes = z.infer<typeof Probes>;

/** One piece of a run's work, by the name that its events give it: an exam is one too. */
export const Stage = z.object({
  name: z.string(),
  arm: ArmName,
  /** Trained on; 0 for an exam. */
  tokens: z.int(),
  /** Spent in training steps, which is what a step's forward and backward pass and update take. */
  seconds: z.number(),
  /**
   * Spent by the clock on the wall, with held-out checks and checkpoints. What a process spent that
   * was killed before it could keep its work is not in it.
   */
  wallSeconds: z.number(),
  /** `tokens` over `seconds`: the speed of the steps alone; 0 for an exam. */
  tokensPerSecond: z.number(),
});
export type Stage = z.infer<typeof Stage>;

/** `report.json`. */
export const Report = z.object({
  version: z.literal(1),
  run: z.string(),
  policy: z.object({ path: z.string(), title: z.string(), sha256: z.string() }),
  dataset: z.object({ path: z.string(), sha256: z.string() }),
  model: z.object({
    sha256: z.string(),
    parameters: z.int(),
    engine: z.string(),
    /** Folder or hub id of the model that was trained on; absent where training began from nothing. */
    name: z.string().optional(),
  }),
  arms: z.partialRecord(ArmName, Arm),
  probes: z.partialRecord(ArmName, Probes).optional(),
  /** Mean prompt tokens of one exam question, with the document in the prompt and without. */
  promptTokens: z.object({
    withPolicy: z.number(),
    withoutPolicy: z.number(),
    /** 0 to 1. */
    reduction: z.number(),
    /** Tokens of the document and of the identifier that takes its place. */
    policy: z.int(),
    identifier: z.int(),
    /** What counted them all. */
    tokenizer: z.string(),
  }),
  stages: z.array(Stage),
  /** Of the whole run, by the clock on the wall: its stages and what lies between them. */
  wallSeconds: z.number(),
  at: z.iso.datetime(),
});
export type Report = z.infer<typeof Report>;
