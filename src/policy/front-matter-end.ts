const block =
  /^\uFEFF?---[ \t]*(?:\r\n|\n|\r)(?:[\s\S]*?(?:\r\n|\n|\r))??---[ \t]*(?:\r\n|\n|\r|$)/;

/** Where the front matter of a Markdown text ends, its last line's break included; 0 without one. */
export function frontMatterEnd(text: string): number {
  return block.exec(text)?.[0].length ?? 0;
}
