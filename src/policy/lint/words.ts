import { wordsOf } from "../grammar.ts";
import { inflectedVerbs } from "../lexicon.ts";

/** Words that carry no meaning of their own when two sentences are compared. */
const empty = new Set(
  `a an the this that these those of in on at by for from to with into onto upon and or as is are be
  been being was were am it its their they them your you our we us his her he she who which there
  here then so also please will would shall should must may can could has have had do does did need
  needs ought if when whenever while where any each every all such just very only note make sure
  be able own additionally furthermore moreover however therefore thus always first next`
    .trim()
    .split(/\s+/),
);

/** Words that say the same in policies, by their stems: the first of each line stands for all. */
const alike = `
customer client consumer shopper
refund reimburse repay
tell inform notify advise
buy purchase
start begin commence
end finish terminate
fee charge surcharge
assist help aid
give provide supply
get receive obtain
check verify confirm ensure
reveal disclose divulge
remove delete erase
permit allow
forbid prohibit
request ask
change modify alter amend
send mail dispatch
keep retain
show display
employee staff worker
manager supervisor
parcel package
reject decline refuse deny
cancel annul revoke
password passcode
document record
pay settle
maximum most
minimum least
prior before
after following`;

const canonical = new Map<string, string>();
for (const line of alike.trim().split("\n")) {
  const [first, ...rest] = line.split(" ");
  for (const word of [first!, ...rest]) canonical.set(stem(word), stem(first!));
}

/** Cuts the endings of plurals, participles and third persons; words alike in sense become one. */
export function stem(word: string): string {
  const lower = word.toLowerCase().replace(/['’](?:s|re|ve|ll)?$/, "");
  if (lower.length <= 3) return lower;
  return lower
    .replace(/(?:ies|ied)$/, "y")
    .replace(/(?<=ss|x|z|ch|sh)es$/, "")
    .replace(/(?<!s|u|i)s$/, "")
    .replace(/(?<=\w{3})(?:ing|ed)$/, "")
    .replace(/([bdgmnprt])\1$/, "$1")
    .replace(/(?<=\w{3})e$/, "");
}

const negations =
  /\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|forbidden|prohibited|unable)\b|n['’]t\b/gi;

const quantity =
  /(?<label>\b(?:zone|tier|level|class|step|path|stage|phase|section|type|grade|group|band|category|line|floor|option|plan|version|rule|part|table|number|no\.) )?(?<currency>[$€£])?(?<number>\d+(?:[.,:]\d+)*)(?: ?(?<unit>%|[a-z]+))?/g;
const units =
  /^(?:%|percent|euros?|dollars?|pounds?|cents?|kg|g|km|m|cm|mm|gb|mb|hour|day|week|month|year|minute)$/;

/** "7 euro", "$7" and "2 photo" are amounts; "#2" is a name, as in "zone 2" and "form 12 goes". */
function numberOf(groups: Record<string, string | undefined>): string {
  const { label, currency, unit = "" } = groups;
  const number = groups["number"]!.replaceAll(",", "");
  if (label === undefined && currency !== undefined) return `${currency}${number}`;
  const counts = units.test(unit) || (/[^s]s$/.test(unit) && !inflectedVerbs.has(unit));
  if (label !== undefined || !counts) return `#${number}`;
  const root = stem(unit);
  return `${number} ${canonical.get(root) ?? root}`;
}

/** Whether a number of a gist counts or measures something. */
export function isAmount(number: string): boolean {
  return !number.startsWith("#");
}

/** What a clause says, in a form in which two of them can be held against each other. */
export interface Gist {
  /** Stems of the words that carry meaning. */
  words: ReadonlySet<string>;
  /** Numbers in order, with what they count: "30 kg", "€5", "#2" for a name. */
  numbers: readonly string[];
  negative: boolean;
}

export function gistOf(text: string): Gist {
  const clean = text.replace(/\be-mail/gi, "email");
  const words = new Set<string>();
  for (const { text: word } of wordsOf(clean.replace(negations, " "))) {
    if (empty.has(word) || /^\d/.test(word)) continue;
    const root = stem(word);
    words.add(canonical.get(root) ?? root);
  }
  return {
    words,
    numbers: [...clean.toLowerCase().matchAll(quantity)].map(({ groups }) => numberOf(groups!)),
    negative: [...clean.matchAll(negations)].length % 2 === 1,
  };
}

export function equalSets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((word) => b.has(word));
}
