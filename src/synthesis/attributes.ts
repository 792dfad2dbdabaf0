import { hasVerb } from "../policy/grammar.ts";
import { clause } from "./wording.ts";

/** One thing of an enumeration: its place in the clause, and its words without an article. */
export interface Attribute {
  from: number;
  to: number;
  words: string;
}

const opening =
  /^(?<lead>(?!.*\b(?:if|whether|when|for example)\b).{3,}?\s(?:has|have|holds?|carries|includes?|contains?|consists? of|is one of|are one of|is either|are either|is|are|accepts?|shows?|offers?))[:\s]\s*(?:(?:either|one of|a profile of|an?|the)\s)?(?<items>.+)$/iu;
const least = 3;
const most = 8;
const longest = 8;

/**
 * The attributes and values that a factual sentence enumerates: "a weight" and "a zone" of "Each
 * parcel has a weight and a zone." None when it cannot be told where an item begins and ends.
 */
export function attributesOf(text: string): Attribute[] {
  const bare = clause(text);
  const match = opening.exec(bare);
  const list = match?.groups?.["items"];
  if (list === undefined) return [];
  const start = bare.length - list.length;
  const separator = list.includes(";") ? /;\s*/gu : /,\s*(?:and\s|or\s)?|\s(?:and|or)\s/gu;
  const items: Attribute[] = [];
  let from = 0;
  for (const end of [...list.matchAll(separator), undefined]) {
    const to = end?.index ?? list.length;
    const article = /^(?:an?|the)\s/iu.exec(list.slice(from, to))?.[0].length ?? 0;
    const words = list.slice(from + article, to).trim();
    items.push({ from: start + from + article, to: start + to, words });
    from = end === undefined ? to : to + end[0].length;
  }
  const known = new Set(items.map(({ words }) => words.toLowerCase()));
  const plain = items.every(
    ({ words }) =>
      /^[\p{L}'"“‘]/u.test(words) &&
      !/[()]|^etc\b/.test(words) &&
      words.split(" ").length <= longest &&
      !/^\S+ing\b/.test(words) &&
      !/^\S+ed (?:an?|the|at|by|for|from|in|on|to|with)\b/.test(words) &&
      (list.includes(";") || !hasVerb(words)),
  );
  const fits = items.length >= least && items.length <= most && known.size === items.length;
  return plain && fits ? items : [];
}

/** A cell of a table row, as a statement says it: "Price: 6 euros". */
export interface Cell {
  header: string;
  value: string;
}

/** The cells of a statement that is a table row, read with its header; none when it is not one. */
export function cellsOf(text: string): Cell[] {
  const cells = clause(text)
    .split("; ")
    .map((part) => /^(?<header>[^:;]{1,40}): (?<value>[^:;]+)$/u.exec(part)?.groups);
  const found = cells.flatMap((cell) =>
    cell ? [{ header: cell["header"]!, value: cell["value"]! }] : [],
  );
  return found.length > 1 && found.length === cells.length ? found : [];
}
