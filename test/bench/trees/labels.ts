import { z } from "zod";
import type { Decision, DecisionNode, Span } from "../../../src/policy/statement.ts";

const Place = z.tuple([z.int().min(0), z.int().min(0)]);

/** A test with its two sides, several trees that all come, or a leaf ("X+Y", "!X", "-"). */
export type LabelTree = string | [string, LabelTree, LabelTree] | ["+", ...LabelTree[]];

const LabelTree: z.ZodType<LabelTree> = z.lazy(() =>
  z.union([
    z.string().regex(/^(?:-|!?[A-Z]|[A-Z](?:\+[A-Z])+)$/),
    z.tuple([z.literal("+"), LabelTree], LabelTree),
    z.tuple([z.string().regex(/^[a-z&|!() ]+$/), LabelTree, LabelTree]),
  ]),
);

/** One statement's tree as a person reads it; README.md beside this file tells what the fields mean. */
export const LabelledTree = z.object({
  at: Place,
  conditions: z.record(z.string().regex(/^!?[a-z]$/), z.array(Place).min(1)),
  outcomes: z.record(z.string().regex(/^[A-Z]$/), z.array(Place).min(1)),
  exclusive: z.array(z.string()).default([]),
  tree: LabelTree,
});
export type LabelledTree = z.infer<typeof LabelledTree>;

export const LabelFile = z.object({
  reader: z.string(),
  documents: z.array(
    z.object({
      document: z.string(),
      sha256: z.string(),
      statements: z.array(LabelledTree),
    }),
  ),
});
export type LabelFile = z.infer<typeof LabelFile>;

/** What a labelled tree says in one case: which outcomes come, or do not; none when it is unstated. */
export interface LabelLeaf {
  outcomes: ReadonlySet<string>;
  negated: boolean;
}

/** Which conditions hold. */
export type Case = Readonly<Record<string, boolean>>;

export function leafOf(tree: LabelTree, at: Case): LabelLeaf {
  if (typeof tree === "string") {
    const negated = tree.startsWith("!");
    const names = tree === "-" ? [] : tree.replace("!", "").split("+");
    return { outcomes: new Set(names), negated };
  }
  if (tree[0] !== "+") {
    const [test, yes, no] = tree as [string, LabelTree, LabelTree];
    return leafOf(holds(test, at) ? yes : no, at);
  }
  const parts = tree.slice(1).map((part) => leafOf(part, at));
  const said = parts.filter(({ outcomes }) => outcomes.size > 0);
  // What is done outweighs what is not.
  const done = said.filter(({ negated }) => !negated);
  const kept = done.length > 0 ? done : said;
  return {
    outcomes: new Set(kept.flatMap(({ outcomes }) => [...outcomes])),
    negated: kept.length > 0 && done.length === 0,
  };
}

/** Whether a test ("a & (b | !c)") holds. */
export function holds(test: string, at: Case): boolean {
  const tokens = test.match(/[a-z]|[&|!()]/g) ?? [];
  let next = 0;
  const bad = (): Error => new Error(`The test “${test}” cannot be read`);
  const either = (): boolean => {
    let value = both();
    while (tokens[next] === "|") {
      next++;
      value = both() || value;
    }
    return value;
  };
  const both = (): boolean => {
    let value = one();
    while (tokens[next] === "&") {
      next++;
      value = one() && value;
    }
    return value;
  };
  const one = (): boolean => {
    const token = tokens[next++];
    if (token === "!") return !one();
    if (token === "(") {
      const value = either();
      if (tokens[next++] !== ")") throw bad();
      return value;
    }
    const value = token === undefined ? undefined : at[token];
    if (value === undefined) throw bad();
    return value;
  };
  const value = either();
  if (next !== tokens.length) throw bad();
  return value;
}

/** The names of a label's conditions, each once. */
export function conditionNames({ conditions }: LabelledTree): string[] {
  return [...new Set(Object.keys(conditions).map((name) => name.replace("!", "")))];
}

/** Every case that the label allows: its exclusive conditions do not hold together. */
export function* casesOf(names: readonly string[], exclusive: readonly string[]): Generator<Case> {
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const at = Object.fromEntries(names.map((name, i) => [name, ((bits >> i) & 1) === 1]));
    const possible = exclusive.every(
      (group) => group.split("").filter((name) => at[name] === true).length <= 1,
    );
    if (possible) yield at;
  }
}

/** A labelled tree in the form of ours, to hold one reading against another. */
export function asDecision(label: LabelledTree): Decision {
  const names = conditionNames(label);
  const spans = (places: readonly (readonly [number, number])[]): Span[] =>
    places.map(([start, end]) => ({ start, end })).sort((a, b) => a.start - b.start);
  const leaf = ({ outcomes, negated }: LabelLeaf): DecisionNode => {
    const parts = spans([...outcomes].flatMap((name) => label.outcomes[name]!));
    const [first] = parts;
    if (first === undefined) return { kind: "unstated" };
    const end = parts.at(-1)!.end;
    return { kind: "outcome", start: first.start, end, text: "", negated, parts };
  };
  const grow = (condition: number, at: Case): DecisionNode => {
    const name = names[condition];
    if (name === undefined) return leaf(leafOf(label.tree, at));
    return {
      kind: "test",
      condition,
      yes: grow(condition + 1, { ...at, [name]: true }),
      no: grow(condition + 1, { ...at, [name]: false }),
    };
  };
  const conditions = names.map((name) => {
    const places = label.conditions[name] ?? label.conditions[`!${name}`]!;
    return { ...spans(places)[0]!, text: name };
  });
  return { depth: Math.max(1, names.length), conditions, tree: grow(0, {}) };
}
