import { orderedRules } from "../ordered-rules.ts";
import type { Page } from "../page.ts";
import type { Chapter, RuleWriter } from "../writer.ts";

/** A lead-in and one bullet a rule, as policies for agents are often written. */
export function bulleted(page: Page, writer: RuleWriter, chapter: Chapter): void {
  page.write(...writer.lead(chapter), "\n\n");
  orderedRules(chapter.tree.root).forEach(({ shared, own, outcome }, i) => {
    const literals = own === undefined ? shared : [...shared, own];
    const words =
      literals.length === 0
        ? writer.rest(chapter, outcome)
        : i > 0 && writer.chance(0.25)
          ? writer.next(chapter, literals, outcome)
          : writer.rule(chapter, literals, outcome);
    page.write("- ", ...words, "\n");
  });
  page.write("\n");
}
