import { lineBreakOf } from "../lines.ts";
import { leavesOpen } from "../tree.ts";
import type { DecisionNode } from "../statement.ts";
import { applied, regionOf, type Read, type Skeleton, type Target } from "./rewrite.ts";

const placeholder = "say what applies then";

/**
 * The beginning of a sentence for the case in which a simple condition does not hold. Offered where
 * nothing is said of it, and where the sentence reads as the condition's other side.
 */
export async function otherSide(target: Target, read: Read): Promise<Skeleton | undefined> {
  const { text, statement } = target;
  const { category, decision, end } = statement;
  if (category !== "simple-conditional" || decision === undefined) return undefined;
  if (!leavesOpen(decision.tree)) return undefined;
  const region = await regionOf(target, read);
  if (region === undefined) return undefined;
  const next = region.statements[region.index + 1];
  if (next !== undefined && /^(?:otherwise|if not|or else)\b/i.test(next.text)) return undefined;
  // Emphasis and brackets close after the sentence.
  const offset = end + /^[*_~"”’)\]]*/.exec(text.slice(end, end + 20))![0].length;
  const finished = /[.!?]["”’)\]*_~]*$/.test(text.slice(statement.start, offset));
  const list = text.slice(statement.start, end).includes("\n");
  const line = lineBreakOf(text);
  const before = list ? `${line}${line}Otherwise, ` : `${finished ? "" : "."} Otherwise, `;
  const edit = { start: offset, end: offset, text: `${before}${placeholder}.` };
  const after = (await read(applied(region, [edit])))[region.index + 1];
  const reads =
    after?.text === `Otherwise, ${placeholder}.` &&
    after.decision !== undefined &&
    leavesOf(after.decision.tree).some((leaf) => leaf.endsWith(placeholder));
  return reads
    ? { title: "State the Other Side", offset, before, placeholder, after: "." }
    : undefined;
}

function leavesOf(node: DecisionNode): string[] {
  if (node.kind === "test") return [...leavesOf(node.yes), ...leavesOf(node.no)];
  return node.kind === "outcome" ? [node.text] : [];
}
