import { parquetWriteBuffer, type SchemaElement } from "hyparquet-writer";
import type { Message } from "../dataset.ts";

/**
 * Rows as a Parquet file whose columns keep their types also where no row has a value: what Arrow
 * would guess from an empty list differs from file to file.
 */

type ColumnKind = "string" | "integer" | "strings" | "messages" | "calls";

export interface Column {
  name: string;
  /** `calls` are messages that may call tools; the arguments of a call are JSON text in the file. */
  kind: ColumnKind;
  nullable?: boolean;
}

/** @param rows have the columns' names as keys; other keys are left out. */
export function parquetOf(columns: readonly Column[], rows: readonly object[]): Uint8Array {
  const schema: SchemaElement[] = [
    { name: "root", num_children: columns.length },
    ...columns.flatMap(elementsOf),
  ];
  const columnData = columns.map(({ name, kind }) => ({
    name,
    data: rows.map((row): unknown => {
      const value = (row as Record<string, unknown>)[name] ?? null;
      return kind === "calls" ? withCalls(value as readonly Message[]) : value;
    }),
  }));
  const features = Object.fromEntries(columns.map((column) => [column.name, featureOf(column)]));
  const kvMetadata = [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }];
  // Only arguments need to be told: of the rest Arrow's own types say all.
  const told = columns.some(({ kind }) => kind === "calls");
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, ...(told && { kvMetadata }) }));
}

function withCalls(messages: readonly Message[]) {
  return messages.map(({ role, content, tool_calls }) => ({
    role,
    content,
    tool_calls:
      tool_calls?.map(({ type, function: { name, arguments: given } }) => ({
        type,
        function: { name, arguments: JSON.stringify(given) },
      })) ?? null,
  }));
}

type Repetition = "REQUIRED" | "OPTIONAL";

const text = (name: string, repetition_type: Repetition = "REQUIRED"): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  repetition_type,
});

const group = (name: string, ...children: readonly SchemaElement[][]): SchemaElement[] => [
  { name, num_children: children.length, repetition_type: "REQUIRED" },
  ...children.flat(),
];

/** Lists have the three levels of the format's standard, which every reader knows. */
const list = (
  name: string,
  repetition_type: Repetition,
  element: readonly SchemaElement[],
): SchemaElement[] => [
  { name, num_children: 1, converted_type: "LIST", repetition_type },
  { name: "list", num_children: 1, repetition_type: "REPEATED" },
  ...element,
];

function elementsOf({ name, kind, nullable = false }: Column): SchemaElement[] {
  const repetition = nullable ? "OPTIONAL" : "REQUIRED";
  switch (kind) {
    case "string":
      return [text(name, repetition)];
    case "integer":
      return [{ name, type: "INT32", repetition_type: repetition }];
    case "strings":
      return list(name, repetition, [text("element")]);
    case "messages":
      return list(name, repetition, group("element", [text("role")], [text("content")]));
    case "calls": {
      const call = group("function", [text("name")], [text("arguments")]);
      const calls = list("tool_calls", "OPTIONAL", group("element", [text("type")], call));
      return list(name, repetition, group("element", [text("role")], [text("content")], calls));
    }
  }
}

const string = { dtype: "string", _type: "Value" };

/** What Hugging Face datasets makes of a column: it turns arguments back into objects. */
function featureOf({ kind }: Column): unknown {
  switch (kind) {
    case "string":
      return string;
    case "integer":
      return { dtype: "int32", _type: "Value" };
    case "strings":
      return [string];
    case "messages":
      return [{ role: string, content: string }];
    case "calls": {
      const called = { name: string, arguments: { _type: "Json" } };
      return [{ role: string, content: string, tool_calls: [{ type: string, function: called }] }];
    }
  }
}
