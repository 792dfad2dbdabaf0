import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import { isBoundary, satisfies } from "./cases.ts";
import {
  type Coverage,
  type CoverageGap,
  type Requirement,
  requirements,
} from "./coverage-schema.ts";
import type { CptRow, SftRow } from "./dataset.ts";
import { excludes } from "./exclusion.ts";
import { type Fact, factsOf, isWaiver, leavesOf } from "./facts.ts";
import { twinKey } from "./inputs.ts";
import { NearDuplicates } from "./near-duplicates.ts";
import { normalizeAnswer } from "./normalize.ts";
import { questionIn, saidIn } from "./row-text.ts";
import { clause, contentWords } from "./wording.ts";

/** Different questions it takes for a value. */
const questionsPerValue = 2;

interface Obligation {
  requirement: Requirement;
  met: boolean;
  message: () => string;
}

/** Holds the training rows against the policy that they were made from. */
export function coverageOf(
  policy: ParsedPolicy,
  cpt: readonly CptRow[],
  sft: readonly SftRow[],
): Coverage {
  const facts = groupBy(factsOf(policy), ({ statement }) => statement.id);
  const evidence = new Evidence([...cpt, ...sft]);
  const counts = Object.fromEntries(
    requirements.map((name) => [name, { met: 0, all: 0 }]),
  ) as Coverage["requirements"];
  const gaps: CoverageGap[] = [];
  const words = new Set<string>();
  for (const statement of policy.statements) {
    const key = twinKey(statement);
    const isTwin = words.size === words.add(key).size;
    const own = facts.get(statement.id) ?? [];
    for (const { requirement, met, message } of obligations(statement, own, isTwin, evidence)) {
      counts[requirement].all++;
      if (met) counts[requirement].met++;
      else gaps.push({ statement: statement.id, requirement, message: message() });
    }
  }
  return { requirements: counts, gaps };
}

function obligations(
  statement: Statement,
  facts: readonly Fact[],
  isTwin: boolean,
  evidence: Evidence,
): Obligation[] {
  const because = isTwin
    ? "the same words stand in an earlier statement"
    : "no row passed the checks";
  return [
    {
      requirement: "rows",
      met: evidence.rowsOf(statement.id) > 0,
      message: () => `It has no rows: ${noRows(statement, because)}.`,
    },
    ...facts
      .filter(({ shape }) => shape === "gap")
      .map((fact): Obligation => {
        const asked = evidence.questionsOf(fact);
        return {
          requirement: "value",
          met: asked >= questionsPerValue,
          message: () =>
            `"${fact.answer}" is asked for ${asked === 0 ? "never" : "in one way only"}: ${because}.`,
        };
      }),
    ...conduct(statement, evidence, because),
    ...tree(statement, facts, evidence, because),
  ];
}

function noRows(statement: Statement, because: string): string {
  return contentWords(statement.text).length === 0 ? "no word in it says anything" : because;
}

function conduct(
  { id, category, text }: Statement,
  evidence: Evidence,
  because: string,
): Obligation[] {
  if (category !== "behavioral") return [];
  const demonstration: Obligation = {
    requirement: "demonstration",
    met: evidence.has(id, "demonstration"),
    message: () => `No demonstration keeps this rule: ${because}.`,
  };
  if (isWaiver(text)) return [demonstration];
  return [
    demonstration,
    {
      requirement: "temptation",
      met: evidence.has(id, "counterfactual"),
      message: () => `No request tempts to break this rule: ${because}.`,
    },
  ];
}

