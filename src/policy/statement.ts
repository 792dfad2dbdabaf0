import { z } from "zod";

/**
 * The four categories of CAP-CPT (arXiv 2510.11588): what a statement is decides which data
 * teaches it.
 */
export const categories = [
  "factual",
  "behavioral",
  "simple-conditional",
  "complex-conditional",
] as const;
export const Category = z.enum(categories);
export type Category = z.infer<typeof Category>;

/** A place in the source file: UTF-16 code units, end exclusive, as JavaScript and VS Code count. */
export const Span = z.object({ start: z.int().min(0), end: z.int().min(0) });
export type Span = z.infer<typeof Span>;

/**
 * How a condition's variable relates to its value. `is` is the fallback for a condition that
 * cannot be read apart: it holds or it does not.
 */
export const Operator = z.enum(["is", "eq", "ne", "lt", "le", "gt", "ge", "within", "has", "in"]);
export type Operator = z.infer<typeof Operator>;

/** The heading path of the section that the words mean: "as described in Step 2.1.3". */
const refersTo = z.array(z.string()).min(1).optional();

export const Condition = Span.extend({
  /** The condition's words, markup removed. */
  text: z.string(),
  variable: z.string().optional(),
  operator: Operator.optional(),
  value: z.union([z.string(), z.number(), z.array(z.string())]).optional(),
  unit: z.string().optional(),
  refersTo,
});
export type Condition = z.infer<typeof Condition>;

/** A leaf of a decision tree: what the policy says is done. */
export const Outcome = Span.extend({
  kind: z.literal("outcome"),
  text: z.string(),
  /** The plain negation of the words at the span: "only if" leaves it on the other side. */
  negated: z.boolean().optional(),
  /** Where its words stand, when that is not in one piece: the span reaches from the first to the last. */
  parts: z.array(Span).min(2).optional(),
  refersTo,
});
export type Outcome = z.infer<typeof Outcome>;

/** A leaf that the statement leaves open. */
export const Unstated = z.object({ kind: z.literal("unstated") });

/** An inner node: which condition is tested, and where each answer leads. */
export interface Test {
  kind: "test";
  /** Index into the decision's conditions. */
  condition: number;
  yes: DecisionNode;
  no: DecisionNode;
}
export type DecisionNode = Test | Outcome | z.infer<typeof Unstated>;

export const DecisionNode: z.ZodType<DecisionNode> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("test"),
      condition: z.int().min(0),
      yes: DecisionNode,
      no: DecisionNode,
    }),
    Outcome,
    Unstated,
  ]),
);

/** What a conditional statement says, as conditions and a tree over them. */
export const Decision = z.object({
  /** The longest path from root to leaf, in conditions. */
  depth: z.int().min(1),
  conditions: z.array(Condition).min(1),
  tree: DecisionNode,
});
export type Decision = z.infer<typeof Decision>;

/** One sentence of the policy: the unit that everything downstream is tied to. */
export const Statement = Span.extend({
  /** Stable: it survives edits elsewhere in the file. */
  id: z.string().regex(/^s-[0-9a-z]+$/),
  category: Category,
  /** 1-based. */
  line: z.int().min(1),
  /** The headings above it, outermost first. */
  section: z.array(z.string()),
  /** Plain text, markup removed, white space folded; a table row is read with its header. */
  text: z.string().min(1),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  decidedBy: z.enum(["rules", "model", "teacher", "author"]),
  /** The words or the rule that decided the category, for a person. */
  why: z.string().optional(),
  decision: Decision.optional(),
});
export type Statement = z.infer<typeof Statement>;

/** What `ingrain parse --json` prints. */
export const ParsedPolicy = z.object({
  version: z.literal(1),
  policy: z.object({
    path: z.string(),
    title: z.string(),
    sha256: z.string(),
    words: z.int(),
    tokens: z.int(),
    /** What counted the tokens. */
    tokenizer: z.string(),
  }),
  statements: z.array(Statement),
});
export type ParsedPolicy = z.infer<typeof ParsedPolicy>;
