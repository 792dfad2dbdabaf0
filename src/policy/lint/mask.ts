/** What carries no words of the policy: fenced and inline code, comments, tags, targets of links. */
const notProse: readonly RegExp[] = [
  /^(?<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\k<fence>|$(?![\s\S]))/gm,
  /<!--[\s\S]*?-->/g,
  /(?<ticks>`+)[^`\n]{1,500}\k<ticks>/g,
  /(?<=\])\((?:[^()\s]|\([^()\s]*\)|\{[%{][^\n]*?[%}]\})*(?:\s+"[^"\n]*")?\)/g,
  /\{\{[^\n]*?\}\}|\{%[^\n]*?%\}/g,
  /<\/?[a-z][^<>\n]{0,500}>/gi,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /\bhttps?:\/\/[^\s<>)\]]+/g,
];

/** The text with what is no prose blanked: as long as before, so that offsets hold. */
export function mask(text: string): string {
  let masked = text;
  for (const pattern of notProse) {
    masked = masked.replace(pattern, (match) => match.replace(/[^\r\n]/g, " "));
  }
  return masked;
}
