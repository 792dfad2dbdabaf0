/** The JSON array in a teacher's answer, whatever prose or code fence the model put around it. */
export function arrayIn(text: string): unknown[] | undefined {
  const from = text.indexOf("[");
  const to = text.lastIndexOf("]");
  if (from < 0 || to < from) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(from, to + 1));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
