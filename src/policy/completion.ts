import {
  finiteVerb,
  firstContentWord,
  firstPreposition,
  hasVerb,
  isImperative,
  wordsOf,
} from "./grammar.ts";
import {
  auxiliaries,
  determiners,
  inflectedVerbs,
  nounsToo,
  prepositions,
  pronouns,
} from "./lexicon.ts";
import { sharesNoun, type Joint } from "./splitting.ts";

/** Gives each part the words that it leaves to its neighbours. */
export function completeClauses(parts: readonly string[], joints: readonly Joint[]): string[] {
  const texts = [...parts];
  const preposition = firstPreposition(texts[0] ?? "");
  if (preposition !== undefined && joints.length > 0 && joints.every(({ phrase }) => phrase)) {
    return texts.map((text) => `it is ${withPreposition(preposition, text)}`);
  }
  const relative = withRelative(texts);
  if (relative !== undefined) return relative;
  // "a storm or a strike closed the depot": the verb comes with the last.
  for (let i = texts.length - 2; i >= 0; i--) {
    // After a part with a verb, a part without one leaves out its subject instead.
    if (texts.slice(0, i).some(hasVerb) || joints[i]?.whole === true) continue;
    if (!hasVerb(texts[i]!) && !beginsWithVerb(texts[i]!))
      texts[i] = withPredicateOf(texts[i]!, texts[i + 1]!);
    else if (joints[i]?.kind === "or" && sharesNoun(texts[i]!, texts[i + 1]!)) {
      // "you have a lost or damaged parcel".
      const [first] = wordsOf(texts[i + 1]!);
      const stem = texts[i]!.replace(/[\w-]+$/, "");
      texts[i] = `${texts[i]!}${texts[i + 1]!.slice(first!.to)}`;
      texts[i + 1] =
        `${stem.replace(/\ban? $/i, "")}${/\ban? $/i.test(stem) ? `${article(texts[i + 1]!)} ` : ""}${texts[i + 1]!}`;
    }
  }
  for (let i = 1; i < texts.length; i++) {
    if (joints[i - 1]?.whole !== true) texts[i] = withSubjectOf(texts[i - 1]!, texts[i]!);
  }
  return texts;
}

/** "a fund to which a state, a county or a town is a party": each has the words before and after. */
function withRelative(parts: readonly string[]): string[] | undefined {
  const stem = /^.*\b(?:to|in|of|for|by|with|from|on) which (?=\S)/i.exec(parts[0] ?? "")?.[0];
  const last = parts.at(-1) ?? "";
  const words = wordsOf(last);
  const verb = finiteVerb(words);
  if (stem === undefined || parts.length < 2 || verb <= 0) return undefined;
  if (hasVerb(parts[0]!.slice(stem.length)) || parts.slice(1, -1).some(hasVerb)) return undefined;
  const predicate = last.slice(words[verb]!.from);
  return parts.map((part, i) => {
    const own = i === 0 ? part.slice(stem.length) : part;
    return `${stem}${own}${i < parts.length - 1 ? ` ${predicate}` : ""}`;
  });
}

function beginsWithVerb(text: string): boolean {
  const first = wordsOf(text)[0]?.text ?? "";
  return (
    auxiliaries.has(first) ||
    isImperative(text) ||
    (inflectedVerbs.has(first) && !/ed$/.test(first))
  );
}

function withPredicateOf(part: string, next: string): string {
  if (/^no /i.test(part)) return `there is ${part}`;
  const words = wordsOf(next);
  const verb = finiteVerb(words);
  if (verb <= 0) return part;
  // "a lost or damaged parcel is …": the noun comes with the last, too.
  const noun =
    verb > 1 &&
    !determiners.has(words[0]!.text) &&
    /^(?:(?:an?|the|any|your|its) )?\S+$/i.test(part);
  const from = noun ? words[1]!.from : words[verb]!.from;
  return `${part} ${next.slice(from)}`;
}

const lastCopula =
  /^.*\b(?:is|are|was|were|be|been|being|becomes?|remains?|stays?|isn['’]t|wasn['’]t)\b(?: (?:not|still|already))?(?= )/i;

