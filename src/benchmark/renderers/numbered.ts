import { sides } from "../ordered-rules.ts";
import type { Page } from "../page.ts";
import type { TreeNode } from "../tree.ts";
import type { Chapter, RuleWriter } from "../writer.ts";

/**
 * A list in the shape of the tree: what is asked further stands below its condition. Each condition
 * carries its number, "3.2", by which a decision can be traced.
 */
export function numbered(page: Page, writer: RuleWriter, chapter: Chapter): void {
  page.write(...writer.lead(chapter), "\n\n");
  items(page, writer, chapter, chapter.tree.root, 0);
  page.write("\n");
}

function items(
  page: Page,
  writer: RuleWriter,
  chapter: Chapter,
  root: TreeNode,
  nesting: number,
): void {
  let node = root;
  for (let number = 1; ; number++) {
    page.write(`${"  ".repeat(nesting)}- `);
    if (node.kind === "leaf") {
      page.write(...writer.rest(chapter, node.outcome), "\n");
      return;
    }
    const { first, isSo, rest } = sides(node);
    const literal = { condition: node.condition, isSo };
    page.write(`${node.condition.slice(1)} `);
    if (first.kind === "leaf") {
      const further = number > 1 && writer.chance(0.4);
      const words = further
        ? writer.next(chapter, [literal], first.outcome)
        : writer.rule(chapter, [literal], first.outcome);
      page.write(...words, "\n");
    } else {
      page.write(...writer.innerLead(chapter, literal), "\n");
      items(page, writer, chapter, first, nesting + 1);
    }
    node = rest;
  }
}
