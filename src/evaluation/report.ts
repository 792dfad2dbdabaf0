import { z } from "zod";

/** What is compared; the embedded engine runs `base`, `sft-only` and `internalized`. */
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

/** `report.json`. */
export const Report = z.object({
  version: z.literal(1),
  run: z.string(),
  policy: z.object({ path: z.string(), title: z.string(), sha256: z.string() }),
  dataset: z.object({ path: z.string(), sha256: z.string() }),
  model: z.object({ sha256: z.string(), parameters: z.int(), engine: z.string() }),
  arms: z.partialRecord(ArmName, Arm),
  /** Mean prompt tokens of one exam question, with the document in the prompt and without. */
  promptTokens: z.object({
    withPolicy: z.number(),
    withoutPolicy: z.number(),
    /** 0 to 1. */
    reduction: z.number(),
    /** Tokens of the document and of the identifier that takes its place. */
    policy: z.int(),
    identifier: z.int(),
  }),
  stages: z.array(
    z.object({
      name: z.string(),
      arm: ArmName,
      tokens: z.int(),
      seconds: z.number(),
      tokensPerSecond: z.number(),
    }),
  ),
  at: z.iso.datetime(),
});
export type Report = z.infer<typeof Report>;
