/** Words that bind a condition to what comes of it, and that tell who acts. */
const markers =
  /^(?:if|when|whenever|where|unless|otherwise|as|long|provided|cases?|event|which|failing|none|other|any|all|you|should|must|may|please)$/;
/** Words that make the build of a sentence without a condition. */
const frame =
  /^(?:in|that|not|every|we|can|never|do|only|whether|who|to|from|between|there|under|for|before|after|while|until|because|and|or|but|no|it|this|these|here|you|should|must|may|any|all)$/;
const conditional =
  /\b(?:if|when|whenever|where|unless|otherwise|as long as|provided that|cases?|event|failing)\b/;

/** The sentences of a document: its statements, with the items of a list each on its own. */
export function sentencesOf(policy: string): string[] {
  return policy
    .replace(/^---\n[^]*?\n---\n/, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s*[#|]/.test(line))
    .map((line) => line.replace(/^\s*- (?:\d+\.\d+ )?/, ""))
    .flatMap((line) => line.split(/(?<=[.:])\s+(?=\p{Lu})/u))
    .map((sentence) => sentence.trim());
}

/**
 * A sentence with everything masked but its build: two sentences that only name other things,
 * numbers, acts, comparisons or more conditions have the same pattern. Of a conditional sentence
 * nothing is left but the words that bind conditions and tell who acts, and the stops between.
 */
export function patternOf(sentence: string): string {
  const lower = sentence.toLowerCase().replace(/\([ivx]+\)/g, "");
  const kept = conditional.test(lower) ? markers : frame;
  return lower
    .split(/([,;:.]|\s+)/)
    .filter((token) => token.trim() !== "")
    .map((token) => (/^[,;:.]$/.test(token) || kept.test(token) ? token : "_"))
    .join(" ")
    .replace(/_(?:(?: ,)? _)+/g, "_");
}

export function commonest(sentences: readonly string[]): { pattern: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    const pattern = patternOf(sentence);
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return [...counts]
    .map(([pattern, count]) => ({ pattern, count }))
    .sort((one, other) => other.count - one.count);
}
