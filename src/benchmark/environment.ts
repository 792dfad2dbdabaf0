import {
  type Arguments,
  type Databases,
  hashDatabases,
  type Manifest,
  type Tool,
} from "./world.ts";

/** What a tool answers. */
export type ToolResult = { ok: true; result: unknown } | { ok: false; error: string };

/**
 * The business that an agent works in: databases, and tools that read and change them. A call that
 * is wrong in form changes nothing. What is done about a request is kept with the record that it is
 * about, by request, so that the order of independent requests does not matter.
 */
export class Environment {
  readonly #databases: Databases;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #manifest: Manifest;

  /** Works on a copy of the databases. */
  constructor(databases: Databases, tools: readonly Tool[], manifest: Manifest) {
    this.#databases = structuredClone(databases);
    this.#tools = new Map(tools.map((tool) => [tool.function.name, tool]));
    this.#manifest = manifest;
  }

  /** SHA-256 of the databases as they are now. */
  get hash(): string {
    return hashDatabases(this.#databases);
  }

  call(name: string, given: Arguments): ToolResult {
    const tool = this.#tools.get(name);
    if (tool === undefined) return { ok: false, error: `there is no tool "${name}"` };
    const problem = check(tool, given);
    if (problem !== undefined) return { ok: false, error: problem };
    const read = this.#manifest.databases.find(({ noun }) => lookUpName(noun) === name);
    const { name: table, id } =
      read ?? this.#manifest.databases.find((each) => each.name === this.#manifest.primary)!;
    const row = own(this.#databases[table] ?? {}, String(given[id]));
    if (row === undefined) return { ok: false, error: `no ${id} "${String(given[id])}"` };
    if (read !== undefined) return { ok: true, result: structuredClone(row) };
    const task = String(given["request"] ?? name);
    const requests = row["requests"];
    if (typeof requests !== "object") return { ok: false, error: `${table} takes no requests` };
    (requests[task] ??= []).push({ tool: name, arguments: { ...given } });
    return { ok: true, result: "done" };
  }
}

/** The tool that reads a record: "get_booking". */
export const lookUpName = (noun: string): string => `get_${noun.replaceAll(" ", "_")}`;

/** A property of the object itself: "constructor" is no record's id. */
function own<T>(object: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function check({ function: { parameters } }: Tool, given: Arguments): string | undefined {
  const { properties, required } = parameters;
  const missing = required.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) return `the argument "${missing}" is missing`;
  for (const [name, value] of Object.entries(given)) {
    const property = own(properties, name);
    if (property === undefined) return `there is no argument "${name}"`;
    if (typeof value !== property.type) return `"${name}" must be a ${property.type}`;
    if (property.enum !== undefined && !property.enum.some((each) => each === value)) {
      return `"${name}" must be one of ${property.enum.join(", ")}`;
    }
  }
  return undefined;
}
