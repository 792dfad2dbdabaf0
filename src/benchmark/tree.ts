import { z } from "zod";

/** A value of a field: what is counted, what is named, or whether something is so. */
export const Value = z.union([z.string(), z.number(), z.boolean()]);
export type Value = z.infer<typeof Value>;

/** Where the value of a variable comes from. */
export const Source = z.enum(["record", "argument", "said"]);

/** Something that a rule can test: a field of a database, an argument, or what the user says. */
export const Variable = z.object({
  /** "guests.loyalty_tier", "argument.party_size", "said.voucher" */
  key: z.string(),
  source: Source,
  /** Of a field on record. */
  database: z.string().optional(),
  column: z.string(),
});
export type Variable = z.infer<typeof Variable>;

export const Operator = z.enum(["eq", "gt", "ge", "lt", "le"]);
export type Operator = z.infer<typeof Operator>;

export const Condition = z.object({
  /** "c3.2": the second condition of the third task. */
  id: z.string(),
  variable: Variable,
  operator: Operator,
  value: Value,
  /** "the length of stay is more than 3 nights" */
  text: z.string(),
});
export type Condition = z.infer<typeof Condition>;

export const Outcome = z.discriminatedUnion("kind", [
  /** The request is granted on these terms. */
  z.object({ id: z.string(), kind: z.literal("grant"), terms: Value, text: z.string() }),
  /** It is refused, for what a column says. */
  z.object({ id: z.string(), kind: z.literal("decline"), reason: z.string(), text: z.string() }),
  /** A team takes it over. */
  z.object({ id: z.string(), kind: z.literal("transfer"), team: z.string(), text: z.string() }),
]);
export type Outcome = z.infer<typeof Outcome>;

export interface TestNode {
  kind: "test";
  /** The id of a condition. */
  condition: string;
  yes: TreeNode;
  no: TreeNode;
}
export interface LeafNode {
  kind: "leaf";
  /** The id of an outcome. */
  outcome: string;
}
export type TreeNode = TestNode | LeafNode;

export const TreeNode: z.ZodType<TreeNode> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("test"),
      condition: z.string(),
      yes: TreeNode,
      no: TreeNode,
    }),
    z.object({ kind: z.literal("leaf"), outcome: z.string() }),
  ]),
);

/** Where a condition or an outcome stands in policy.md: UTF-16 code units, end exclusive. */
export const Place = z.object({
  start: z.int(),
  end: z.int(),
  /** The words there say the plain negation. */
  negated: z.boolean().optional(),
});
export type Place = z.infer<typeof Place>;

/** How one task is decided. */
export const PolicyTree = z.object({
  /** "cancel_booking" */
  task: z.string(),
  depth: z.int(),
  conditions: z.array(Condition),
  outcomes: z.array(Outcome),
  root: TreeNode,
  /** By the id of a condition or an outcome. */
  places: z.record(z.string(), z.array(Place)),
});
export type PolicyTree = z.infer<typeof PolicyTree>;

/** `policy-trees.json` */
export const PolicyTrees = z.object({ version: z.literal(1), trees: z.array(PolicyTree) });

/** One turn on the way from the root to a leaf. */
export const Turn = z.object({ condition: z.string(), holds: z.boolean() });
export type Turn = z.infer<typeof Turn>;

/** Every way through a tree. */
export function pathsOf(
  node: TreeNode,
  turns: readonly Turn[] = [],
): { turns: readonly Turn[]; outcome: string }[] {
  if (node.kind === "leaf") return [{ turns, outcome: node.outcome }];
  const { condition } = node;
  return [
    ...pathsOf(node.yes, [...turns, { condition, holds: true }]),
    ...pathsOf(node.no, [...turns, { condition, holds: false }]),
  ];
}

export function depthOf(node: TreeNode): number {
  return node.kind === "leaf" ? 0 : 1 + Math.max(depthOf(node.yes), depthOf(node.no));
}

export function testsOf(node: TreeNode): number {
  return node.kind === "leaf" ? 0 : 1 + testsOf(node.yes) + testsOf(node.no);
}
