import { basename } from "node:path";
import {
  changeKinds,
  changeWord,
  type PolicyDiff,
  type StatementChange,
  summarizeCounts,
} from "../policy/diff.ts";
import type { Statement } from "../policy/statement.ts";
import { categoryWord } from "../protocol/words.ts";
import type { StaleRows } from "../workspace/stale-rows.ts";

/** A comparison as Markdown, and the places in it that name a line of the policy. */
export interface ComparisonReport {
  text: string;
  /** Offsets into the text, UTF-16; `line` is 1-based. */
  links: { start: number; end: number; line: number }[];
}

/** What became of the newest dataset; undefined when the policy has none. */
export type DatasetState = StaleRows | { problem: string } | undefined;

const shownRows = 12;

/** @param since names the older version. */
export function renderComparison(
  diff: PolicyDiff,
  since: string,
  dataset: DatasetState,
): ComparisonReport {
  const page = new Page();
  page.line(`# ${escapeMarkdown(diff.new.title)}: changes since ${escapeMarkdown(since)}`);
  page.line(`\n${capitalize(summarizeCounts(diff.counts))}.`);
  for (const kind of changeKinds) {
    const changes = diff.changes.filter((change) => change.kind === kind);
    if (changes.length === 0) continue;
    page.line(`\n## ${capitalize(changeWord[kind])}\n`);
    for (const change of changes) addChange(page, change);
  }
  if (dataset !== undefined) addDataset(page, dataset);
  return page;
}

class Page implements ComparisonReport {
  text = "";
  readonly links: ComparisonReport["links"] = [];

  line(text: string): void {
    this.text += `${text}\n`;
  }

  /** Section and line of a statement of the policy as it is, the line as a link. */
  place({ section, line }: Statement): void {
    const start = this.text.length;
    this.text += `line ${line}`;
    this.links.push({ start, end: this.text.length, line });
    const heading = section.at(-1);
    if (heading !== undefined) this.text += `, ${escapeMarkdown(heading)}`;
  }
}

function addChange(page: Page, change: StatementChange): void {
  if (change.kind === "removed") {
    const { section, text, category } = change.old;
    const heading = section.at(-1);
    const place = heading === undefined ? "" : `${escapeMarkdown(heading)}, `;
    page.line(`- ${place}${categoryWord[category]}: ${escapeMarkdown(text)}`);
    return;
  }
  page.text += "- ";
  page.place(change.new);
  const text = escapeMarkdown(change.new.text);
  const word = categoryWord[change.new.category];
  if (change.kind === "added") {
    page.line(`, ${word}: ${text}`);
    return;
  }
  const was = change.recategorized ? `${categoryWord[change.old.category]} → ${word}` : word;
  const from = change.moved ? `, moved from ${placeBefore(change.old, change.new)}` : "";
  if (!change.reworded) {
    const why = change.kind === "changed" ? ", the conditions before it changed" : "";
    page.line(`, ${was}${from}${why}: ${text}`);
    return;
  }
  page.line(`, ${was}${from}`);
  page.line(`  - before: ${escapeMarkdown(change.old.text)}`);
  page.line(`  - now: ${text}`);
}

function placeBefore(old: Statement, now: Statement): string {
  const heading = old.section.at(-1);
  return heading === undefined || heading === now.section.at(-1)
    ? `line ${old.line}`
    : escapeMarkdown(heading);
}

function addDataset(page: Page, dataset: NonNullable<DatasetState>): void {
  page.line("\n## Stale rows\n");
  if ("problem" in dataset) {
    page.line(
      `The newest dataset of this policy cannot be read: ${escapeMarkdown(dataset.problem)}`,
    );
    return;
  }
  const { cpt, sft, exam } = dataset.stale;
  const stale = cpt.length + sft.length + exam.length;
  const name = escapeMarkdown(basename(dataset.dataset));
  if (dataset.statements.length === 0) {
    page.line(
      `All ${dataset.rows.toLocaleString("en")} rows of the newest dataset, ${name}, still hold.`,
    );
    return;
  }
  page.line(
    `Of the ${dataset.rows.toLocaleString("en")} rows of the newest dataset, ${name}, ` +
      `${stale.toLocaleString("en")} are stale: ${cpt.length} to pretrain on, ` +
      `${sft.length} to fine-tune on and ${exam.length} of the exam. ` +
      "Their statements are not what they were when it was made:\n",
  );
  for (const { reason, text, rows } of dataset.statements) {
    const ids = [...rows.cpt, ...rows.sft, ...rows.exam];
    const more = ids.length > shownRows ? `, and ${ids.length - shownRows} more` : "";
    const named =
      ids.length === 0 ? "no rows" : ids.slice(0, shownRows).map(escapeMarkdown).join(", ") + more;
    page.line(`- ${changeWord[reason]}: ${escapeMarkdown(text)}`);
    page.line(`  - ${named}`);
  }
}

/** The text as Markdown shows it: anybody's words, in one line, with no meaning of their own. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").replace(/[\\`*_[\]<>&~$|]/g, "\\$&");
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
