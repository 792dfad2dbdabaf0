import { readSentence, readOpenRule } from "./clauses.ts";
import { join, readExpression } from "./conditions.ts";
import { isUnfinished, type Branch, type Cell, type Passage } from "./cut.ts";
import { hasVerb, isImperative } from "./grammar.ts";
import { pastOpening } from "./markers.ts";
import type { NameSet } from "./names.ts";
import type { Range } from "./prose.ts";
import { Scope } from "./scope.ts";
import { sentences } from "./sentences.ts";
import { negates } from "./quantities.ts";
import type { Condition, Decision, DecisionNode, Outcome, Test } from "./statement.ts";
import {
  compile,
  depth,
  inOrder,
  inTurn,
  joinOutcomes,
  leavesOpen,
  led,
  mapLeaves,
  orElse,
  size,
  together,
  unstated,
  type Expression,
} from "./tree.ts";

/** What a passage says conditionally. */
export interface Reading {
  decision: Decision;
  /** More than one condition with one outcome. */
  complex: boolean;
  /** The words that show it. */
  cues: string[];
}

/** Trees beyond this are not written out: nobody reads, asks about or learns them as one rule. */
const maxTree = 400;

/** What is longer (UTF-16 code units) is no sentence or list of rules, and would cost more than its length. */
const maxSentence = 5000;
const maxList = 20_000;

/**
 * Reads a passage into conditions and a decision tree.
 *
 * @param previous the decision of the statement before it, for "Otherwise, …".
 * @param names capitalised words that are names.
 * @returns undefined when it states no condition that can be read.
 */
export function readPassage(
  passage: Passage,
  previous: Decision | undefined,
  names: NameSet,
): Reading | undefined {
  if (passage.prose.text.length > (passage.layout.kind === "list" ? maxList : maxSentence)) {
    return undefined;
  }
  const scope = new Scope(passage.prose, names);
  const tree = readLayout(scope, passage, previous);
  if (tree?.kind !== "test" || scope.conditions.length === 0) return undefined;
  if (size(tree) > maxTree) return undefined;
  const { conditions, tree: used } = withoutUnused(scope.conditions, tree);
  return {
    decision: { depth: depth(used), conditions, tree: used },
    complex: scope.complex || conditions.length > 1,
    cues: scope.cues,
  };
}

function readLayout(
  scope: Scope,
  { layout, prose }: Passage,
  previous: Decision | undefined,
): DecisionNode | undefined {
  const whole = { from: 0, to: prose.text.length };
  switch (layout.kind) {
    case "sentence":
      return readReference(scope, whole, previous) ?? readSentence(scope, whole);
    case "list":
      return readBranch(scope, layout.root, false);
    case "row":
      return readRow(scope, layout.cells);
  }
}

/** What opens a rule for the cases that the rules before it leave: "Otherwise, …", "In all other cases, …". */
const remainder =
  "otherwise|or else|if not|failing (?:that|this|these)|in (?:all|any|every) other cases?|if none of (?:this|these|those|the above) appl(?:y|ies)";
const opensReference = new RegExp(
  String.raw`^(?:(?:and|but|or) )?(${remainder}|if so|in (?:that|this|such a) case|in these cases)\b,?\s*`,
);
const opensRemainder = new RegExp(String.raw`^(?:(?:and|but|or) )?(?:${remainder})\b,?\s*`);

/** "Otherwise, …", "In that case, …", "If not, …": the condition stands in the statement before. */
function readReference(
  scope: Scope,
  range: Range,
  previous: Decision | undefined,
): DecisionNode | undefined {
  const match = opensReference.exec(scope.shadow);
  if (match === null || previous === undefined) return undefined;
  const rest = { from: range.from + match[0].length, to: range.to };
  scope.conditions.push(...previous.conditions);
  const own = readSentence(scope, rest) ?? scope.outcome(rest);
  if (own === undefined) return undefined;
  scope.cue(match[1]!);
  if (!/^(?:if so|in (?:that|this|such|these))\b/.test(match[1]!)) {
    scope.complex = true;
    const open = mapLeaves(previous.tree, (leaf) =>
      leaf.kind === "outcome" && leaf.negated === true ? unstated : leaf,
    );
    return inOrder(open, own, wordsIn(scope));
  }
  return mapLeaves(previous.tree, (leaf) =>
    leaf.kind === "outcome" && leaf.negated !== true ? own : unstated,
  );
}

