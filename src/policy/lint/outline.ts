import { linesOf } from "../lines.ts";
import type { Span } from "../statement.ts";

export interface Heading extends Span {
  /** Plain text, markup removed. */
  text: string;
  depth: number;
  /** How many items the longest numbered list below it, and above the next heading, has. */
  steps: number;
}

/** The places of a document that a reference can lead to. */
export interface Outline {
  /** In document order; the first is the text before every heading, of depth 0. */
  headings: readonly Heading[];
  /** What `#…` may name: the headings' slugs, as GitHub and VS Code make them, and ids in HTML. */
  anchors: ReadonlySet<string>;
}

/** Reads headings and numbered lists line by line, without a parse: this runs while someone types. */
export function readOutline(text: string, prose: string): Outline {
  const headings: Heading[] = [{ text: "", depth: 0, start: 0, end: 0, steps: 0 }];
  let listed = 0;
  let before: (Span & { text: string }) | undefined;
  for (const { start, end } of linesOf(text)) {
    // A line of a code block is blank here.
    const masked = prose.slice(start, end);
    const line = masked.trim() === "" ? "" : text.slice(start, end);
    const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#*)?[ \t]*$/.exec(line);
    const underline = before === undefined ? null : /^ {0,3}(=+|-+)[ \t]*$/.exec(line);
    if (atx !== null) {
      headings.push(heading(atx[2] ?? "", atx[1]!.length, start, end));
      listed = 0;
    } else if (underline !== null && before !== undefined) {
      headings.push(heading(before.text, underline[1]!.startsWith("=") ? 1 : 2, before.start, end));
      listed = 0;
    } else if (/^ {0,3}\d{1,9}[.)][ \t]/.test(line)) {
      listed++;
      const last = headings.at(-1)!;
      last.steps = Math.max(last.steps, listed);
    } else if (/^\S/.test(line)) listed = 0;
    before =
      /^ {0,3}[^\s#>|*+-]/.test(line) && atx === null ? { start, end, text: line } : undefined;
  }
  return { headings, anchors: anchorsOf(text, headings) };
}

function heading(source: string, depth: number, start: number, end: number): Heading {
  const text = source
    .replace(/\s*\{#[^}]*\}\s*$/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<[^>]*>/g, "")
    .replace(/[*`]|(?<=^|\W)_+|_+(?=\W|$)/g, "")
    .trim();
  return { text, depth, start, end, steps: 0 };
}

function anchorsOf(text: string, headings: readonly Heading[]): Set<string> {
  const anchors = new Set<string>(["", "top"]);
  const counts = new Map<string, number>();
  for (const { text: title } of headings) {
    const slug = slugOf(title);
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  for (const match of text.matchAll(/\b(?:id|name)\s*=\s*["']?([^\s"'>]+)|\{#([^\s}]+)\s*\}/g)) {
    anchors.add((match[1] ?? match[2]!).toLowerCase());
  }
  return anchors;
}

/** A heading's anchor: lower case, punctuation dropped, each space a hyphen. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replace(/ /g, "-");
}
