import { readFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { z } from "zod";

const Timed = z.object({ tokens: z.int(), ms: z.number() });

/** What else is as it should be after CAP-CPT + SFT? */
const Probes = z.object({
  restored: z.number(),
  /** The outcome in question was changed; and another one was, which must not matter. */
  override: z.number(),
  unconcerned: z.number(),
  referral: z.number(),
  branchingError: z.number(),
  retention: z.object({ before: z.number(), after: z.number() }),
});

/** One finished figure of an experiment: a line of the results. */
export const Cell = z.object({
  arm: z.string(),
  /** Seed of the policy, and of the training. */
  policy: z.int(),
  seed: z.int(),
  depth: z.int(),
  trajectories: z.int(),
  /** Tokens that the arm may train on. */
  tokens: z.int(),
  /** SHA-256 of the weights that it starts from, or "scratch". */
  start: z.string(),
  machine: z.string(),
  result: z.object({
    ranked: z.number(),
    written: z.number(),
    /** Ranked right, by the number of conditions that decide the case. */
    byDepth: z.record(z.string(), z.object({ right: z.int(), n: z.int() })),
    n: z.int(),
    /** Tokens trained on. */
    trained: z.int(),
    trainingSeconds: z.number(),
    seconds: z.number(),
    probes: Probes.optional(),
  }),
});
export type Cell = z.infer<typeof Cell>;

/** What an arm costs at inference: the prompt with the document, and with its identifier. */
export const PromptCost = z.object({
  policy: z.int(),
  tasks: z.int(),
  depth: z.int(),
  machine: z.string(),
  withPolicy: Timed,
  withIdentifier: Timed,
  document: z.int(),
  identifier: z.int(),
});
export type PromptCost = z.infer<typeof PromptCost>;

/** How a seed model was made. */
export const SeedModel = z.object({
  parameters: z.int(),
  policies: z.int(),
  rows: z.int(),
  tokens: z.int(),
  seconds: z.number(),
  machine: z.string(),
});

/** What somebody saw who read generated documents for patterns, twice. */
const Verdict = z.object({ pattern: z.string(), count: z.int() });
export const Readings = z.object({
  /** What counted as the same pattern in each reading, in a sentence. */
  first: z.string(),
  second: z.string(),
  documents: z.array(
    z.object({
      seed: z.int(),
      domain: z.string(),
      renderer: z.string(),
      sentences: z.int(),
      first: Verdict,
      second: Verdict,
    }),
  ),
});

export const isCells = (name: string): boolean => /^cells.*\.jsonl$/.test(name);

/** The lines of a results file. */
export function readLines<T>(file: string, schema: z.ZodType<T>): T[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => schema.parse(JSON.parse(line)));
}

export const machine = `${platform()} ${arch()}, ${cpus()[0]?.model.trim() ?? "?"}, one core`;