/** A lead-in with its items. */
function readBranch(scope: Scope, branch: Branch, nested: boolean): DecisionNode | undefined {
  if (branch.items.length === 0) return readItem(scope, branch.lead);
  const lead = scope.core(branch.lead);
  const words = scope.shadow.slice(lead.from, lead.to);
  const listed = leadOfConditions.exec(words);
  if (listed !== null) {
    const node = readListedConditions(scope, branch, lead, listed);
    if (node !== undefined) return node;
  }
  const rule = readOpenRule(scope, { from: lead.from, to: branch.lead.to });
  if (rule !== undefined && leadOfExamples.test(words)) {
    return rule.outcome === undefined ? undefined : rule.fill(rule.outcome);
  }
  if (rule === undefined) {
    const measure = /,?\s+(?:(?:is |are )?based|depend\w*|according)\b/.exec(words);
    const below = readItems(scope, branch.items, measure !== null);
    // "The fee depends on your tier: gold: …": what is measured is said of each case.
    if (below !== undefined && measure !== null && !nested) {
      const measured = scope.outcome({ from: lead.from, to: lead.from + measure.index });
      return measured === undefined ? below : led(measured, below, ": ");
    }
    const own = nested && below !== undefined ? scope.outcome(lead) : undefined;
    return own === undefined || below === undefined
      ? below
      : /:\s*$/.test(scope.text.slice(branch.lead.from, branch.lead.to))
        ? led(own, below, ", ")
        : together(own, below);
  }
  const cases = readCases(scope, branch.items);
  const below = cases ?? readItems(scope, branch.items, false) ?? plainOutcome(scope, branch.items);
  if (below === undefined) {
    return rule.outcome === undefined ? undefined : rule.fill(rule.outcome);
  }
  const announces =
    /\b(?:following|these|this|below|as follows|first (?:\w+ )?that (?:applies|fits|holds))\b[^.]*$/.test(
      words,
    );
  const own = rule.outcome?.kind === "outcome" && !announces ? rule.outcome : undefined;
  if (own === undefined) return rule.fill(below);
  const joint =
    isUnfinished(own.text) || cases !== undefined ? " " : below.kind === "test" ? ", " : ": ";
  return rule.fill(led(own, below, joint));
}

/** A lead-in whose items are examples: they make its condition clear and add none. */
const leadOfExamples = /\b(?:such as|for example|for instance|including)$/;

/** A lead-in whose items are its conditions: "… if all of these are true:", "… unless:", "… when:". */
const leadOfConditions =
  /\b(?<binding>if and only if|only if|only when|if|when|unless|except if|except when|provided that|as long as|in)\b(?<quantity>[^,]*?\b(?:any|all|one|both|either|each|every|none|following|these|at least one)\b[^,]*)?$/;

function readListedConditions(
  scope: Scope,
  branch: Branch,
  lead: Range,
  match: RegExpExecArray,
): DecisionNode | undefined {
  const { binding = "if", quantity = "" } = match.groups ?? {};
  if (binding === "in" && !/\b(?:cases|situations|circumstances)\b/.test(quantity))
    return undefined;
  if (
    quantity !== "" &&
    !/\b(?:true|apply|applies|met|hold|holds|following|these|fulfilled|satisfied|the case|conditions?|cases|situations|circumstances|happens?|occurs?)\b/.test(
      quantity,
    )
  ) {
    return undefined;
  }
  const outcomeRange = { from: lead.from, to: lead.from + match.index };
  const outcome = scope.outcome(outcomeRange, undefined);
  if (outcome === undefined) return undefined;
  const tail = scope.shadow.slice(branch.items.at(-2)?.from ?? 0, branch.items.at(-2)?.to ?? 0);
  const all =
    /\b(?:all|both|each|every)\b/.test(quantity) || (quantity === "" && /\band[;,.]?$/.test(tail));
  const expression = join(
    all ? "and" : "or",
    branch.items.map((item) => readListedCondition(scope, item)),
  );
  if (expression === undefined) return undefined;
  scope.cue(binding);
  scope.complex = true;
  const words = scope.shadow.slice(outcomeRange.from, outcomeRange.to);
  const restricts =
    binding.startsWith("only") ||
    binding.startsWith("if and") ||
    /\bonly\s*$|\b(?:can|may|is|are) (?:\w+ )?only\b/.test(words);
  const shown = { ...outcome, text: outcome.text.replace(/\s*\bonly$|\bonly /, "") };
  const other = { ...shown, negated: true };
  if (/^(?:unless|except)/.test(binding)) return compile(expression, other, shown);
  return compile(expression, shown, restricts ? other : unstated);
}

