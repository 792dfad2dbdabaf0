import { lexicon, type Voice } from "./lexicon.ts";
import type { Random } from "./random.ts";

/** A text in a voice's words, and the lexicon entries that made it so (`word>other`). */
export interface Wording {
  text: string;
  lexicon: string[];
}

const token = /[\p{L}][\p{L}'’-]*|\s+|[^\p{L}\s]+/gu;
const droppable = new Set(
  "the a an of that this these those it its is are very then so".split(" "),
);

/**
 * Says a text in other words: each word of the lexicon that is not the policy's own (`kept`) is
 * replaced with the chance `rate`; small words go with the chance `drop`, as terse people write.
 */
export function reword(
  text: string,
  voice: Voice,
  random: Random,
  options: { rate: number; drop: number; kept: ReadonlySet<string> },
): Wording {
  const used: string[] = [];
  const tokens = text.match(token) ?? [];
  const words = tokens.map((word) => {
    const lower = word.toLowerCase();
    const others = options.kept.has(lower) ? undefined : lexicon.get(lower)?.[voice];
    if (others && random.chance(options.rate)) {
      const other = random.pick(others);
      used.push(`${lower}>${other}`);
      return other;
    }
    if (droppable.has(lower) && random.chance(options.drop)) return "";
    return word;
  });
  // "an email" becomes "a mail".
  words.forEach((word, index) => {
    const article = words[index - 2] ?? "";
    if (word === tokens[index] || !/^an?$/i.test(article)) return;
    words[index - 2] = article.charAt(0) + (/^[aeiou]/i.test(word) ? "n" : "");
  });
  return {
    text: words
      .join("")
      .replace(/\s+/g, " ")
      .replace(/\s([,.;?])/g, "$1")
      .trim(),
    lexicon: used,
  };
}

const stopWords = new Set(
  (
    "the a an of to and or that this these those it its be is are was were will been then so in on " +
    "at by for with from as if not no can may must should you your they their he she his her we our " +
    "has have had do does did there any all each every only also e g i when than into per via"
  ).split(" "),
);

export function isStopWord(word: string): boolean {
  return stopWords.has(word.toLowerCase());
}

/** The words that carry a text's meaning, in order, without repeats. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_][\p{L}\p{N}_'’-]*/gu) ?? [];
  return [...new Set(words.filter((word) => !stopWords.has(word)))];
}

/** Without the full stop, white space folded: how a clause or an answer is written. */
export function clause(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.!;:,]+$/, "");
}

export function sentence(text: string): string {
  const bare = clause(text);
  return `${bare.charAt(0).toUpperCase()}${bare.slice(1)}.`;
}

/** Lower-cases a sentence's first letter unless its first word looks like a name. */
export function inner(text: string): string {
  const bare = clause(text);
  return /^(\p{Lu}\p{Ll}+\s\p{Lu}|\p{Lu}{2}|I\b)/u.test(bare)
    ? bare
    : bare.charAt(0).toLowerCase() + bare.slice(1);
}
