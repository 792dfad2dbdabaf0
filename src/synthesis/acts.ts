import { isImperative } from "../policy/grammar.ts";
import { baseVerbs, nounsToo } from "../policy/lexicon.ts";
import { clause } from "./wording.ts";

/** What a rule bids or forbids: "reveal anything about other customers", and that it is forbidden. */
export interface Act {
  /** A verb in its base form, and what belongs to it. */
  words: string;
  forbidden: boolean;
}

const opening =
  /^(?:so|then|also|in particular|in addition|additionally|therefore|thus|hence|generally|otherwise|as an? [^,]{2,30}),? /i;
const orders =
  /^(?:please |always |politely )*(?<not>never |do not |don['’]t )?(?:always |ever )?(?<rest>\p{L}+.*)$/iu;
const duties =
  /^(?:you|we|agents?) (?:must|should|shall|have to|need to|are required to|ought to|can|may|will)(?<not>not)? (?<not2>not |never )?(?:always |also |only |at most )*(?<rest>\p{L}+.*)$/iu;
/** What leads up to an act and is none itself. */
const reminders = /^(?:remember|make sure|be sure|take care|try|be prepared) to /i;
const mostWords = 16;

/** The acts that a text bids or forbids the agent; none where they cannot be told for sure. */
export function actsOf(text: string): Act[] {
  const bare = clause(text)
    .replace(/\([^()]*\)/g, "")
    .replace(/\s+/g, " ")
    .replace(opening, "");
  if (/[:;]/.test(bare)) return [];
  const parts = bare.split(/, and (?:also )?|, but | and (?=never |do not )/i);
  const found = parts.map((part) => {
    const main = part
      .trim()
      .replace(/^(?:at|before|after|when|while|once|during|in|on|for|as) [^,]{3,80}, /i, "");
    return actOf(main.charAt(0).toLowerCase() + main.slice(1));
  });
  return found.flatMap((act) => act ?? []);
}

function actOf(part: string): Act | undefined {
  const duty = duties.exec(part)?.groups;
  // What someone may do is no duty, and what they cannot do is forbidden.
  const isGrant = duty !== undefined && /^(?:you|we|agents?) (?:can|may|will) (?!not )/i.test(part);
  const groups = duty ?? (isImperative(part) ? orders.exec(part)?.groups : undefined);
  if (groups === undefined || isGrant) return undefined;
  const forbidden = Boolean(groups["not"] ?? groups["not2"]);
  const rest = groups["rest"]!.replace(reminders, "");
  const [verb = ""] = rest.split(" ");
  if (verb !== "be" && !baseVerbs.has(verb)) return undefined;
  const words = oneAct(rest);
  // "Use it by then": of what, the sentence before tells.
  if (/^\p{L}+ (?:it|them|this|that|so)\b/iu.test(words)) return undefined;
  return words.split(" ").length < 2 || words.split(" ").length > mostWords
    ? undefined
    : { words, forbidden };
}

/** Up to where another act, a reason or a condition begins. */
function oneAct(words: string): string {
  const [first = ""] = words.split(/, | (?:if|unless|because|so that|since|e\.g\.) /i);
  const next = [...first.matchAll(/ (?:and|or) (\p{L}+)/gu)].find(
    ([, verb = ""]) => verb === "be" || (baseVerbs.has(verb) && !nounsToo.has(verb)),
  );
  return clause(next === undefined ? first : first.slice(0, next.index));
}

/** "revealing anything about other customers". */
export function doing({ words }: Act): string {
  const [verb = "", ...rest] = words.split(" ");
  return [ingForm(verb), ...rest].join(" ");
}

const doubled =
  /^(?:re|out|over|un)?(?:begin|cancel|forget|permit|refer|submit|transfer|admit|commit|defer|omit|swap|drop|stop|ship|skip|plan|put|run|set|get|let|cut|log|tag|tip|trim|wrap|flag|sit|dig|swim|grip|grab|ban|pin|clip|zip|map|pot|label|travel|chat|plug|unplug|control|sum)$/;

function ingForm(verb: string): string {
  if (verb.endsWith("ie")) return `${verb.slice(0, -2)}ying`;
  if (/[^eoy]e$/.test(verb) && verb !== "be") return `${verb.slice(0, -1)}ing`;
  return doubled.test(verb) ? `${verb}${verb.at(-1)!}ing` : `${verb}ing`;
}

/** What someone asks for who wants a ban broken: "reveal something". */
export function affirmed({ words }: Act): string {
  return words
    .replace(/\banything\b/gi, "something")
    .replace(/\banyone\b/gi, "someone")
    .replace(/\bany (?=\p{L})/giu, "some ");
}