function readListedCondition(scope: Scope, item: Branch): Expression | undefined {
  const marker = { complement: "clause", words: "" } as const;
  const tail = /[\s;,.]*\b(?:and|or)?[\s;,.]*$/.exec(
    scope.shadow.slice(item.lead.from, item.lead.to),
  );
  const own = readExpression(
    scope,
    { from: item.lead.from, to: item.lead.to - (tail?.[0].length ?? 0) },
    marker,
  );
  if (item.items.length === 0) return own;
  const any = /\b(?:any|either|one)\b/.test(scope.shadow.slice(item.lead.from, item.lead.to));
  return (
    join(
      any ? "or" : "and",
      item.items.map((below) => readListedCondition(scope, below)),
    ) ?? own
  );
}

/** Items that stand side by side: what always comes, and rules, the first that holds. */
function readItems(
  scope: Scope,
  items: readonly Branch[],
  alternatives: boolean,
): DecisionNode | undefined {
  const always: Outcome[] = [];
  let rules: DecisionNode | undefined;
  for (const item of items) {
    const rest = rules === undefined ? undefined : readRemainder(scope, item);
    if (rules !== undefined && rest !== undefined) {
      scope.complex = true;
      rules = inOrder(rules, rest, wordsIn(scope));
      continue;
    }
    const node =
      (alternatives ? readLabelled(scope, item) : undefined) ?? readBranch(scope, item, true);
    if (node !== undefined) {
      if (rules !== undefined) scope.complex = true;
      rules = rules === undefined ? node : follow(scope, rules, node);
      continue;
    }
    const outcome = plainOutcome(scope, [item]);
    if (outcome !== undefined) always.push(outcome);
  }
  if (rules === undefined) return undefined;
  return always.length === 0 ? rules : together(joinOutcomes(always), rules);
}

/** "Otherwise, …", "Otherwise: …" with items below: what comes where no item before it applied. */
function readRemainder(scope: Scope, item: Branch): DecisionNode | undefined {
  const from = pastOpening(scope.shadow, item.lead);
  const match = opensRemainder.exec(scope.shadow.slice(from, item.lead.to));
  if (match === null) return undefined;
  const lead = { from: from + match[0].length, to: item.lead.to };
  const own = scope.core(lead);
  if (item.items.length === 0) {
    const node = readItem(scope, lead) ?? scope.outcome(lead);
    if (node !== undefined) scope.cue(match[0]);
    return node;
  }
  if (own.from < own.to) return readBranch(scope, { ...item, lead }, true);
  return readItems(scope, item.items, false) ?? plainOutcome(scope, item.items);
}

const wordsIn = (scope: Scope) => (condition: number) => scope.conditions[condition]!.text;

/** The next rule of a list. Where both ask for the class of one thing, the classes exclude each other. */
function follow(scope: Scope, first: DecisionNode, next: DecisionNode): DecisionNode {
  if (first.kind !== "test" || next.kind !== "test") return inOrder(first, next, wordsIn(scope));
  const otherSide = oppositeOf(scope, first, next);
  if (otherSide !== undefined) return orElse(first, otherSide);
  if (!leavesOpen(first)) return inTurn(first, next);
  const [a, b] = [scope.conditions[first.condition], scope.conditions[next.condition]];
  const exclusive =
    a?.operator === "eq" &&
    b?.operator === "eq" &&
    a.variable === b.variable &&
    a.value !== b.value;
  if (!exclusive) return inOrder(first, next, wordsIn(scope));
  return { ...first, no: follow(scope, first.no, next) };
}

/** "If you can …" and then "If you cannot …": what the second rule says for the other side of the first. */
function oppositeOf(scope: Scope, first: Test, next: Test): DecisionNode | undefined {
  const [one, other] = [alternativesOf(first), alternativesOf(next)];
  const opposite =
    one.conditions.length === other.conditions.length &&
    one.conditions.every((condition, i) =>
      negates(scope.conditions[condition]!.text, scope.conditions[other.conditions[i]!]!.text),
    );
  return opposite && one.no.kind === "unstated" && other.no.kind === "unstated"
    ? next.yes
    : undefined;
}

/** The tests in a row that lead to the same answer, and what comes when none of them holds. */
function alternativesOf(test: Test): { conditions: number[]; no: DecisionNode } {
  const conditions = [test.condition];
  let no = test.no;
  for (; no.kind === "test" && no.yes === test.yes; no = no.no) conditions.push(no.condition);
  return { conditions, no };
}

