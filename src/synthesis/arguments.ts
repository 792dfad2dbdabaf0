import { z } from "zod";
import type { Random } from "./random.ts";
import type { ArgumentSchema, Tool } from "./tools.ts";

/** What JSON can say. */
export type Json = z.infer<ReturnType<typeof z.json>>;

/**
 * Arguments for a call that a schema accepts: what it requires, or up to three of what it allows
 * where it requires nothing. A value that the schema names (`enum`, `const`, `default`, an example)
 * is taken; others look like what their name says.
 * @returns undefined when none are found: the schema asks for more than can be made up here.
 */
export function argumentsFor(
  { parameters }: Tool,
  person: string,
  random: Random,
): Record<string, Json> | undefined {
  const { properties, required } = parameters;
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, mostOptional);
  const made: Record<string, Json> = {};
  for (const name of names) {
    const value = valueFor(name, properties[name]!, person, random);
    if (value === undefined) return undefined;
    made[name] = value;
  }
  return accepts(parameters, made) ? made : undefined;
}

const mostOptional = 3;

/** Whether arguments keep to a schema; a schema that nobody can read accepts nothing. */
export function accepts(parameters: Tool["parameters"], made: Record<string, Json>): boolean {
  try {
    return z.fromJSONSchema(parameters as Parameters<typeof z.fromJSONSchema>[0]).safeParse(made)
      .success;
  } catch {
    return false;
  }
}

function valueFor(
  name: string,
  schema: ArgumentSchema,
  person: string,
  random: Random,
): Json | undefined {
  const named = [...(schema.const === undefined ? [] : [schema.const]), ...(schema.enum ?? [])];
  if (named.length > 0) return json(random.pick(named));
  const examples = schema.examples ?? [];
  if (examples.length > 0) return json(random.pick(examples));
  if (schema.default !== undefined) return json(schema.default);
  switch (schema.type) {
    case "boolean":
      return random.chance(0.5);
    case "integer":
    case "number":
      return numberFor(schema, random);
    case "array": {
      const items = Array.from({ length: random.int(1, 2) }, () =>
        valueFor(name.replace(/s$/, ""), schema.items ?? { type: "string" }, person, random),
      );
      const found = items.filter((item) => item !== undefined);
      return found.length === items.length ? [...new Set(found)] : undefined;
    }
    case "object": {
      const made: Record<string, Json> = {};
      for (const key of schema.required ?? []) {
        const value = valueFor(key, schema.properties?.[key] ?? {}, person, random);
        if (value === undefined) return undefined;
        made[key] = value;
      }
      return made;
    }
    case "string":
    case undefined:
      return textFor(name, schema, person, random);
    default:
      return undefined;
  }
}

function json(value: unknown): Json | undefined {
  return z.json().safeParse(value).data;
}

function numberFor({ minimum = 1, maximum, type }: ArgumentSchema, random: Random): number {
  const low = Math.ceil(minimum);
  const value = random.int(low, Math.max(low, Math.floor(maximum ?? low + 20)));
  return type === "number" && maximum === undefined && random.chance(0.3) ? value + 0.5 : value;
}

/** What a text by this name looks like. */
const looks: readonly (readonly [RegExp, (person: string, random: Random) => string])[] = [
  [/e_?mail/i, (person, random) => `${person.toLowerCase()}${random.int(2, 99)}@example.org`],
  [/phone|mobile/i, (_, random) => `+49 30 55${digits(random, 5)}`],
  [/zip|post_?code|postal/i, (_, random) => digits(random, 5)],
  [/(?:^|_)(?:date|day)(?:$|_)/i, (_, random) => `2026-0${random.int(1, 9)}-${random.int(10, 28)}`],
  [/street|address_?line|(?:^|_)address1?$/i, (_, random) => `${random.int(2, 90)} Mill Lane`],
  [/address2$/i, (_, random) => `Flat ${random.int(2, 30)}`],
  [/city|town/i, (_, random) => random.pick(["Norwich", "Leeds", "Dover", "Bath"])],
  [/state|county/i, (_, random) => random.pick(["Kent", "Essex", "Devon"])],
  [/country/i, () => "United Kingdom"],
  [/last_?name|surname/i, (_, random) => random.pick(["Miller", "Okafor", "Novak", "Lindqvist"])],
  [/name|customer|user$|recipient/i, (person) => person],
  [/(?:^|_)(?:id|ids|number|no|code|ref|reference)$/i, (_, random) => `K${digits(random, 6)}`],
  [
    /summary|note|comment|message|description|details|query|question|text/i,
    (person) => `${person} asks for this`,
  ],
  [/reason/i, () => "the customer asks for it"],
];

function textFor(
  name: string,
  { description = "", format }: ArgumentSchema,
  person: string,
  random: Random,
): string | undefined {
  if (format === "date") return `2026-0${random.int(1, 9)}-${random.int(10, 28)}`;
  if (format === "date-time") return `2026-0${random.int(1, 9)}-12T1${random.int(0, 9)}:30:00Z`;
  if (format === "email") return `${person.toLowerCase()}${random.int(2, 99)}@example.org`;
  const example =
    /(?:such as|e\.g\.?,?|for example,?|like|example:)\s+['"`“‘]?([#\w@.-]*\d[\w.-]*)/i.exec(
      description,
    )?.[1];
  // An example shows the look: its letters stay, its digits change.
  if (example) return example.replace(/[.]$/, "").replace(/\d/g, () => String(random.int(0, 9)));
  return looks.find(([pattern]) => pattern.test(name))?.[1](person, random);
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.int(1, 9)).join("");
}

/** Arguments as people say them: "the order id #W12 and the reason 'no longer needed'". */
export function inWords(made: Readonly<Record<string, Json>>): string[] {
  return Object.entries(made).map(([name, value]) => `${plain(name)}: ${said(value)}`);
}

export function plain(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/[_.-]+/g, " ")
    .toLowerCase();
}

function said(value: Json): string {
  if (Array.isArray(value)) return value.map(said).join(" and ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object" && value !== null) return inWords(value).join(", ");
  return String(value);
}
