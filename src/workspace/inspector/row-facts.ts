import { z } from "zod";
import { type AnyRow, type DatasetPart, partSchemas, ToolCall } from "../../synthesis/dataset.ts";
import { contentProblem } from "../../synthesis/reviews.ts";
import type { Line } from "./lines.ts";

/** What the index keeps of a row; the rest stays on the disk. */
export interface RowFacts {
  id: string;
  kind: string;
  tier: string;
  /** Who wrote it, when the row says so. */
  teacher: string | undefined;
  statements: readonly string[];
  /** Characters of what is read, asked and answered. */
  size: number;
  /** All of that in lower case, without marks: two rows that agree in it say the same. */
  words: string;
  problem: RowProblem | undefined;
}

/** Why a line is no sound row. */
export type RowProblem = "not-json" | "too-long" | "schema";

/** Whatever has an id is a row, be it of an older or a newer version. */
const Loose = z.object({
  id: z.string(),
  kind: z.string().catch("unknown"),
  tier: z.string().catch(""),
  teacher: z.string().optional().catch(undefined),
  statements: z.array(z.string()).catch([]),
});

const nothing = { kind: "unknown", tier: "", teacher: undefined, statements: [], words: "" };

export function factsOf(part: DatasetPart, line: Line): RowFacts {
  const broken = (problem: RowProblem): RowFacts => ({
    ...nothing,
    id: "",
    size: line.length,
    problem,
  });
  if (line.bytes === undefined) return broken("too-long");
  const value = jsonOf(line.bytes);
  if (value === undefined) return broken("not-json");
  const row = Loose.safeParse(value).data;
  if (row === undefined) return broken("schema");
  const text = textOf(value);
  return {
    ...row,
    teacher: row.teacher,
    size: text.length,
    words: text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " "),
    problem: problemOf(part, value) === undefined ? undefined : "schema",
  };
}

/** Why a value is no row of the part: its field and what is wrong with it. */
export function problemOf(part: DatasetPart, value: unknown): string | undefined {
  const parsed = partSchemas[part].safeParse(value);
  if (parsed.success) return contentProblem(parsed.data);
  const { path, message } = parsed.error.issues[0]!;
  return `${path.join(".") || "row"}: ${message}`;
}

/** The value of a line; undefined when it is not JSON. A file may begin with a byte order mark. */
export function jsonOf(bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

const spoken = ["text", "prompt", "completion", "choices", "expected"] as const;

/** Everything that a person can read in a row, one string after the other. */
export function textOf(row: unknown): string {
  const strings: string[] = [];
  for (const key of spoken) gather(row, key, strings);
  return strings.join("\n");
}

function gather(from: unknown, key: string, strings: string[]): void {
  if (typeof from !== "object" || from === null || !Object.hasOwn(from, key)) return;
  const value = (from as Record<string, unknown>)[key];
  if (typeof value === "string") strings.push(value);
  if (!Array.isArray(value)) return;
  for (const element of value as unknown[]) {
    if (typeof element === "string") strings.push(element);
    else {
      gather(element, "content", strings);
      strings.push(...callsOf(element));
    }
  }
}

const Calls = z.object({ tool_calls: z.array(ToolCall) });

/** What a message calls: rows may differ in nothing else. */
function callsOf(message: unknown): string[] {
  if (typeof message !== "object" || message === null || !("tool_calls" in message)) return [];
  return (Calls.safeParse(message).data?.tool_calls ?? []).map(
    ({ function: { name, arguments: given } }) => `${name} ${JSON.stringify(given)}`,
  );
}

/** A row of which only its JSON is known, where it has the shape of its part. */
export function soundRow(part: DatasetPart, value: unknown): AnyRow | undefined {
  return partSchemas[part].safeParse(value).data;
}

/** Empty where there is none. */
export function idOf(value: unknown): string {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : "";
  return typeof id === "string" ? id : "";
}
