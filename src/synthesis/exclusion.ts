import type { Condition, Statement } from "../policy/statement.ts";

/** The truth of one condition in a case. */
export interface CaseTest {
  statement: Statement;
  condition: number;
  holds: boolean;
}

/**
 * Whether no case can be as the tests say: the same words would have to be true and false, or a
 * number above and below the same bound. Told apart by words alone, other conditions may all hold.
 */
export function excludes(tests: readonly CaseTest[]): boolean {
  const read = tests.map(({ statement, condition, holds }) => ({
    condition: statement.decision!.conditions[condition]!,
    holds,
  }));
  return read.some((one, index) => read.slice(index + 1).some((other) => clash(one, other)));
}

interface Tested {
  condition: Condition;
  holds: boolean;
}

function clash(one: Tested, other: Tested): boolean {
  if (one.condition.text.toLowerCase() === other.condition.text.toLowerCase()) {
    return one.holds !== other.holds;
  }
  const [a, b] = [rangeOf(one), rangeOf(other)];
  if (!a || !b || a.of !== b.of) return false;
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  return low > high || (low === high && (a.open || b.open));
}

interface NumberRange {
  /** What is measured, and in which unit. */
  of: string;
  low: number;
  high: number;
  /** The bound itself is left out. */
  open: boolean;
}

function rangeOf({ condition, holds }: Tested): NumberRange | undefined {
  const { variable, operator, value, unit = "" } = condition;
  if (typeof value !== "number" || variable === undefined || operator === undefined) {
    return undefined;
  }
  const of = `${variable}\n${unit}`;
  const above = { of, low: value, high: Infinity };
  const below = { of, low: -Infinity, high: value };
  switch (operator) {
    case "gt":
      return holds ? { ...above, open: true } : { ...below, open: false };
    case "ge":
      return holds ? { ...above, open: false } : { ...below, open: true };
    case "lt":
      return holds ? { ...below, open: true } : { ...above, open: false };
    case "le":
    case "within":
      return holds ? { ...below, open: false } : { ...above, open: true };
    default:
      return undefined;
  }
}
