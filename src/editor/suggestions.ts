import type { Category } from "../policy/statement.ts";
import { categoryMeaning } from "../protocol/words.ts";

/** What may be written at a place: it replaces the text from `start` to `end`, offsets both. */
export interface Suggestion {
  label: string;
  text: string;
  /** What it means, for the list and a screen reader. */
  detail: string;
  start: number;
  end: number;
}

const categories = Object.keys(categoryMeaning) as Category[];

/**
 * What Ingrain knows to write at an offset of a Markdown text: the categories in a comment of the
 * author's, and `ingrain: policy` in the front matter.
 * @param isPolicy whether the text is a policy already: comments mean nothing elsewhere.
 */
export function suggestionsAt(text: string, offset: number, isPolicy: boolean): Suggestion[] {
  const before = /[^\r\n]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? "";
  const lineStart = offset - before.length;
  const after = /^[^\r\n]*/.exec(text.slice(offset, offset + 200))?.[0] ?? "";
  return isPolicy
    ? [...inComment(before, after, offset), ...comments(before, after, offset)]
    : marks(text, before, after, offset, lineStart);
}

/** The categories, after `<!-- ingrain:`. */
function inComment(before: string, after: string, offset: number): Suggestion[] {
  const [, space, word] = /<!--\s*ingrain:(\s*)([a-z-]*)$/.exec(before) ?? [];
  if (space === undefined || word === undefined) return [];
  const rest = /^[a-z-]*?(?=\s*-->|\s|$)/.exec(after)?.[0] ?? "";
  // The editor may have closed a bracket or the comment as it was opened.
  const closing = /^\s*-{0,2}>/.exec(after.slice(rest.length))?.[0] ?? "";
  const whole = closing.includes("-->");
  return categories.map((category) => ({
    label: category,
    text: `${space === "" ? " " : ""}${category}${whole ? "" : " -->"}`,
    detail: categoryMeaning[category],
    start: offset - word.length,
    end: offset + rest.length + (whole ? 0 : closing.length),
  }));
}

/** Whole comments, where one was begun. */
function comments(before: string, after: string, offset: number): Suggestion[] {
  const begun = /<(?:!(?:-(?:-\s*[a-z]*)?)?)?$/.exec(before)?.[0];
  if (begun === undefined || !"<!-- ingrain".startsWith(begun.replace(/^<!--\s*/, "<!-- ")))
    return [];
  const closing = /^(?:\s*-->|>)/.exec(after)?.[0] ?? "";
  return categories.map((category) => ({
    label: `<!-- ingrain: ${category} -->`,
    text: `<!-- ingrain: ${category} -->`,
    detail: categoryMeaning[category],
    start: offset - begun.length,
    end: offset + closing.length,
  }));
}

/** `ingrain: policy`, on a line of the front matter or, with the front matter, at the top. */
function marks(
  text: string,
  before: string,
  after: string,
  offset: number,
  lineStart: number,
): Suggestion[] {
  if (!"ingrain: policy".startsWith(before) || after.trim() !== "") return [];
  const mark = { detail: "Read this file as a policy", start: lineStart, end: offset };
  const top = /^---[ \t]*(?:\r\n|\n|\r)/.exec(text)?.[0].length;
  if (lineStart === 0) {
    const matter = "---\ningrain: policy\n---\n";
    return top === undefined ? [{ ...mark, label: "ingrain: policy", text: matter }] : [];
  }
  if (top === undefined || lineStart < top || /^---[ \t]*$/m.test(text.slice(top, lineStart))) {
    return [];
  }
  return [{ ...mark, label: "ingrain: policy", text: "ingrain: policy" }];
}
