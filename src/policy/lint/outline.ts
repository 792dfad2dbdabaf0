import { findHeadings, type Heading } from "../headings.ts";
import { linesOf } from "../lines.ts";

export interface OutlineHeading extends Heading {
  /** How many items the longest numbered list below it, and above the next heading, has. */
  steps: number;
}

/** The places of a document that a reference can lead to. */
export interface Outline {
  /** In document order; the first is the text before every heading, of depth 0. */
  headings: readonly OutlineHeading[];
  /** What `#…` may name: the headings' slugs, as GitHub and VS Code make them, and ids in HTML. */
  anchors: ReadonlySet<string>;
}

/**
 * Reads headings and numbered lists line by line, without a parse: this runs while someone types.
 *
 * @param prose the text with its code blanked out, as long as the text
 */
export function readOutline(text: string, prose: string): Outline {
  const top = { text: "", depth: 0, start: 0, end: 0, steps: 0 };
  const headings = [top, ...findHeadings(text).map((each) => ({ ...each, steps: 0 }))];
  let at = 0;
  let listed = 0;
  for (const { start, end } of linesOf(prose)) {
    while (headings[at + 1] !== undefined && headings[at + 1]!.start < end) {
      at++;
      listed = 0;
    }
    const line = prose.slice(start, end);
    if (/^ {0,3}\d{1,9}[.)][ \t]/.test(line)) {
      listed++;
      headings[at]!.steps = Math.max(headings[at]!.steps, listed);
    } else if (/^\S/.test(line)) listed = 0;
  }
  return { headings, anchors: anchorsOf(text, headings) };
}

function anchorsOf(text: string, headings: readonly OutlineHeading[]): Set<string> {
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
