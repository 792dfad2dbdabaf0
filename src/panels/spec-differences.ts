import type { Difference } from "../protocol/runs.ts";
import type { RunSpec } from "../training/spec.ts";

/** What names a run, or is of the file and not of the run. */
const naming = new Set(["version", "id", "createdAt"]);
/** So many characters of a hash tell two apart. */
const hashLength = 12;

/**
 * The fields in which specifications differ, each with its value in every one of them, in the order
 * that the fields come in. Hyperparameters go by the names that `--set` knows them by.
 */
export function differences(specs: readonly RunSpec[]): Difference[] {
  const fields = specs.map(fieldsOf);
  const names = new Set(fields.flatMap((field) => [...field.keys()]));
  return [...names].flatMap((name) => {
    const values = fields.map((field) => field.get(name) ?? null);
    return values.every((value) => value === values[0])
      ? []
      : [{ name, values: values.map(short) }];
  });
}

function fieldsOf(spec: RunSpec): Map<string, string> {
  const { hyperparameters, ...rest } = spec;
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(rest)) if (!naming.has(name)) add(fields, name, value);
  for (const [name, value] of Object.entries(hyperparameters)) add(fields, name, value);
  return fields;
}

/** What lies deeper goes by its path: `policy.sha256`. */
function add(fields: Map<string, string>, name: string, value: unknown): void {
  if (Array.isArray(value)) fields.set(name, value.join(", "));
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) add(fields, `${name}.${key}`, inner);
  } else if (typeof value === "string") fields.set(name, value);
  else if (value !== undefined) fields.set(name, JSON.stringify(value));
}

const short = (value: string | null): string | null =>
  value !== null && /^[0-9a-f]{40,}$/.test(value) ? value.slice(0, hashLength) : value;
