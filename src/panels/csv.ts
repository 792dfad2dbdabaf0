/** A cell; `undefined` leaves it empty. */
export type Cell = string | number | undefined;

/**
 * Rows as CSV (RFC 4180), each as long as the first. Text that a spreadsheet would take for a formula
 * gets an apostrophe before it: titles and names come from files of others.
 */
export const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

function cell(value: Cell): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
