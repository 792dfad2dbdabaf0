import { frontMatterEnd } from "./front-matter-end.ts";
import { linesOf } from "./lines.ts";
import type { Span } from "./statement.ts";

/** A heading as it stands in the source: its span, from its first mark to the end of its line. */
export interface Heading extends Span {
  /** 1 to 6. */
  depth: number;
  /** Its words, with the marks of emphasis, code, links, tags and an id (`{#fees}`) taken out. */
  text: string;
}

const quote = /^(?: {0,3}> ?)+/;
const atx = /^ {0,3}(#{1,6})(?=[ \t]|$)/;
const underline = /^ {0,3}(=+|-+)[ \t]*$/;
const isBreak = /^ {0,3}(?:-+|(?:[*][ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})[ \t]*$/;
const fence = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})/;
/** A line that is a tag and nothing else, or opens raw text: HTML until the next empty line. */
const tag = /^ {0,3}<(?:\/?[a-z][\w-]*(?:\s[^<>]*)?\/?>\s*$|(?:pre|script|style|textarea)\b)/i;
/** A list that may interrupt a paragraph. */
const startsList = /^ {0,3}(?:[-*+]|1[.)])\s+\S/;
const indentedCode = /^(?: {4}|\t)/;
const item = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

/**
 * Where the headings of a Markdown text stand, in the order of the text. A scan over its lines and
 * no parse: what is drawn at headings is drawn again while someone types. Headings inside list items
 * are left out.
 */
export function findHeadings(source: string): Heading[] {
  const headings: Heading[] = [];
  /** Whether a line ends the code, comment or HTML that it stands in. */
  let closes: ((line: string) => boolean) | undefined;
  /** The lines of the open paragraph; `other` for an open block that is none. */
  let open: (Span & { quoted: boolean }) | "other" | undefined;
  /** How far the content of the list item above is indented; lines less indented end it. */
  let itemIndent = Infinity;
  for (const { start, end } of linesOf(source, textStart(source))) {
    const prefix = quote.exec(source.slice(start, end))?.[0].length ?? 0;
    const quoted = prefix > 0;
    const line = source.slice(start + prefix, end);
    const first = start + prefix + line.search(/\S|$/);
    if (closes) {
      if (closes(line)) closes = undefined;
      continue;
    }
    if (/^ {0,3}<!--/.test(line)) {
      // Comments are taken out before anything is read: an empty line stays.
      if (!line.includes("-->")) closes = (next) => next.includes("-->");
      open = undefined;
      continue;
    }
    const marks = fence.exec(line)?.[1];
    const heading = atx.exec(line);
    const breaks = isBreak.test(line);
    const indent = line.search(/\S/);
    const marker = breaks ? undefined : item.exec(line)?.[0].length;
    const begins = open === undefined || heading !== null || marks !== undefined;
    if (breaks || (begins && indent >= 0 && indent < itemIndent)) itemIndent = Infinity;
    const inItem = indent >= itemIndent;
    if (marker !== undefined && !inItem) itemIndent = marker;
    const rule = underline.exec(line)?.[1];
    if (marks !== undefined) {
      closes = (next) => next.trim().startsWith(marks) && /^(?:`+|~+)$/.test(next.trim());
      open = undefined;
    } else if (open === undefined && tag.test(line)) {
      closes = (next) => next.trim() === "";
    } else if (heading && !inItem) {
      const [opening, { length: depth } = "#"] = heading;
      const text = plain(withoutClosing(line.slice(opening.length)));
      headings.push({ start: first, end, depth, text });
      open = undefined;
    } else if (rule !== undefined && typeof open === "object" && open.quoted === quoted) {
      const text = plain(source.slice(open.start, open.end));
      headings.push({ start: open.start, end, depth: rule.startsWith("=") ? 1 : 2, text });
      open = undefined;
    } else if (line.trim() === "" || breaks) {
      open = undefined;
    } else if (typeof open === "object" && (open.quoted || !quoted) && !startsList.test(line)) {
      open.end = end;
    } else if (open !== "other" || quoted) {
      open =
        inItem || indentedCode.test(line) || item.test(line)
          ? "other"
          : { start: first, end, quoted };
    }
  }
  return headings;
}

/** Where the front matter ends, or the byte order mark where there is none. */
function textStart(source: string): number {
  return frontMatterEnd(source) || (source.startsWith("\uFEFF") ? 1 : 0);
}

/** A heading may end in marks too: `## Fees ##`. */
function withoutClosing(words: string): string {
  const trimmed = words.trimEnd();
  let end = trimmed.length;
  while (trimmed[end - 1] === "#") end--;
  return end === 0 || /\s/.test(trimmed[end - 1]!) ? trimmed.slice(0, end) : trimmed;
}

/** A heading may end in an id: `## Fees {#fees}`. */
function withoutId(words: string): string {
  const trimmed = words.trimEnd();
  const start = trimmed.endsWith("}") ? trimmed.lastIndexOf("{") : -1;
  return start > 0 && trimmed[start + 1] === "#" ? trimmed.slice(0, start) : trimmed;
}

/** The words of a line of Markdown, for a list of headings: links and marks are taken out. */
function plain(words: string): string {
  return withoutId(words)
    .replace(/<\/?[a-z][^<>]*>/gi, "")
    .replace(/!?\[([^\][]*)\](?:\([^()]*\)|\[[^\][]*\])?/g, "$1")
    .replace(/[*`]+|~~|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, "")
    .replace(/\\(?=[!-/:-@[-`{-~])/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
