import {
  adverbs,
  auxiliaries,
  baseVerbs,
  determiners,
  inflectedVerbs,
  nounsToo,
  prepositions,
  pronouns,
} from "./lexicon.ts";

/** Lower-case words with their places; punctuation is left out. */
export interface Word {
  text: string;
  from: number;
  to: number;
}

export function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}_]+(?:['’-][\p{L}\p{N}_]+)*/gu)].map((match) => ({
    text: match[0].toLowerCase(),
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** The index of the first finite verb: an auxiliary, or a verb form where a verb can stand. -1 if none. */
export function finiteVerb(words: readonly Word[]): number {
  return words.findIndex((word, i) => {
    const before = words[i - 1]?.text;
    const after = words[i + 1]?.text;
    if (auxiliaries.has(word.text)) {
      // "In need of", "the will of".
      if (word.text !== "need" && word.text !== "will") return true;
      return before === undefined || !(determiners.has(before) || prepositions.has(before));
    }
    if (before === undefined || determiners.has(before) || prepositions.has(before)) return false;
    if (inflectedVerbs.has(word.text)) {
      const singular = word.text.replace(/s$/, "");
      // "the refunds", "price changes": plural nouns, unless an object or adverbial follows.
      if (word.text.endsWith("s") && nounsToo.has(singular)) {
        if (after === undefined) return false;
        if (determiners.has(after) || /^\d/.test(after)) return true;
        // "the crate holds paint": a subject of one noun stands before it, and no verb after it.
        return determiners.has(words[i - 2]?.text ?? "") && !auxiliaries.has(after);
      }
      // "the modified items", "a payment made by card": participles.
      if (/(?:ed|made|paid|sent|held|found|sold|set|put|read)$/.test(word.text)) {
        return (
          pronouns.has(before) ||
          (after !== undefined && (determiners.has(after) || pronouns.has(after))) ||
          after === undefined
        );
      }
      return true;
    }
    if (!baseVerbs.has(word.text)) return false;
    // "customers pay 3 euros", "you cancel once": after a plural or a pronoun.
    const pluralSubject = /[^s]s$/.test(before) && !adverbs.has(before) && !baseVerbs.has(before);
    // "refunds to a card take 5 days": the plural stands before a preposition.
    const farSubject =
      !nounsToo.has(word.text) &&
      !adverbs.has(before) &&
      before !== "to" &&
      /[^s]s$/.test(words[0]?.text ?? "") &&
      words.slice(1, i).some(({ text }) => prepositions.has(text));
    return (
      farSubject ||
      ["you", "we", "they", "i", "who", "others", "all", "people", "don't", "not"].includes(
        before,
      ) ||
      (pluralSubject &&
        (!nounsToo.has(word.text) || after === undefined || !auxiliaries.has(after)))
    );
  });
}

/** Whether a clause has a verb of its own, beyond its first word. */
export function hasVerb(text: string): boolean {
  return finiteVerb(wordsOf(text)) >= 0;
}

/** "expressly", "fully"; but not the verbs and nouns that end alike. */
const manner =
  /^(?!apply|reply|supply|comply|rely|multiply|family|assembly|monthly|weekly|daily|yearly|early)\w{3,}ly$/;

/** The first word that says something: please, always, then and their like are passed over. */
export function firstContentWord(words: readonly Word[]): number {
  let i = 0;
  while (i < words.length && (adverbs.has(words[i]!.text) || manner.test(words[i]!.text))) i++;
  return i;
}

/** Verbs whose object may be a clause without "that". */
const takesClause = new Set(
  "ensure check verify confirm assume see note remember say explain tell inform know believe".split(
    " ",
  ),
);

/** Whether the words begin with an order: "Read …", "do not …", "please call …". */
export function isImperative(text: string): boolean {
  const words = wordsOf(text);
  if (/^(?:please|never|do not|don['’]t|always)\b/i.test(text.trim()) && words.length > 1)
    return true;
  const i = firstContentWord(words);
  const first = words[i]?.text;
  if (first === undefined || !baseVerbs.has(first)) return false;
  const next = words[i + 1]?.text;
  if (!nounsToo.has(first)) {
    // "Need help?", "Have" as an order is rare; "Delivery" and its like are no base forms.
    if (next === undefined) return true;
    // "Cancel requests are …" begins with a noun; "Ensure data is …" does not.
    const near = words.slice(i + 1, i + 4).findIndex(({ text }) => auxiliaries.has(text));
    const clause = words
      .slice(i + 1, i + 4)
      .findIndex(
        ({ text }) => pronouns.has(text) || /^(?:to|if|what|how|when|before|after)$/.test(text),
      );
    return near < 0 || (clause >= 0 && clause <= near) || (near > 0 && takesClause.has(first));
  }
  // "Call the customer", "Transfer to", but not "Refund requests are", "Order status is".
  if (next === undefined) return true;
  if (auxiliaries.has(next)) return false;
  // What a colon or a quotation brings says nothing about the first word either.
  const own = /[:;"“(]/.exec(text.slice(words[i]!.to))?.index ?? Infinity;
  const rest = words.slice(i + 1).filter(({ from }) => from < words[i]!.to + own);
  // A verb in a clause below says nothing about the first word.
  const below = rest.findIndex((word) =>
    /^(?:to|if|that|when|unless|until|because|except|while|before|after|which|who|what|how|so|and)$/.test(
      word.text,
    ),
  );
  const verb = finiteVerb(below < 0 ? rest : rest.slice(0, below));
  const between = text.slice(words[i]!.to, words[i + 1]!.from);
  return (
    (determiners.has(next) && next !== "at") ||
    ["back", "up", "down", "out", "off", "it", "them", "you", "him"].includes(next) ||
    /[`'"“(]/.test(between) ||
    (/^\d/.test(next) && verb < 0) ||
    (prepositions.has(next) && next !== "of" && verb < 0) ||
    verb < 0 ||
    /^(?:users?|customers?|agents?|only)$/.test(next)
  );
}

/** Whether words that follow a comma begin the clause that the words before it only led up to. */
export function beginsMainClause(text: string): boolean {
  const words = wordsOf(text);
  const i = firstContentWord(words);
  const first = words[i];
  if (first === undefined) return false;
  const rest = text.slice(first.from);
  // Conjunctions at the very start go on with the clause before.
  if (/^(?:or|and|nor)\b/i.test(text.trim())) return false;
  const chunkEnd = rest.search(/[,;:]/);
  const chunk = chunkEnd < 0 ? rest : rest.slice(0, chunkEnd);
  if (isImperative(text)) {
    // "to reroute, hold or cancel a parcel, ask …": one of a list of verbs, not an order.
    const next = rest.slice(chunk.length);
    const listed =
      /^\w+(?: \w+)? (?:or|and) \w+/.test(chunk.trim()) ||
      (/^\w+$/.test(chunk.trim()) && /^,\s+(?:(?:or|and) |[^,]* (?:or|and) )/.test(next));
    return !(listed && chunkEnd >= 0);
  }
  const chunkWords = words.slice(i).filter((word) => word.to <= first.from + chunk.length);
  const verb = finiteVerb(chunkWords);
  if (verb === 0) return /['’](?:s|re|ll|ve)$/.test(chunkWords[0]!.text);
  return verb > 0;
}

/**
 * Whether a list item is a sentence of its own, rather than a fragment that completes its lead-in.
 */
export function isSentence(text: string): boolean {
  const trimmed = text.trim();
  if (/^\p{Ll}/u.test(trimmed)) return isImperative(trimmed);
  if (/[.!?]["'”’)\]]*$/.test(trimmed) && wordsOf(trimmed).length > 2) return true;
  return isImperative(trimmed) || hasVerb(trimmed);
}

/** The preposition that words begin with. */
export function firstPreposition(text: string): string | undefined {
  const first = wordsOf(text)[0]?.text;
  return first !== undefined && prepositions.has(first) ? first : undefined;
}
