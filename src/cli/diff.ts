import {
  changeKinds,
  changeWord,
  type PolicyDiff,
  type StatementChange,
  summarizeCounts,
} from "../policy/diff.ts";
import type { Statement } from "../policy/statement.ts";
import type { StaleRows } from "../workspace/stale-rows.ts";

/** How many row ids stand in a line; `--json` has them all. */
const shownRows = 6;

/** The changes by kind, as lines: a sign, the line in the file, the category and the text. */
export function describeDiff({ new: policy, counts, changes }: PolicyDiff): string {
  const groups = changeKinds.flatMap((kind) => {
    const lines = changes.filter((change) => change.kind === kind).flatMap(linesOf);
    return lines.length === 0 ? [] : [`\n${changeWord[kind]}\n`, ...lines];
  });
  return `${policy.title}: ${summarizeCounts(counts)}\n${groups.join("")}`;
}

function linesOf(change: StatementChange): string[] {
  switch (change.kind) {
    case "added":
      return [line("+", change.new)];
    case "removed":
      return [line("-", change.old)];
    case "moved":
      return [line(" ", change.new, ` (from line ${change.old.line})`)];
    case "recategorized":
      return [line(" ", change.new, ` (was ${change.old.category})`)];
    case "changed":
      // The same words on both sides: the conditions before it changed.
      if (!change.reworded) return [line("~", change.new, " (its conditions changed)")];
      return [line("-", change.old), line("+", change.new)];
  }
}

function line(sign: string, { line: at, category, text }: Statement, remark = ""): string {
  return `${sign} ${String(at).padStart(5)}  ${category.padEnd(19)}  ${text}${remark}\n`;
}

/** How many rows of a dataset went stale, and which, by statement. */
export function describeStaleRows({ dataset, rows, stale, statements }: StaleRows): string {
  const { cpt, sft, exam } = stale;
  const count = cpt.length + sft.length + exam.length;
  const head =
    `${dataset}: ${count.toLocaleString("en")} of ${rows.toLocaleString("en")} rows are stale` +
    ` (${cpt.length} to pretrain on, ${sft.length} to fine-tune on, ${exam.length} of the exam)\n`;
  const lines = statements.map(({ reason, text, rows: of }) => {
    const ids = [...of.cpt, ...of.sft, ...of.exam];
    const more = ids.length > shownRows ? `, and ${ids.length - shownRows} more` : "";
    const named = ids.length === 0 ? "no rows" : `${ids.slice(0, shownRows).join(", ")}${more}`;
    return `  ${changeWord[reason].padEnd(14)}  ${text}\n                  ${named}\n`;
  });
  return head + lines.join("");
}
