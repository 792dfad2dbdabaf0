/** What `countTokens` counts. */
export const tokenizer = "words-and-marks";

/** Words as people count them: what stands between white space. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/**
 * An estimate of a text's tokens that needs no vocabulary: every word, every number and every mark
 * is one, and so is every letter of a script that writes no spaces. Subword tokenizers of language
 * models come out up to a fifth higher or lower on English prose.
 */
export function countTokens(text: string): number {
  const pieces =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+|[^\s\p{L}\p{M}\p{N}]/gu;
  return text.match(pieces)?.length ?? 0;
}
