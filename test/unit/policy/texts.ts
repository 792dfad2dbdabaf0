import fc from "fast-check";

/** Words and marks that Markdown and the reader's grammar have a use for. */
export const pieces = [
  "if",
  "If",
  "unless",
  "otherwise",
  "Otherwise,",
  "only if",
  "for gold customers,",
  "the parcel",
  "is late",
  "or",
  "and",
  "pay 5 euros",
  "more than 30 kg",
  "within 24 hours",
  "you must",
  "call",
  "e.g.",
  "it",
  ",",
  ";",
  ":",
  ".",
  "?",
  "!",
  "…",
  "\n",
  "\n\n",
  "\r\n",
  "\r",
  "  \n",
  "\t",
  " ",
  "# ",
  "## ",
  "- ",
  "  - ",
  "    * ",
  "1. ",
  "> ",
  "| a | b |\n| - | - |\n",
  "| ",
  "```",
  "~~~",
  "`",
  "**",
  "_",
  "~~",
  "[",
  "](#a)",
  "](b.md)",
  "![",
  "<!--",
  "-->",
  "<!-- ingrain: factual -->",
  "<br>",
  "<div>",
  "&amp;",
  "&#x1F4E6;",
  "&nbsp;",
  "\\",
  "\\*",
  "{{ a }}",
  "{% b %}",
  "---\n",
  "[^1]",
  "[^1]: ",
  "(i) ",
  "(",
  ")",
  '"',
  "“",
  "”",
  "包裹迟到。",
  "الطرد متأخر.",
  "📦",
  "\u2060",
  "\uFEFF",
  "\uD800",
  "\0",
  "Größe",
];
const markdown = fc
  .array(fc.constantFrom(...pieces), { maxLength: 60 })
  .map((parts) => parts.join(" "));
const glued = fc
  .array(fc.constantFrom(...pieces), { maxLength: 60 })
  .map((parts) => parts.join(""));
const bytes = fc.string({ unit: "binary", maxLength: 200 });
const nested = fc
  .tuple(
    fc.integer({ min: 1, max: 90 }),
    fc.constantFrom("- ", "1. ", "> "),
    fc.constantFrom("If it is late:", "Pay.", "a"),
  )
  .map(([depth, mark, text]) =>
    Array.from(
      { length: depth },
      (_, i) =>
        `${" ".repeat(mark === "> " ? 0 : i * mark.length)}${mark === "> " ? mark.repeat(i + 1) : mark}${text}`,
    ).join("\n"),
  );
/** Markdown that means something, Markdown that does not, bytes, and deep nesting. */
export const anything = fc.oneof(markdown, glued, bytes, nested);
