import { toString } from "nlcst-to-string";
import { ParseEnglish } from "parse-english";
import { Ink, trim, type Prose, type Range } from "./prose.ts";

const english = new ParseEnglish();

/** The library's passes over one paragraph cost more than its length; policies stay far below this. */
const windowSize = 4000;

/** Abbreviations after which a capital letter does not begin a sentence. */
const alwaysJoined =
  /(?:^|[\s("'“‘[])(?:e\.g|i\.e|cf|vs|viz|approx|incl|excl|resp|no|nos|fig|sec|art|ch|pp?|vol|mr|mrs|ms|dr|prof|st|jr|sr|gen|rep|sen|hon|dept|est|max|min)\.$/i;
/** Abbreviations that may also end a sentence: the next word decides. */
const maybeEnd = /(?:^|[\s("'“‘[])(?:etc|inc|ltd|corp|co|u\.s|u\.k|e\.u|a\.m|p\.m|et al)\.$/i;
const enumerator = /^[("'“‘*]*(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivx]{1,5})[.)]$/i;

/**
 * Cuts a paragraph into sentences: parse-english proposes the ends, and what it does not know is
 * mended here (it takes words like "id." and numbers for abbreviations, and cuts within brackets,
 * quotations and code).
 *
 * @returns ranges of `prose.text`, in order, without white space at their ends; each has a letter or
 * digit in it.
 */
export function sentences(prose: Prose): Range[] {
  const { text } = prose;
  const ends = new Set<number>();
  for (const window of windows(text)) {
    let at = window.from;
    for (const child of english.tokenizeParagraph(text.slice(window.from, window.to)).children) {
      at += toString(child).length;
      if (child.type === "SentenceNode") ends.add(at);
    }
  }
  const terminal = /[.!?…]+["'”’)\]]*(?=\s)|[。！？]+["'”’」』）]*/g;
  for (const match of text.matchAll(terminal)) ends.add(match.index + match[0].length);

  const enclosed = enclosures(text);
  const found: Range[] = [];
  let from = 0;
  for (const end of [...ends].sort((a, b) => a - b)) {
    if (end < text.length && !isEnd(prose, enclosed, from, end)) continue;
    const range = trim(text, { from, to: end });
    if (/[\p{L}\p{N}]/u.test(text.slice(range.from, range.to))) {
      found.push(range);
      from = end;
    } else if (end - from > 200) from = end;
  }
  const rest = trim(text, { from, to: text.length });
  if (/[\p{L}\p{N}]/u.test(text.slice(rest.from, rest.to))) found.push(rest);
  return found;
}

function isEnd(prose: Prose, enclosed: Uint8Array, from: number, end: number): boolean {
  const { text } = prose;
  if (enclosed[end] === 1 || prose.ink(end - 1) === Ink.code) return false;
  const before = text.slice(Math.max(from, end - 40), end);
  if (/[。！？]["'”’」』）]*$/.test(before)) return true;
  if (!/[.!?…]["'”’)\]]*$/.test(before) || text[end] !== " ") return false;
  if (alwaysJoined.test(before)) return false;
  if (end - from <= 8 && enumerator.test(text.slice(from, end).trim())) return false;
  const next = /^\s*["'“‘([]*(.)/u.exec(text.slice(end, end + 12))?.[1] ?? "";
  const nextIsCode = prose.ink(end + 1) === Ink.code;
  if (/\p{Ll}/u.test(next) && !nextIsCode) return false;
  return !(maybeEnd.test(before) && !/\p{Lu}/u.test(next));
}

/** Marks what stands within brackets or double quotes that close again. */
function enclosures(text: string): Uint8Array {
  const inside = new Uint8Array(text.length + 1);
  const open: { mark: string; at: number }[] = [];
  const closing: Record<string, string> = { ")": "(", "]": "[", "”": "“" };
  for (let i = 0; i < text.length; i++) {
    const mark = text[i]!;
    const opener = closing[mark];
    const top = open.at(-1);
    if (mark === "(" || mark === "[" || mark === "“") open.push({ mark, at: i });
    else if (top !== undefined && opener === top.mark) {
      open.pop();
      // Only the outermost pair is filled, so that deep nesting costs no more.
      if (open.length === 0) inside.fill(1, top.at + 1, i + 1);
    }
  }
  // An opener that never closes must not hide the pairs after it.
  for (const { at } of open) {
    const close = text.indexOf(text[at] === "(" ? ")" : text[at] === "[" ? "]" : "”", at);
    if (close < 0) continue;
    if (close - at < 500) inside.fill(1, at + 1, close + 1);
  }
  const quotes = [...text.matchAll(/(?<=^|[\s(])"[^"]{1,500}"/g)];
  for (const quote of quotes) {
    // The end of the quotation may be the end of the sentence around it.
    inside.fill(1, quote.index + 1, quote.index + quote[0].length);
  }
  return inside;
}

/** Cuts a long paragraph where a sentence surely ends, or at white space if no sentence does. */
function* windows(text: string): Generator<Range> {
  let from = 0;
  while (text.length - from > windowSize) {
    const part = text.slice(from, from + windowSize);
    let cut = -1;
    for (const match of part.matchAll(/[a-z]{4}[.!?] (?=[A-Z][a-z])/g)) cut = match.index + 6;
    if (cut < 0) cut = part.lastIndexOf(" ") + 1;
    if (cut <= 0) cut = windowSize;
    yield { from, to: from + cut };
    from += cut;
  }
  yield { from, to: text.length };
}
