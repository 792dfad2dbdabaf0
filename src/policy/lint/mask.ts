import { frontMatterEnd } from "../front-matter-end.ts";

/**
 * What carries no words of the policy: inline code, comments, tags, addresses, targets of links. Each
 * looks only so far ahead, because a file may be one line of megabytes.
 */
const notProse: readonly RegExp[] = [
  /<!--[\s\S]{0,5000}?-->/g,
  /(?<!`)(?<ticks>`{1,3})(?!`)[^`\n]{1,500}\k<ticks>(?!`)/g,
  /(?<=\])\((?:[^()\s]|\([^()\s]{0,200}\)|\{[%{][^\n]{0,300}?[%}]\}){0,2000}(?:\s"[^"\n]{0,300}")?\)/g,
  /\{\{[^\n{]{0,300}?\}\}|\{%[^\n{]{0,300}?%\}/g,
  /<\/?[a-z][^<>\n]{0,500}>/gi,
  /\bhttps?:\/\/[^\s<>)\]]+/g,
  /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
];

/** The text with what is no prose blanked: as long as before, so that offsets hold. */
export function mask(text: string): string {
  const body = frontMatterEnd(text);
  let masked = blank(text.slice(0, body)) + withoutFences(text.slice(body));
  for (const pattern of notProse) masked = masked.replace(pattern, blank);
  return masked;
}

function blank(words: string): string {
  return words.replace(/[^\r\n]/g, " ");
}

/** Blanks fenced code, to the end of the text where a fence never closes. */
function withoutFences(text: string): string {
  let fence: string | undefined;
  return text.replace(/[^\r\n]+/g, (line) => {
    const mark = /^[ \t>]{0,12}(?:[-*+] +)?(`{3,}|~{3,})([^`]*)$/.exec(line.slice(0, 200));
    if (fence === undefined) {
      fence = mark?.[1];
      return fence === undefined ? line : blank(line);
    }
    const closes = mark?.[2]!.trim() === "" && mark[1]!.startsWith(fence);
    if (closes) fence = undefined;
    return blank(line);
  });
}
