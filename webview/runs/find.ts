/** A piece of a line: what was searched for, or what lies between. */
export interface Piece {
  text: string;
  /** The number of the match in the whole text, from 0. */
  match?: number;
}

/** The lines in pieces, at each place where the words stand, whatever their case. */
export function findIn(
  lines: readonly string[],
  words: string,
): { lines: Piece[][]; matches: number } {
  const pattern = words === "" ? undefined : new RegExp(escape(words), "giu");
  let matches = 0;
  const found = lines.map((line) => {
    if (!pattern) return [{ text: line }];
    const pieces: Piece[] = [];
    let end = 0;
    for (const match of line.matchAll(pattern)) {
      if (match.index > end) pieces.push({ text: line.slice(end, match.index) });
      pieces.push({ text: match[0], match: matches++ });
      end = match.index + match[0].length;
    }
    if (end < line.length || pieces.length === 0) pieces.push({ text: line.slice(end) });
    return pieces;
  });
  return { lines: found, matches };
}

const escape = (words: string): string => words.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