/** "Fewer than 3 years: 4 hours": a class of cases, and what holds for it. */
function readLabelled(scope: Scope, item: Branch): DecisionNode | undefined {
  if (item.items.length > 0) return undefined;
  const text = scope.shadow.slice(item.from, item.to);
  const match = /^([^:]{2,80}):\s+(?=\S)/.exec(text);
  if (match === null) return undefined;
  const label = { from: item.from, to: item.from + match[1]!.length };
  const expression = scope.condition(
    label,
    `it is ${scope.clause(scope.text.slice(label.from, label.to))}`,
  );
  const outcome = scope.outcome({ from: item.from + match[0].length, to: item.to });
  if (expression === undefined || outcome === undefined) return undefined;
  scope.cue(scope.text.slice(label.from, label.to));
  return compile(expression, outcome, unstated);
}

/** "sick leave for funerals; unpaid leave after losing a child": each item is for a case of its own. */
function readCases(scope: Scope, items: readonly Branch[]): DecisionNode | undefined {
  if (items.length < 2) return undefined;
  const cases = items.map((item) => {
    const text = scope.shadow.slice(item.from, item.to).replace(/[\s.;,]+$/, "");
    const match =
      /^(?<thing>[^,:;.]{2,60}?) (?<words>for|after|in case of|during) (?=[^:;.]{2,160}$)/.exec(
        text,
      );
    const plain = item.items.length === 0 && !hasVerb(text) && !isImperative(text);
    return match?.groups === undefined || !plain
      ? undefined
      : { item, thing: match.groups["thing"]!, words: match.groups["words"]!, at: match[0].length };
  });
  if (cases.some((one) => one === undefined)) return undefined;
  let node: DecisionNode = unstated;
  for (const one of cases.reverse()) {
    const { item, thing, words, at } = one!;
    const range = { from: item.from + at, to: item.to };
    const expression = readExpression(scope, range, { complement: "class", words });
    const outcome = scope.outcome({ from: item.from, to: item.from + thing.length });
    if (expression === undefined || outcome === undefined) return undefined;
    node = compile(expression, outcome, node);
  }
  scope.complex = true;
  return node;
}

function readItem(scope: Scope, lead: Range): DecisionNode | undefined {
  const always: Outcome[] = [];
  let rules: DecisionNode | undefined;
  for (const { from, to } of sentences(scope.prose.slice(lead))) {
    const range = { from: lead.from + from, to: lead.from + to };
    const node = readSentence(scope, range);
    if (node !== undefined) rules = rules === undefined ? node : orElse(rules, node);
    else {
      const outcome = scope.outcome(range);
      if (outcome !== undefined) always.push(outcome);
    }
  }
  if (rules === undefined) return undefined;
  return always.length === 0 ? rules : together(joinOutcomes(always), rules);
}

function plainOutcome(scope: Scope, items: readonly Branch[]): Outcome | undefined {
  const outcomes = items.flatMap((item): Outcome[] => {
    const from = pastOpening(scope.shadow, item);
    const own = scope.outcome({ from, to: item.to });
    return own === undefined ? [] : [own];
  });
  return outcomes.length === 0 ? undefined : joinOutcomes(outcomes);
}

/** A row under headers like "If" and "Then", or one with a condition in a cell. */
function readRow(scope: Scope, cells: readonly Cell[]): DecisionNode | undefined {
  const [first, second] = cells;
  if (
    first !== undefined &&
    second !== undefined &&
    /^(?:if|when|conditions?|case|situation|trigger)\b/i.test(first.header)
  ) {
    const marker = { complement: "clause", words: "if" } as const;
    const expression = readExpression(scope, first, marker);
    const outcome = scope.outcome({ from: second.from, to: cells.at(-1)!.to });
    if (expression !== undefined && outcome !== undefined) {
      scope.cue(first.header);
      return compile(expression, outcome, unstated);
    }
  }
  for (const cell of cells) {
    const node = readSentence(scope, cell);
    if (node !== undefined) return node;
  }
  return undefined;
}

/**
 * Leaves out the conditions that no test asks about, those said twice, and tests that a test above
 * has decided.
 */
function withoutUnused(
  conditions: readonly Condition[],
  tree: DecisionNode,
): { conditions: Condition[]; tree: DecisionNode } {
  const used: Condition[] = [];
  const walk = (node: DecisionNode, decided: ReadonlyMap<number, boolean>): DecisionNode => {
    if (node.kind !== "test") return node;
    const condition = conditions[node.condition]!;
    let index = used.findIndex(({ text }) => text === condition.text);
    if (index < 0) index = used.push(condition) - 1;
    const answer = decided.get(index);
    if (answer !== undefined) return walk(answer ? node.yes : node.no, decided);
    return {
      kind: "test",
      condition: index,
      yes: walk(node.yes, new Map(decided).set(index, true)),
      no: walk(node.no, new Map(decided).set(index, false)),
    };
  };
  const pruned = walk(tree, new Map());
  return { conditions: used, tree: pruned };
}
