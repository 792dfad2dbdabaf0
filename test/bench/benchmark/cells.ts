import { z } from "zod";

const Timed = z.object({ tokens: z.int(), ms: z.number() });

export const CellResult = z.object({
  ranked: z.number(),
  written: z.number(),
  byDepth: z.record(z.string(), z.object({ right: z.int(), n: z.int() })),
  n: z.int(),
  /** Tokens trained on. */
  trained: z.number(),
  trainingSeconds: z.number(),
  seconds: z.number(),
  probes: z
    .object({
      restored: z.number(),
      override: z.number(),
      referral: z.number(),
      branchingError: z.number(),
      retention: z.object({ before: z.number(), after: z.number() }).optional(),
      withPolicy: Timed,
      withIdentifier: Timed,
      document: z.int(),
      identifier: z.int(),
    })
    .optional(),
});
export type CellResult = z.infer<typeof CellResult>;

/** One finished figure of an experiment: a line of the results. */
export const Cell = z.object({
  plan: z.enum(["arms", "grid", "probes"]),
  arm: z.string(),
  policy: z.int(),
  seed: z.int(),
  depth: z.int(),
  trajectories: z.int(),
  tokens: z.number(),
  seedModel: z.boolean(),
  machine: z.string(),
  result: CellResult,
});
export type Cell = z.infer<typeof Cell>;
