import { parquetWriteBuffer, type SchemaElement } from "hyparquet-writer";

/**
 * Rows as a Parquet file whose columns keep their types also where no row has a value: what Arrow
 * would guess from an empty list differs from file to file.
 */

type ColumnKind = "string" | "integer" | "strings" | "messages";

export interface Column {
  name: string;
  kind: ColumnKind;
  nullable?: boolean;
}

/** @param rows have the columns' names as keys; other keys are left out. */
export function parquetOf(columns: readonly Column[], rows: readonly object[]): Uint8Array {
  const schema: SchemaElement[] = [
    { name: "root", num_children: columns.length },
    ...columns.flatMap(elementsOf),
  ];
  const columnData = columns.map(({ name }) => ({
    name,
    data: rows.map((row): unknown => (row as Record<string, unknown>)[name] ?? null),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
}

const text = (name: string, optional: boolean): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  repetition_type: optional ? "OPTIONAL" : "REQUIRED",
});

/** Lists have the three levels of the format's standard, which every reader knows. */
function elementsOf({ name, kind, nullable: optional = false }: Column): SchemaElement[] {
  const list = (...element: SchemaElement[]): SchemaElement[] => [
    {
      name,
      num_children: 1,
      converted_type: "LIST",
      repetition_type: optional ? "OPTIONAL" : "REQUIRED",
    },
    { name: "list", num_children: 1, repetition_type: "REPEATED" },
    ...element,
  ];
  switch (kind) {
    case "string":
      return [text(name, optional)];
    case "integer":
      return [{ name, type: "INT32", repetition_type: optional ? "OPTIONAL" : "REQUIRED" }];
    case "strings":
      return list(text("element", false));
    case "messages":
      return list(
        { name: "element", num_children: 2, repetition_type: "REQUIRED" },
        text("role", false),
        text("content", false),
      );
  }
}
