import type { Edit } from "../blocks.ts";
import { lineBreakOf } from "../lines.ts";
import { finiteVerb, firstContentWord, isImperative, wordsOf } from "../grammar.ts";
import { auxiliaries, baseVerbs, determiners, nounsToo, pronouns } from "../lexicon.ts";
import { mask } from "../lint/mask.ts";
import { applied, regionOf, type Read, type Rewrite, type Target } from "./rewrite.ts";

/**
 * Splits a statement that asks for two things into two sentences, or two items of a bulleted list.
 * Offered where both halves read as statements of behavior.
 */
export async function splitAtAnd(target: Target, read: Read): Promise<Rewrite | undefined> {
  const { text, statement } = target;
  if (statement.category !== "behavioral") return undefined;
  const region = await regionOf(target, read);
  if (region === undefined) return undefined;
  for (const edit of candidates(text, statement.start, statement.end)) {
    const after = await read(applied(region, [edit]));
    const [first, second] = after.slice(region.index, region.index + 2);
    const bothAct = first?.category === "behavioral" && second?.category === "behavioral";
    if (bothAct && after.length === region.statements.length + 1) {
      return { title: 'Split at "and"', edits: [edit] };
    }
  }
  return undefined;
}

function* candidates(text: string, start: number, end: number): Generator<Edit> {
  const source = withoutEnclosed(mask(text).slice(start, end));
  for (const match of source.matchAll(/,?\s+and\s+(?=[\p{L}])/gu)) {
    const left = source.slice(0, match.index);
    const right = source.slice(match.index + match[0].length);
    const subject = subjectFor(left, right, match[0].startsWith(","));
    if (subject === undefined) continue;
    const from = start + match.index;
    const to = from + match[0].length;
    const words = subject === "" ? text[to]!.toUpperCase() : `${subject} ${text[to]!}`;
    yield { start: from, end: to + 1, text: joint(text, start, end) + words };
  }
}

/** What stands in brackets or quotes is not split. */
function withoutEnclosed(source: string): string {
  return source.replace(/\([^()]*\)|"[^"]*"|“[^”]*”|\[[^\]]*\]/g, (part) =>
    "x".repeat(part.length),
  );
}

/** A new item where the statement is all of a bulleted one; a numbered list would count on. */
function joint(text: string, start: number, end: number): string {
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const bullet = /^[ \t>]*[-*+][ \t]+$/.test(line) && /^[ \t]*(?:[\r\n]|$)/.test(text.slice(end));
  if (!bullet) return ". ";
  return `${/[.!]$/.test(text.slice(start, end)) ? "." : ""}${lineBreakOf(text)}${line}`;
}

/**
 * The words that the second half needs before it: none for an order or a clause of its own, else the
 * first half's subject with its modal. Undefined when "and" does not join two acts.
 */
function subjectFor(left: string, right: string, comma: boolean): string | undefined {
  // "track, hold and reroute", "ask him to sign and return it": one act with several parts.
  if (/,\s+\w+$/.test(left)) return undefined;
  if (
    !comma &&
    /\b(?:to|help|let|not|or|both|between|either)\b(?!.*[,;])/i.test(
      left.replace(/^do not|^\S+ (?:must|should|shall|may|can) not/i, ""),
    )
  )
    return undefined;
  if (beginsClause(right)) return "";
  if (
    isImperative(left) &&
    firstContentWord(wordsOf(left)) >= 0 &&
    !/^(?:before|after|when|if|once)\b/i.test(left)
  ) {
    return ordersSomething(right) ? "" : undefined;
  }
  const modal =
    /^(?<subject>(?:(?:the|an?|every|each|all|our|your) )?(?:[\w’'-]+ ){0,3}?(?:must|should|shall|may|can|will|ha(?:s|ve) to|needs? to))(?: (?:not|never|always|only))*\s/i.exec(
      left,
    )?.groups?.["subject"];
  if (modal !== undefined) return ordersSomething(right) ? modal : undefined;
  const words = wordsOf(left);
  const verb = finiteVerb(words);
  const next = wordsOf(right).find(({ text }) => !/^(?:never|always|then|also)$/.test(text));
  // "The clerk greets … and never discusses …": both verbs in the third person.
  if (verb <= 0 || verb > 4 || next === undefined) return undefined;
  const third = /[^s]s$/.test(words[verb]!.text) && /[^s]s$/.test(next.text);
  if (
    !third ||
    auxiliaries.has(words[verb]!.text) ||
    !baseVerbs.has(next.text.replace(/(?:(?<=ss|sh|ch|x|o)es|s)$/, ""))
  ) {
    return undefined;
  }
  return left.slice(0, words[verb]!.from).trim();
}

function beginsClause(right: string): boolean {
  return /^(?:you|we|they|the \w+|an? \w+) (?:must|should|shall|may|can|cannot|will|do not|never)\b/i.test(
    right,
  );
}

/** An order, and surely no noun: "list the change", but not "address of the customer". */
function ordersSomething(right: string): boolean {
  const words = wordsOf(right);
  const first = words[firstContentWord(words)];
  const next = words[firstContentWord(words) + 1]?.text ?? "";
  if (first === undefined || !isImperative(right)) return false;
  return !nounsToo.has(first.text) || determiners.has(next) || pronouns.has(next) || next === "for";
}
