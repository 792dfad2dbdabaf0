import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition, Operator, Statement } from "../../../src/policy/statement.ts";
import { state, stateCase } from "../../../src/synthesis/cases.ts";
import { Random } from "../../../src/synthesis/random.ts";

function statementWith(condition: Condition): Statement {
  return {
    id: "s-1",
    category: "simple-conditional",
    start: 0,
    end: 1,
    line: 1,
    section: [],
    text: condition.text,
    confidence: 1,
    decidedBy: "rules",
    decision: { depth: 1, conditions: [condition], tree: { kind: "unstated" } },
  };
}

const holdsFor: Partial<Record<Operator, (stated: number, bound: number) => boolean>> = {
  gt: (stated, bound) => stated > bound,
  ge: (stated, bound) => stated >= bound,
  lt: (stated, bound) => stated < bound,
  le: (stated, bound) => stated <= bound,
  within: (stated, bound) => stated <= bound,
};

const phrases = {
  gt: "a parcel weighs more than # kg",
  ge: "the customer sends at least # photos",
  lt: "the order has fewer than # items",
  le: "the payout is up to # euros",
  within: "the customer cancels within # hours of booking",
} as const;

describe("a case with a number", () => {
  it.each(Object.keys(phrases) as (keyof typeof phrases)[])(
    "lies on the right side of %s",
    (operator) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 2, max: 5000 }),
          fc.nat(),
          fc.boolean(),
          (bound, seed, holds) => {
            const shown =
              bound >= 1000
                ? `${Math.floor(bound / 1000)},${String(bound % 1000).padStart(3, "0")}`
                : String(bound);
            const text = phrases[operator].replace("#", shown);
            const condition = { start: 0, end: 1, text, operator, value: bound };
            const test = { statement: statementWith(condition), condition: 0, holds };
            const voice = seed % 2 ? "train" : "exam";
            const { text: stated } = state(test, new Map(), new Set(), voice, new Random(seed));
            const number = Number(/\d[\d,]*/.exec(stated)![0].replaceAll(",", ""));
            expect(holdsFor[operator]!(number, bound)).toBe(holds);
            expect(stated).not.toMatch(/more than|at least|fewer than|up to|within/);
          },
        ),
      );
    },
  );
});

it("says a failed state with another value of the same variable", () => {
  const condition = {
    start: 0,
    end: 1,
    text: "its status is 'pending'",
    variable: "status",
    operator: "eq",
    value: "pending",
  } as const;
  const test = { statement: statementWith({ ...condition }), condition: 0, holds: false };
  const vocabulary = new Map([["status", ["pending", "delivered"]]]);
  const said = new Set(
    Array.from(
      { length: 40 },
      (_, seed) => state(test, vocabulary, new Set(["pending"]), "train", new Random(seed)).text,
    ),
  );
  expect(said).toEqual(new Set(["its status is 'delivered'", "its status is not 'pending'"]));
});

it("never takes a training number for an exam", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.boolean(), fc.nat(), (bound, holds, seed) => {
      const text = `the hold lasts longer than ${bound} days`;
      const condition = { start: 0, end: 1, text, operator: "gt" as const, value: bound };
      const test = { statement: statementWith(condition), condition: 0, holds };
      const numbers = (voice: "train" | "exam") =>
        Array.from(
          { length: 20 },
          (_, i) => state(test, new Map(), new Set(), voice, new Random(seed + i)).number,
        ).filter((number) => number !== undefined);
      const trained = new Set(numbers("train"));
      for (const number of numbers("exam")) expect(trained).not.toContain(number);
    }),
  );
});

it("contradicts itself in no case of classes", () => {
  const classes = ["gold", "silver"].map((value) => ({
    start: 0,
    end: 1,
    text: `it is a ${value} customer`,
    variable: "customer",
    operator: "eq" as const,
    value,
  }));
  const statement = { ...statementWith(classes[0]!) };
  statement.decision = { depth: 2, conditions: classes, tree: { kind: "unstated" } };
  const vocabulary = new Map([["customer", ["gold", "silver", "basic"]]]);
  const said = (first: boolean, second: boolean) =>
    new Set(
      Array.from({ length: 60 }, (_, seed) =>
        stateCase(
          [
            { statement, condition: 0, holds: first },
            { statement, condition: 1, holds: second },
          ],
          vocabulary,
          "train",
          new Random(seed),
        )
          .map(({ text }) => text)
          .sort()
          .join("; "),
      ),
    );
  expect(said(false, true)).toEqual(new Set(["it is a silver customer"]));
  for (const text of said(false, false)) {
    expect(text).not.toMatch(/is a (gold|silver)/);
  }
});
