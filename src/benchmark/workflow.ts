import type { Random } from "../synthesis/random.ts";
import type { Domain, TaskPlan } from "./domain.ts";
import type { Knobs } from "./knobs.ts";
import {
  type Condition,
  depthOf,
  type Operator,
  type Outcome,
  type PolicyTree,
  type TestNode,
  type TreeNode,
  type Value,
} from "./tree.ts";
import { type Testable, wordings } from "./variables.ts";
import { snake } from "./words.ts";

/** An empty place under a test. */
interface Slot {
  parent: TestNode;
  side: "yes" | "no";
  /** The variables that were tested on the way. */
  above: readonly string[];
}

const empty: TreeNode = { kind: "leaf", outcome: "" };

/**
 * Grows the decision tree of one task, level by level: each level has as many tests side by side as
 * the branching allows, and the depth is exact. A test never asks again what one above it asked.
 *
 * @param number the task's place in the document, from 1; the ids begin with it.
 */
export function growTree(
  plan: TaskPlan,
  number: number,
  domain: Domain,
  knobs: Knobs,
  testable: readonly Testable[],
  random: Random,
): PolicyTree {
  const conditions: Condition[] = [];
  const make = (above: readonly string[]): { node: TestNode; above: string[] } => {
    const free = testable.filter(({ variable }) => !above.includes(variable.key));
    const used = new Set(conditions.map(({ variable }) => variable.key));
    const fresh = free.filter(({ variable }) => !used.has(variable.key));
    const tested = random.pick(fresh.length > 0 ? fresh : free);
    const { operator, value } = test(tested, random);
    const known = conditions.find(
      (each) =>
        each.variable.key === tested.variable.key &&
        each.operator === operator &&
        each.value === value,
    );
    const condition: Condition = known ?? {
      id: `c${number}.${conditions.length + 1}`,
      variable: tested.variable,
      operator,
      value,
      text: wordings(tested, operator, value, true)[0]!,
    };
    if (known === undefined) conditions.push(condition);
    return {
      node: { kind: "test", condition: condition.id, yes: empty, no: empty },
      above: [...above, tested.variable.key],
    };
  };

  const { node: root, above } = make([]);
  let slots = slotsOf(root, above);
  const leaves: Slot[] = [];
  for (let level = 1; level < knobs.depth; level++) {
    const order = random.shuffle(slots);
    leaves.push(...order.slice(knobs.branching));
    slots = order.slice(0, knobs.branching).flatMap(({ parent, side, above: before }) => {
      const next = make(before);
      parent[side] = next.node;
      return slotsOf(next.node, next.above);
    });
  }
  leaves.push(...slots);
  const outcomes = placeOutcomes(leaves, plan, number, domain, conditions, testable, random);
  return { task: snake(plan.name), depth: depthOf(root), conditions, outcomes, root, places: {} };
}

function slotsOf(parent: TestNode, above: readonly string[]): Slot[] {
  return (["yes", "no"] as const).map((side) => ({ parent, side, above }));
}

function test({ field }: Testable, random: Random): { operator: Operator; value: Value } {
  switch (field.kind) {
    case "flag":
      return { operator: "eq", value: random.chance(0.7) };
    case "enum":
      return { operator: "eq", value: random.pick(field.values) };
    case "number": {
      const steps = Math.floor((field.high - field.low) / field.step);
      // Away from the ends, so that there are values on both sides of every boundary.
      const at = random.int(Math.ceil(steps / 4), Math.floor((3 * steps) / 4));
      const value = field.low + Math.min(Math.max(at, 1), steps - 1) * field.step;
      return { operator: random.pick(["gt", "ge", "lt", "le"] as const), value };
    }
  }
}

/** What a leaf may say, before it has an id and words. */
type Draft =
  | { kind: "grant"; terms: Value }
  | { kind: "decline"; reason: string }
  | { kind: "transfer"; team: string };

/** Gives every leaf an outcome; the two sides of a test never say the same. */
function placeOutcomes(
  leaves: readonly Slot[],
  plan: TaskPlan,
  number: number,
  domain: Domain,
  conditions: readonly Condition[],
  testable: readonly Testable[],
  random: Random,
): Outcome[] {
  const terms = domain.terms[plan.terms]!;
  const outcomes: Outcome[] = [];
  const uses = new Map<string, number>();
  const idOf = (draft: Draft): string => {
    const same = outcomes.find((outcome) => sameOutcome(outcome, draft));
    if (same !== undefined) return same.id;
    const id = `o${number}.${outcomes.length + 1}`;
    outcomes.push({ id, ...draft, text: outcomeText(draft, plan, domain, testable) });
    return id;
  };
  const grants: Draft[] = random
    .shuffle<Value>(terms.values)
    .map((value) => ({ kind: "grant", terms: value }));
  const teams: Draft[] = random
    .shuffle(domain.teams)
    .map((team) => ({ kind: "transfer", team: snake(team) }));
  leaves.forEach(({ parent, side }, place) => {
    const { column } = conditions.find(({ id }) => id === parent.condition)!.variable;
    const decline: Draft = { kind: "decline", reason: column };
    // Every task can be granted; about every fourth leaf declines and every sixth hands over.
    const roll = place === 0 ? 1 : random.next();
    const first = roll < 0.26 ? [decline] : roll < 0.42 ? teams : grants;
    const other = parent[side === "yes" ? "no" : "yes"];
    const taken = other.kind === "leaf" ? other.outcome : "";
    const options = [...first, ...grants, ...teams, decline].filter(
      (draft) => outcomes.find((outcome) => sameOutcome(outcome, draft))?.id !== taken,
    );
    const least = Math.min(...options.map((draft) => uses.get(keyOf(draft)) ?? 0));
    const draft = options.find((each) => (uses.get(keyOf(each)) ?? 0) === least)!;
    uses.set(keyOf(draft), least + 1);
    parent[side] = { kind: "leaf", outcome: idOf(draft) };
  });
  return outcomes;
}

const keyOf = (draft: Draft): string => {
  switch (draft.kind) {
    case "grant":
      return `grant ${String(draft.terms)}`;
    case "decline":
      return `decline ${draft.reason}`;
    case "transfer":
      return `transfer ${draft.team}`;
  }
};

const sameOutcome = (outcome: Outcome, draft: Draft): boolean => keyOf(outcome) === keyOf(draft);

function outcomeText(
  draft: Draft,
  plan: TaskPlan,
  domain: Domain,
  testable: readonly Testable[],
): string {
  switch (draft.kind) {
    case "grant":
      return `${plan.act} ${domain.terms[plan.terms]!.say.replace("{}", String(draft.terms))}`;
    case "decline": {
      const field = testable.find(({ variable }) => variable.column === draft.reason)!.field;
      return `decline the request and give the ${field.name} as the reason`;
    }
    case "transfer": {
      const team = domain.teams.find((each) => snake(each) === draft.team)!;
      return `transfer the ${domain.person} to the ${team}`;
    }
  }
}
