/** Numbers in words: "twelve", "twenty-five", "one hundred and fifty", "a thousand". */

const ones = (
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
  "sixteen seventeen eighteen nineteen"
).split(" ");
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const scales: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1e6 };

const values: ReadonlyMap<string, number> = new Map([
  ...ones.map((word, index) => [word, index + 1] as const),
  ...tens.map((word, index) => [word, 10 * (index + 2)] as const),
]);

const longestFirst = (words: readonly string[]) =>
  [...words].sort((a, b) => b.length - a.length).join("|");
const unit = `(?:(?:${tens.join("|")})[- ](?:${longestFirst(ones.slice(0, 9))})|${longestFirst([...ones, ...tens])})`;
const scale = `(?:${Object.keys(scales).join("|")})`;

/** The source of a pattern for a number in words, for case-insensitive use; it captures nothing. */
export const numberWords = `(?:(?:${unit}|an?)(?:[- ]${scale})+(?:(?:,? and|,)? ${unit}(?:[- ]${scale})*)*|${unit})(?!\\w)`;

/** The source of a pattern for what lawyers write after a number in words: " (100)". */
export const inDigitsToo = String.raw`(?: \(\d[\d,]*\))?`;

/** The value of what `numberWords` matches. */
export function valueOfWords(text: string): number {
  let total = 0;
  let current = 0;
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    const factor = scales[word];
    if (factor === undefined) current += values.get(word) ?? 0;
    else if (factor === 100) current = Math.max(current, 1) * 100;
    else {
      total += Math.max(current, 1) * factor;
      current = 0;
    }
  }
  return total + current;
}

const either = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,])(?:\d[\d,]*(?:\.\d+)?(?![\d.,]*\d)|${numberWords}${inDigitsToo})`,
  "giu",
);

/** A number of a text, in digits or in words, and its place. */
export interface Numeral {
  from: number;
  to: number;
  value: number;
}

export function numeralsIn(text: string): Numeral[] {
  return [...text.matchAll(either)].map((match) => {
    const [words] = match;
    const value = /^\d/.test(words)
      ? Number(words.replaceAll(",", ""))
      : valueOfWords(words.replace(/\(.*/, ""));
    return { from: match.index, to: match.index + words.length, value };
  });
}
