/** The line (1-based) of each second-level heading of a Markdown text, by its words. */
export function headingLines(markdown: string): Map<string, number> {
  return new Map(
    markdown.split(/\r\n|\n|\r/).flatMap((line, i) => {
      const heading = /^## (.+?)\s*$/.exec(line)?.[1];
      return heading === undefined ? [] : [[heading.replaceAll("`", ""), i + 1] as const];
    }),
  );
}
