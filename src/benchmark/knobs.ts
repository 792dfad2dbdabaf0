import { z } from "zod";
import { InputError } from "../policy/errors.ts";
import type { Domain } from "./domain.ts";

export const renderers = ["numbered", "bulleted", "prose", "table"] as const;
export const Renderer = z.enum(renderers);
export type Renderer = z.infer<typeof Renderer>;

export const styles = ["plain", "terse", "chatty", "formal"] as const;
export const Style = z.enum(styles);
export type Style = z.infer<typeof Style>;

/**
 * How difficult a generated policy is, along the four axes of CC-Gen (arXiv 2510.11588; what each
 * axis consists of is our reading). Each axis has a random stream of its own, so that turning one
 * leaves the others as they are.
 */
export const Knobs = z.object({
  // Environment: what the agent can look up.
  databases: z.int().min(1).max(4).default(2),
  /** Fields of each database. */
  fields: z.int().min(1).max(6).default(4),
  /** Records of each database. */
  records: z.int().min(1).max(1000).default(24),
  // Task: what can be asked for.
  tasks: z.int().min(1).max(12).default(6),
  /** What the user gives for each task, beside what is on record. */
  arguments: z.int().min(0).max(4).default(1),
  // Workflow: how it is decided.
  /** The longest way through a task's decision tree, in tests; every tree has exactly this depth. */
  depth: z.int().min(1).max(6).default(3),
  /** Tests that stand side by side at a level of a tree, at most: 1 gives a chain. */
  branching: z.int().min(1).max(4).default(2),
  // Query: how the user asks.
  /** Requests in one query. */
  intents: z.int().min(1).max(3).default(1),
  /** Facts of each request that the user leaves out, and that are on record. */
  missing: z.int().min(0).max(6).default(0),
  /** Things said in a query that bear on nothing. */
  distractors: z.int().min(0).max(4).default(0),
  style: z.enum([...styles, "mixed"]).default("mixed"),
  // How much, and how it is written down.
  queries: z.int().min(1).max(10_000).default(60),
  /** How policy.md is written; chosen by the seed when not given. */
  renderer: Renderer.optional(),
  /** The business; chosen by the seed when not given. */
  domain: z.string().optional(),
});
export type Knobs = z.infer<typeof Knobs>;
export type KnobSettings = z.input<typeof Knobs>;

/** @throws InputError that says in a sentence which knob cannot be turned so far. */
export function readKnobs(settings: Readonly<Record<string, unknown>>): Knobs {
  const unknown = Object.keys(settings).find((name) => !(name in Knobs.shape));
  if (unknown !== undefined) {
    throw new InputError(
      `there is no knob "${unknown}"; there are: ${Object.keys(Knobs.shape).join(", ")}`,
    );
  }
  const parsed = Knobs.safeParse(settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new InputError(`the knob "${issue.path.join(".")}" ${limitOf(issue)}`);
  }
  return parsed.data;
}

function limitOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_big":
      return `may be ${issue.maximum} at most`;
    case "too_small":
      return `must be ${issue.minimum} at least`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    default:
      return `cannot be read: ${issue.message}`;
  }
}

/** @throws InputError that says in a sentence why no such policy can be. */
export function requirePossible(knobs: Knobs, domain: Domain): void {
  const { databases, fields, depth, intents, tasks, missing } = knobs;
  const given = knobs.arguments + domain.said.length;
  const testable = databases * fields + given;
  if (depth > testable) {
    throw new InputError(
      `a rule of depth ${depth} tests ${depth} different things, and there are only ${testable}: ` +
        `${databases * fields} fields on record and ${given} that the user says`,
      "Raise databases, fields or arguments, or lower depth.",
    );
  }
  if (intents > tasks) {
    throw new InputError(
      `a query with ${intents} intents needs as many tasks, and there are ${tasks}`,
      "Raise tasks, or lower intents.",
    );
  }
  if (missing > depth) {
    throw new InputError(
      `${missing} facts cannot be missing from a request that is decided by ${depth} at most`,
      "Raise depth, or lower missing.",
    );
  }
}
