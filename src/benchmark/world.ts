import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { Style } from "./knobs.ts";
import { Turn, Value } from "./tree.ts";

/** The arguments of a tool call. */
export const Arguments = z.record(z.string(), Value);
export type Arguments = z.infer<typeof Arguments>;

/** What was done about a request, as the record keeps it. */
export const Entry = z.object({ tool: z.string(), arguments: Arguments });
export type Entry = z.infer<typeof Entry>;

/** A record; what requests are about also keeps what was done, by task. */
export const Row = z.record(z.string(), z.union([Value, z.record(z.string(), z.array(Entry))]));
export type Row = z.infer<typeof Row>;

/** A database: its records by id. */
export const Table = z.record(z.string(), Row);
export type Table = z.infer<typeof Table>;
export type Databases = Record<string, Table>;

/** A function of the OpenAI API, as `tools.json` holds it. */
export const Tool = z.object({
  type: z.literal("function"),
  function: z.object({
    name: z.string(),
    description: z.string(),
    parameters: z.object({
      type: z.literal("object"),
      properties: z.record(
        z.string(),
        z.object({
          type: z.enum(["string", "number"]),
          description: z.string().optional(),
          enum: z.array(z.union([z.string(), z.number()])).optional(),
        }),
      ),
      required: z.array(z.string()),
      additionalProperties: z.literal(false),
    }),
  }),
});
export type Tool = z.infer<typeof Tool>;

/** `benchmark.json`: how the folder was made, and what its tools do. */
export const Manifest = z.object({
  version: z.literal(1),
  title: z.string(),
  /** The short name that stands in the prompt where the document stood. */
  identifier: z.string(),
  domain: z.string(),
  person: z.string(),
  renderer: z.string(),
  seed: z.int(),
  knobs: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The database that requests are about. */
  primary: z.string(),
  databases: z.array(z.object({ name: z.string(), noun: z.string(), id: z.string() })),
  tasks: z.array(z.string()),
  /** SHA-256 of the databases before anything is done. */
  hash: z.string(),
  /** The exact command that made it. */
  command: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

/** What the user wants of one task, and what the policy makes of it. */
export const Intent = z.object({
  task: z.string(),
  outcome: z.string(),
  /** Tests on the way to the outcome. */
  depth: z.int(),
  /** The conditions that decide it, in order. */
  turns: z.array(Turn),
  /** Variables that decide it and that the user leaves out. */
  missing: z.array(z.string()),
});
export type Intent = z.infer<typeof Intent>;

/** A line of `tasks.jsonl`: what a user asks, and what is right. */
export const Query = z.object({
  id: z.string(),
  style: Style,
  /** All that the user would say, for a conversation of one turn. */
  instruction: z.string(),
  intents: z.array(Intent).min(1),
  distractors: z.int(),
  /** The calls that the policy asks for, look-ups first. */
  actions: z.array(Entry),
  /** What the agent must have told the user. */
  outputs: z.array(z.string()),
  /** Why, citing the ids of conditions and outcomes. */
  reasoning: z.string(),
  /** SHA-256 of the databases after the actions. */
  hash: z.string(),
});
export type Query = z.infer<typeof Query>;

/** SHA-256 over the databases as JSON with sorted keys: the same on every platform. */
export function hashDatabases(databases: Databases): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(databases))));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  // Code units, not a locale: the order must be the same everywhere.
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}