function withSubjectOf(before: string, part: string): string {
  const words = wordsOf(part);
  const content = firstContentWord(words);
  const first = words[Math.min(content, words.length - 1)]?.text ?? "";
  const participle = /(?:ed|en|ing|lost|sent|paid)$/.test(first);
  const copula = lastCopula.exec(before)?.[0];
  const isPredicateVerb =
    /[^s]s$/.test(first) && inflectedVerbs.has(first) && !nounsToo.has(first.replace(/s$/, ""));
  const verb = isPredicateVerb ? content : finiteVerb(words);
  if (pronouns.has(first)) return part;
  if (isImperative(part)) {
    const infinitive = /^.*\b(?:to|can|cannot|can['’]t|may|must|should|will|not) (?=\w)/i.exec(
      before,
    )?.[0];
    if (infinitive !== undefined) return `${infinitive}${part}`;
  }
  const clause = verb > content && auxiliaries.has(words[verb]!.text);
  if (clause || (verb > content && !(participle && copula !== undefined))) return part;
  const beforeWords = wordsOf(before);
  const beforeVerb = finiteVerb(beforeWords);
  const predicate =
    auxiliaries.has(first) || (inflectedVerbs.has(first) && !(participle && copula !== undefined));
  if (predicate && beforeVerb > 0) {
    return `${before.slice(0, beforeWords[beforeVerb]!.from)}${part}`;
  }
  const object = beforeWords.findLast(({ text }) => /^(?:an?|the|any|your|its|their)$/.test(text));
  if (
    copula !== undefined &&
    determiners.has(first) &&
    object !== undefined &&
    object.from > copula.length + 1
  ) {
    return `${before.slice(0, object.from)}${part}`;
  }
  const phrase =
    /^.*\b(?:of|for|in|with|by|from|to|on|at|under) (?=(?:(?:an?|the) )?[\w-]+$)/i.exec(
      before,
    )?.[0];
  if (
    phrase !== undefined &&
    verb < 0 &&
    !participle &&
    !prepositions.has(first) &&
    phrase.length > (copula?.length ?? 0)
  ) {
    return `${phrase}${part}`;
  }
  if (copula !== undefined) {
    const an = /^an? /i.exec(before.slice(copula.length + 1))?.[0];
    if (an !== undefined && !participle && !determiners.has(first) && !/^["'“‘`]/.test(part)) {
      return `${copula} ${article(part)} ${part}`;
    }
    const after = wordsOf(before.slice(copula.length))[0]?.text ?? "";
    const preposition =
      prepositions.has(after) && !prepositions.has(first) && !/^["'“‘`]/.test(part);
    return preposition && !participle ? `${copula} ${after} ${part}` : `${copula} ${part}`;
  }
  if (determiners.has(first)) {
    const determiner = beforeWords.findLast((word) => determiners.has(word.text));
    if (determiner !== undefined && determiner.from > 0)
      return `${before.slice(0, determiner.from)}${part}`;
  }
  if (prepositions.has(first)) {
    const preposition = beforeWords.find(
      (word, i) => i > beforeVerb && prepositions.has(word.text),
    );
    if (preposition !== undefined) return `${before.slice(0, preposition.from)}${part}`;
  }
  // "they do not arrive, or arrive damaged": a verb said again stands without the "not".
  if (beforeVerb > 0 && beforeWords.slice(beforeVerb + 1).some(({ text }) => text === first)) {
    return `${before.slice(0, beforeWords[beforeVerb]!.from)}${part}`;
  }
  return beforeVerb >= 0 ? `${before.slice(0, beforeWords[beforeVerb]!.to)} ${part}` : part;
}

export function withPreposition(preposition: string | undefined, text: string): string {
  return preposition === undefined || firstPreposition(text) !== undefined
    ? text
    : `${preposition} ${text}`;
}

/** "pending or delivered orders" → pending orders, delivered orders. */
export function completeClasses(parts: readonly string[]): string[] {
  const last = parts.at(-1) ?? "";
  const shared = /^\S+ (?<head>.+)$/.exec(last)?.groups?.["head"];
  const determiner = /^(?:an?|the) /i.exec(parts[0] ?? "")?.[0];
  return parts.map((part, i) => {
    const bare = part.replace(/^(?:an?|the) /i, "");
    const elided =
      i < parts.length - 1 &&
      !bare.includes(" ") &&
      shared !== undefined &&
      !/^to\b/i.test(last) &&
      !prepositions.has(shared.split(" ")[0]!);
    const whole = elided && !/^(?:an?|the) /i.test(last) ? `${part} ${shared}` : part;
    return i > 0 && determiner !== undefined && !/^(?:an?|the|any|your) /i.test(whole)
      ? `${determiner}${whole}`
      : whole;
  });
}

/** A class of cases as a clause: "parcels over 30 kg" → "it is a parcel over 30 kg". */
export function classClause(marker: string, words: string): string {
  if (/request/.test(marker))
    return words === "" || /request/.test(words) ? "it is requested" : `${words} requests it`;
  if (/^in (?:the )?(?:case|event) of/.test(marker)) return `there is ${words}`;
  if (marker === "without") return `there is no ${words.replace(/^(?:an?|the|any) /i, "")}`;
  if (/^(?:multiple|several|many|two|three|no)\b/i.test(words)) return `there are ${words}`;
  if (firstPreposition(words) !== undefined) return `it is ${words}`;
  if (/^(?:in order )?to$/.test(marker)) return `it is to ${words.replace(/^to /i, "")}`;
  if (/^any other\b/i.test(words)) return `it is ${words}`;
  if (!/^(?:for|on|only for|except|with the exception)\b/.test(marker))
    return `it is ${marker} ${words}`;
  const determined = /^(?:an?|any) (.+)$/i.exec(words)?.[1];
  if (determined !== undefined) return `it is ${article(determined)} ${determined}`;
  const [, modifiers = "", head = "", post = ""] =
    /^((?:[^\s]+ )*?)([\p{L}-]+s)((?: (?:over|under|above|below|to|in|from|of|with|without|at|on|up to|more than|less than|[\p{L}]{3,}ed|who|that|which)\b.*)?)$/iu.exec(
      words,
    ) ?? [];
  if (
    head === "" ||
    /(?:ss|us|is)$/i.test(head) ||
    /^(?:the|these|those|your|their|other|such)\b|\b(?:that|who|which|of|by|for|in|with|to)\s/i.test(
      modifiers,
    )
  ) {
    return `it concerns ${words}`;
  }
  const one = `${modifiers}${singular(head)}${post}`.replace(/^[A-Z](?=[a-z]+ )/, (letter) =>
    letter.toLowerCase(),
  );
  return `it is ${article(one)} ${one}`;
}

export function singular(noun: string): string {
  if (/ies$/i.test(noun)) return `${noun.slice(0, -3)}y`;
  if (/(?:wi|li|ni)ves$/i.test(noun)) return `${noun.slice(0, -3)}fe`;
  if (/(?:ss|x|z|ch|sh)es$/i.test(noun)) return noun.slice(0, -2);
  return noun.replace(/s$/i, "");
}

function article(words: string): string {
  return /^(?:[aeio]|u(?!ni|se))/i.test(words) ? "an" : "a";
}
