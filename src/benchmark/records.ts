import type { Random } from "../synthesis/random.ts";
import type { Database, Domain, Field } from "./domain.ts";
import type { Knobs } from "./knobs.ts";
import { holds } from "./solver.ts";
import { idName } from "./tools.ts";
import type { Condition, Value } from "./tree.ts";
import type { Databases, Row } from "./world.ts";
import { snake } from "./words.ts";

const firstNames =
  "Ada Bruno Carmen Dmitri Elif Farid Greta Hugo Ines Jonas Keiko Lars Mina Nadia Oskar Priya Quentin Rosa Samir Tove Uma Viktor Wanda Yusuf Zoe".split(
    " ",
  );
const lastNames =
  "Adler Brandt Costa Dahl Eriksen Fontaine Garcia Haddad Ivanov Jensen Kowalski Lindqvist Moreau Novak Okafor Petrov Quist Rossi Sato Tanaka Ulrich Vega Weber Yilmaz Zhang".split(
    " ",
  );

/**
 * The databases of an environment. A record of the first leads to one of each other, so that a
 * chain of look-ups finds all that bears on a request.
 */
export function makeRecords(
  domain: Domain,
  databases: readonly Database[],
  knobs: Knobs,
  streamOf: (name: string) => Random,
): Databases {
  const [primary, ...linked] = databases;
  const ids = new Map(
    databases.map(({ name, prefix }) => {
      const random = streamOf(`ids/${name}`);
      const numbers = new Set<number>();
      while (numbers.size < knobs.records) numbers.add(random.int(1000, 9999));
      return [name, [...numbers].map((number) => `${prefix}-${number}`)];
    }),
  );
  const names = streamOf("names");
  const table = ({ name, noun, fields }: Database): [string, Record<string, Row>] => {
    const random = streamOf(`records/${name}`);
    const rows = ids.get(name)!.map((id, i): [string, Row] => {
      const row: Row = { [idName(noun)]: id };
      if (noun === domain.person)
        row["name"] = `${names.pick(firstNames)} ${names.pick(lastNames)}`;
      // All fields are drawn, so that one more leaves those before it as they were.
      for (const [at, field] of fields.entries()) {
        const value = randomValue(field, random);
        if (at < knobs.fields) row[snake(field.name)] = value;
      }
      if (name === primary!.name) {
        for (const other of linked) row[idName(other.noun)] = ids.get(other.name)![i]!;
        row["requests"] = {};
      }
      return [id, row];
    });
    return [name, Object.fromEntries(rows)];
  };
  return Object.fromEntries(databases.map(table));
}

export function randomValue(field: Field, random: Random): Value {
  switch (field.kind) {
    case "flag":
      return random.chance(0.5);
    case "enum":
      return random.pick(field.values);
    case "number": {
      const steps = Math.floor((field.high - field.low) / field.step);
      return field.low + random.int(0, steps) * field.step;
    }
  }
}

/**
 * A value for which a condition holds, or does not. Every other number stands right at the
 * boundary, where a rule is misread.
 */
export function valueFor(condition: Condition, field: Field, isSo: boolean, random: Random): Value {
  const values = valuesOf(field).filter((value) => holds(condition, value) === isSo);
  if (field.kind !== "number" || random.chance(0.5)) return random.pick(values);
  const distance = (value: Value) => Math.abs(Number(value) - Number(condition.value));
  const nearest = Math.min(...values.map(distance));
  return values.find((value) => distance(value) === nearest)!;
}

export function valuesOf(field: Field): Value[] {
  switch (field.kind) {
    case "flag":
      return [true, false];
    case "enum":
      return [...field.values];
    case "number": {
      const steps = Math.floor((field.high - field.low) / field.step);
      return Array.from({ length: steps + 1 }, (_, i) => field.low + i * field.step);
    }
  }
}
