import type { Domain, Field, NumberField } from "./domain.ts";
import type { Knobs } from "./knobs.ts";
import type { Operator, Value, Variable } from "./tree.ts";
import { snake } from "./words.ts";

/** A variable with the field that describes its values. */
export interface Testable {
  variable: Variable;
  field: Field;
  /** "the guest's loyalty tier": how the document calls it. */
  noun: string;
}

/** All that the rules of a task may test. */
export function testables(domain: Domain, knobs: Knobs, given: readonly Field[]): Testable[] {
  const [primary] = domain.databases;
  const recorded = domain.databases.slice(0, knobs.databases).flatMap((database) =>
    database.fields.slice(0, knobs.fields).map((field): Testable => {
      const column = snake(field.name);
      const owner = database === primary ? "the " : `the ${database.noun}'s `;
      return {
        variable: {
          key: `${database.name}.${column}`,
          source: "record",
          database: database.name,
          column,
        },
        field,
        noun: owner + field.name,
      };
    }),
  );
  return [
    ...recorded,
    ...given.map((field) => spoken("argument", field)),
    ...domain.said.map((field) => spoken("said", field)),
  ];
}

function spoken(source: "argument" | "said", field: Field): Testable {
  const column = snake(field.name);
  return {
    variable: { key: `${source}.${column}`, source, column },
    field,
    noun: `the ${field.name}`,
  };
}

const comparisons: Readonly<Record<Exclude<Operator, "eq">, readonly string[]>> = {
  gt: ["is more than", "exceeds", "is above"],
  ge: ["is at least", "is no less than"],
  lt: ["is less than", "is below", "is under"],
  le: ["is at most", "is no more than"],
};
const opposite = { gt: "le", ge: "lt", lt: "ge", le: "gt" } as const;

/** Every way to say that a test holds, or that it does not, as a clause. */
export function wordings(
  { field, noun }: Testable,
  operator: Operator,
  value: Value,
  isSo: boolean,
): string[] {
  switch (field.kind) {
    case "flag":
      return [isSo === value ? field.yes : field.no];
    case "enum":
      return [`${noun} is ${isSo ? "" : "not "}${String(value)}`];
    case "number": {
      if (operator === "eq") throw new RangeError("numbers are compared, not equated");
      return comparisons[isSo ? operator : opposite[operator]].map(
        (words) => `${noun} ${words} ${measured(field, Number(value))}`,
      );
    }
  }
}

/** "6 nights"; a count tells by its name what it counts. */
export const measured = ({ name, unit }: NumberField, value: number): string =>
  name.startsWith("number of ") ? String(value) : `${value} ${unit}`;
