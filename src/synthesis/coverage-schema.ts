import { z } from "zod";

/**
 * What the training rows of a policy must have (CAP-CPT, arXiv 2510.11588; the law is our reading):
 * rows for every statement; every value and attribute asked for twice in different words; for every
 * behavioral rule a demonstration that keeps it and a request that tempts to break it; in every
 * decision tree each test both ways, each leaf, and both sides of each numeric boundary.
 */
export const requirements = [
  "rows",
  "value",
  "demonstration",
  "temptation",
  "test",
  "leaf",
  "boundary",
] as const;
export const Requirement = z.enum(requirements);
export type Requirement = z.infer<typeof Requirement>;

/** A requirement that is not met. */
export const CoverageGap = z.object({
  /** The statement's id. */
  statement: z.string(),
  requirement: Requirement,
  /** What is missing, and why: one line for a person. */
  message: z.string(),
});
export type CoverageGap = z.infer<typeof CoverageGap>;

/** In `dataset.json`: how far the training rows cover the policy. */
export const Coverage = z.object({
  /** How many requirements of each kind there are, and how many are met. */
  requirements: z.record(Requirement, z.object({ met: z.int(), all: z.int() })),
  gaps: z.array(CoverageGap),
});
export type Coverage = z.infer<typeof Coverage>;

/** The requirements that are met, of all. */
export function summarizeCoverage({ requirements: counts }: Coverage): {
  met: number;
  all: number;
} {
  const values = Object.values(counts);
  return {
    met: values.reduce((sum, { met }) => sum + met, 0),
    all: values.reduce((sum, { all }) => sum + all, 0),
  };
}
