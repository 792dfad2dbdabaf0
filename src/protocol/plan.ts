import type { ChangePlan, ChangeReason } from "../synthesis/changes.ts";
import { counted } from "./words.ts";

/** "3 statements changed, 2 more depend on that: 41 rows stale, 38 rows to make, about 5,200 tokens" */
export function describePlan({
  continues,
  statements,
  stale,
  kept,
  made,
  tokens,
}: ChangePlan): string {
  const size = `${counted(made, "row")} to make, about ${tokens.toLocaleString("en")} tokens`;
  if (!continues) return size;
  const gone = stale.cpt.length + stale.sft.length + stale.exam.length;
  if (gone === 0 && made === 0) return `Nothing changed: all ${counted(kept, "row")} stay`;
  const count = (of: ChangeReason) => statements.filter(({ reason }) => reason === of).length;
  const dependants = count("dependant");
  const weighted = count("weighted");
  const verb = dependants === 1 ? "depends" : "depend";
  const more = dependants === 0 ? "" : `, ${dependants.toLocaleString("en")} more ${verb} on that`;
  const other = weighted === 0 ? "" : `, ${weighted.toLocaleString("en")} with another weight`;
  const changed = counted(statements.length - dependants - weighted, "statement");
  return `${changed} changed${more}${other}: ${counted(gone, "row")} stale, ${size}`;
}

/** "Not a review, and carried on as it is: .../review.jsonl:3. Training names it, too, until it is mended" */
export function describeBrokenReviews(lines: readonly string[]): string {
  return `Not a review, and kept as it is: ${lines.join(", ")}. No run trains past it: mend the line or remove it`;
}