function tree(
  statement: Statement,
  facts: readonly Fact[],
  evidence: Evidence,
  because: string,
): Obligation[] {
  const { decision } = statement;
  if (!decision) return [];
  const cases = facts.filter(({ shape }) => shape === "case");
  const reached = cases.filter((fact) => evidence.reaches(fact));
  const leaves = leavesOf(statement);
  const words = (condition: number) => clause(decision.conditions[condition]!.text);
  const used = [...new Set(leaves.flatMap(({ tests }) => tests.map((test) => test.condition)))];
  return [
    ...leaves.map((leaf): Obligation => {
      const path = pathOf(leaf.tests);
      return {
        requirement: "leaf",
        met: reached.some(({ tests }) => pathOf(tests) === path),
        message: () => {
          const way = leaf.tests
            .map(({ condition, holds }) => `"${words(condition)}" is ${holds ? "so" : "not so"}`)
            .join(" and ");
          const why = excludes(leaf.tests) ? "these exclude each other" : because;
          return `No case has that ${way}: ${why}.`;
        },
      };
    }),
    ...used.flatMap((condition) =>
      [true, false].map((holds): Obligation => {
        const takes = ({ tests }: Pick<Fact, "tests">) =>
          tests.some((test) => test.condition === condition && test.holds === holds);
        const possible = leaves.some((leaf) => takes(leaf) && !excludes(leaf.tests));
        return {
          requirement: "test",
          met: reached.some(takes),
          message: () =>
            `No case has "${words(condition)}" ${holds ? "come true" : "fail"}: ` +
            `${possible ? because : "the conditions before it leave no room for that"}.`,
        };
      }),
    ),
    ...used.flatMap((index) => {
      const condition = decision.conditions[index]!;
      const { operator, value } = condition;
      if (typeof value !== "number" || operator === "eq" || operator === "ne") return [];
      return [true, false].map((holds): Obligation => {
        const stated = evidence.numbersOf(`${statement.id}/${index}`);
        return {
          requirement: "boundary",
          met: stated.some((number) => satisfies(number, operator, value) === holds),
          message: () =>
            `No case has a number ${holds ? "within" : "beyond"} "${words(index)}": ` +
            `${isBoundary(condition) ? because : `${value} does not stand in these words`}.`,
        };
      });
    }),
  ];
}

function pathOf(tests: Fact["tests"]): string {
  return tests.map(({ condition, holds }) => `${condition}${holds ? "+" : "-"}`).join(" ");
}

/** What the rows show. A row whose answer is not its fact's shows nothing of it. */
class Evidence {
  readonly #counts = new Map<string, number>();
  readonly #kinds = new Set<string>();
  readonly #byFact = new Map<string, (CptRow | SftRow)[]>();
  readonly #numbers = new Map<string, number[]>();

  constructor(rows: readonly (CptRow | SftRow)[]) {
    for (const row of rows) {
      if (row.kind === "document") continue;
      for (const id of row.statements) {
        this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
        this.#kinds.add(`${id} ${row.kind}`);
      }
      if (row.fact !== undefined) push(this.#byFact, row.fact, row);
      for (const entry of row.made?.numbers ?? []) {
        const [condition = "", number = ""] = entry.split("=");
        push(this.#numbers, condition, Number(number));
      }
    }
  }

  rowsOf(statement: string): number {
    return this.#counts.get(statement) ?? 0;
  }

  has(statement: string, kind: "demonstration" | "counterfactual"): boolean {
    return this.#kinds.has(`${statement} ${kind}`);
  }

  /** How many different questions ask for a value. */
  questionsOf(fact: Fact): number {
    const different = new NearDuplicates();
    const asked = (this.#byFact.get(fact.key) ?? []).filter((row) => answers(row, fact));
    return asked.filter((row) => different.add("text" in row ? questionIn(row) : saidIn(row)))
      .length;
  }

  reaches(fact: Fact): boolean {
    return (this.#byFact.get(fact.key) ?? []).some((row) => answers(row, fact));
  }

  numbersOf(condition: string): readonly number[] {
    return this.#numbers.get(condition) ?? [];
  }
}

/** Whether a row ends in the answer of its fact, or in a call that carries it out. */
function answers(row: CptRow | SftRow, { answer }: Fact): boolean {
  if ("text" in row) {
    return (
      row.answerStart !== undefined &&
      normalizeAnswer(row.text.slice(row.answerStart)) === normalizeAnswer(answer)
    );
  }
  const last = row.completion.at(-1)!;
  if (last.tool_calls) return true;
  return normalizeAnswer(last.content).endsWith(normalizeAnswer(answer));
}

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) push(groups, keyOf(item), item);
  return groups;
}

function push<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const known = groups.get(key);
  if (known) known.push(item);
  else groups.set(key, [item]);
}
