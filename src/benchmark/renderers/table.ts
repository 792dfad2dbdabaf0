import { orderedRules } from "../ordered-rules.ts";
import type { Page } from "../page.ts";
import type { Chapter, RuleWriter } from "../writer.ts";
import { ruleSentences } from "./prose.ts";

/** The first rules as rows of a table, and the rest as prose below it. */
export function table(page: Page, writer: RuleWriter, chapter: Chapter): void {
  const rules = orderedRules(chapter.tree.root);
  const rows = rules.slice(0, Math.max(0, rules.length - 3));
  page.paragraph([writer.opening(chapter)]);
  if (rows.length > 0) {
    page.write("| If | Then |\n| --- | --- |\n");
    for (const { shared, own, outcome } of rows) {
      const literals = own === undefined ? shared : [...shared, own];
      page.write("| ", ...writer.conditions(chapter, literals));
      page.write(" | ", ...writer.outcome(chapter, outcome), " |\n");
    }
    page.write("\n");
  }
  page.paragraph(ruleSentences(writer, chapter, rows.length));
}
