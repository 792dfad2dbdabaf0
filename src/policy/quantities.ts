import { inDigitsToo, numberWords, valueOfWords } from "./number-words.ts";
import type { Condition, Operator } from "./statement.ts";

/** What a condition tests, read from its words. */
export type Reading = Pick<Condition, "variable" | "operator" | "value" | "unit">;

const number = String.raw`(?<currency>[$€£]|(?:EUR|USD|GBP|CHF) )?(?:(?<number>\d[\d,]*(?:\.\d+)?(?![\d.]*[-–]\d))|(?<words>${numberWords})${inDigitsToo})`;
const unit = String.raw`(?:\s*(?<unit>%|°|(?!(?:or|and|if|of|in|for|to|by|from|per|at|is|are|on|after|before|times?\s)\b)[a-z]+(?: (?=days?|hours?|weeks?|months?|years?)(?:days?|hours?|weeks?|months?|years?)|(?<![s\s]) (?!is\b|was\b|has\b|does\b|less\b|as\b|its\b|this\b)[a-z]{3,}s\b)?))?`;

/** Most specific first: the first that matches is taken. */
const comparisons: readonly [RegExp, Operator][] = [
  [
    compare(
      String.raw`(?:no|not) (?:more|greater|longer|higher|heavier|larger|later|older) than|at most|at maximum|up to|a maximum of|maximum|not (?:exceed|exceeds|exceeding|over|above)`,
    ),
    "le",
  ],
  [
    compare(
      String.raw`(?:no|not) (?:less|fewer|lower|shorter|earlier|younger|lighter) than|at least|a minimum of|minimum|not (?:below|under)`,
    ),
    "ge",
  ],
  [
    compare(
      String.raw`(?:more|greater|longer|higher|heavier|larger|bigger|later|older|farther|further) than|over|above|exceed(?:s|ed|ing)?|beyond|in excess of|after`,
    ),
    "gt",
  ],
  [
    compare(
      String.raw`(?:less|fewer|lower|shorter|lighter|smaller|earlier|younger|cheaper|nearer) than|under|below`,
    ),
    "lt",
  ],
  [compare("within|in under|in less than"), "within"],
];
const trailing: readonly [RegExp, Operator][] = [
  [
    new RegExp(
      String.raw`(?:\b|(?=[$€£]))${number}${unit} or (?:more|above|older|longer|higher|over|heavier|later)\b`,
      "i",
    ),
    "ge",
  ],
  [
    new RegExp(
      String.raw`(?:\b|(?=[$€£]))${number}${unit} or (?:less|fewer|below|younger|shorter|lower|under|lighter|earlier)\b`,
      "i",
    ),
    "le",
  ],
  [new RegExp(String.raw`\b${number}\+${unit}`, "i"), "ge"],
];

function compare(words: string): RegExp {
  return new RegExp(
    String.raw`\b(?:${words})\s+(?:the (?:first|last) |a total of |of )?${number}${unit}`,
    "i",
  );
}

/** Verbs and units that name the quantity they measure. */
const dimensions: readonly [RegExp, string][] = [
  [/\bweigh/, "weight"],
  [/\bcosts?\b/, "cost"],
  [/\b(?:lasts?|takes?)\b/, "duration"],
];
const unitDimensions: readonly [RegExp, string][] = [
  [/^(?:kg|kilos?|kilograms?|g|grams?|lbs?|pounds?|oz|tons?|tonnes?)$/, "weight"],
  [/^(?:euros?|dollars?|cents?|usd|eur|gbp|[$€£])$/, "amount"],
  [/^(?:km|m|cm|mm|miles?|feet|inch(?:es)?|met(?:er|re)s?)$/, "distance"],
  [/(?:minutes?|hours?|days?|weeks?|months?|years?|seconds?)$/, "time"],
  [/^(?:%|percent|points?)$/, "share"],
];

/**
 * Reads what a condition's words test: "its status is 'pending'" → status eq pending; "a parcel
 * weighs more than 30 kg" → weight gt 30 kg; of a class of cases, "it is a pending order" → order eq
 * pending. What cannot be read apart is `{ operator: "is" }`.
 */
export function readCondition(text: string, ofClass = false): Reading {
  return (
    readMoment(text) ??
    readQuantity(text) ??
    readReason(text) ??
    readIdentity(text, ofClass) ??
    readMembership(text) ??
    readPossession(text) ?? { operator: "is" }
  );
}

const month =
  "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
const day = String.raw`\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)? (?:of )?${month}\b(?: \d{4})?|${month} \d{1,2}\b(?:, \d{4})?`;
const hour = String.raw`\d{1,2}(?::\d{2})? ?(?:am|pm|a\.m\.|p\.m\.)|\d{1,2}:\d{2}|noon|midnight`;
const moment = new RegExp(
  String.raw`\b(?<words>(?:no|not) later than|(?:no|not) earlier than|on or before|on or after|before|after|by|until|since|from) (?:the )?(?:(?<day>${day})|(?<hour>${hour}))(?![\w-])`,
  "i",
);
const momentOperators: Readonly<Record<string, Operator>> = {
  before: "lt",
  after: "gt",
  since: "ge",
  from: "ge",
  "on or after": "ge",
  "no earlier than": "ge",
  "not earlier than": "ge",
};

/** A date or a time of day before or after which something is. */
function readMoment(text: string): Reading | undefined {
  const groups = moment.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const operator = momentOperators[groups["words"]!.toLowerCase()] ?? "le";
  return groups["day"] === undefined
    ? { variable: "time of day", operator, value: groups["hour"]! }
    : { variable: "date", operator, value: groups["day"] };
}

/** "the customer cancels because of an illness", "the delay was due to a strike". */
function readReason(text: string): Reading | undefined {
  const match =
    /\b(?<!\bnot )(?:because of|due to|owing to|on account of|for reasons of|by reason of)\s+(?<value>\S.{0,60})$/i.exec(
      text,
    );
  return match?.groups === undefined
    ? undefined
    : { variable: "reason", operator: "eq", value: bare(unquote(match.groups["value"]!)) };
}

/** "the customer belongs to the family plan", "you are enrolled in the loyalty programme". */
function readMembership(text: string): Reading | undefined {
  const match =
    /^(?<subject>.{1,60}?)\s+(?:(?:is|are|was|were) (?:a member of|enrolled in|registered (?:in|for|with)|subscribed to|part of)|belongs? to|lives? in|resides? in)\s+(?<value>.{1,60})$/i.exec(
      text,
    );
  if (match?.groups === undefined) return undefined;
  const value = bare(unquote(match.groups["value"]!));
  return { variable: nounPhrase(match.groups["subject"]!), operator: "in", value };
}

/** A quantity compared with a number; also for classes of cases ("a parcel over 30 kg"). */
export function readQuantity(text: string): Reading | undefined {
  for (const [pattern, operator] of [...trailing, ...comparisons]) {
    const match = pattern.exec(text);
    // "3G" is a name, not three of something.
    if (match === null || /\d[A-Z]/.test(match[0])) continue;
    const { number: digits, words = "" } = match.groups ?? {};
    const value = digits === undefined ? valueOfWords(words) : Number(digits.replaceAll(",", ""));
    const unitWord = match.groups?.["unit"] ?? match.groups?.["currency"]?.trim();
    const before = text.slice(0, match.index);
    return {
      variable: dimension(text, before, unitWord),
      operator,
      value,
      ...(unitWord === undefined ? {} : { unit: unitWord }),
    };
  }
  return undefined;
}

function dimension(text: string, before: string, unitWord: string | undefined): string {
  for (const [verb, name] of dimensions) if (verb.test(text)) return name;
  const subject = nounPhrase(before.replace(/\b(?:is|are|was|were|has|have|be|been)\b.*$/i, ""));
  const measured =
    /\b(?:weight|value|price|amount|total|balance|payout|refund|fee|cost|age|length|size|distance|score|rating|usage|hold|stay|delay)\b/i.exec(
      subject,
    );
  if (measured !== null) return measured[0].toLowerCase();
  for (const [word, name] of unitDimensions) {
    if (unitWord !== undefined && word.test(unitWord.toLowerCase())) return name;
  }
  return unitWord === undefined ? subject || "number" : `number of ${unitWord}`;
}

const copula =
  /^(?<subject>.*?)\s+(?<verb>is|are|was|were|has been|have been|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|shows as|equals|turns?|becomes?|remains?|stays?)\s+(?<not>not\s+)?(?:(?:still|already|currently|now|also)\s+)?(?<value>.+)$/i;

function readIdentity(text: string, ofClass: boolean): Reading | undefined {
  const groups = copula.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const value = unquote(groups["value"] ?? "");
  // A long predicate is a clause, not a value.
  if (value === "" || value.split(" ").length > 4) return undefined;
  if (/^(?:able|unable|allowed|going|to)\b/i.test(value)) return undefined;
  const negative = groups["not"] !== undefined || /n['’]t$/i.test(groups["verb"] ?? "");
  // "the status bar shows that service is available": what is shown is the variable.
  const subject = (groups["subject"] ?? "").replace(/^.*\b(?:that|whether)\s+(?=\S)/i, "");
  if (/^(?:it|this|that|there|they)$/i.test(subject)) {
    const kind = /^an? (?<class>.+) (?<head>[\w-]+)$/i.exec(value)?.groups;
    const pronoun = {
      variable: subject,
      operator: negative ? "ne" : "eq",
      value: bare(value),
    } as const;
    if (!ofClass || kind === undefined) return /^it$/i.test(subject) ? pronoun : undefined;
    return { variable: kind["head"]!, operator: negative ? "ne" : "eq", value: kind["class"]! };
  }
  const [, none, counted] = /^(no|none of the)\s+(.+)$/i.exec(subject) ?? [];
  if (none !== undefined) return { variable: counted!, operator: "ne", value };
  return { variable: nounPhrase(subject), operator: negative ? "ne" : "eq", value };
}

function readPossession(text: string): Reading | undefined {
  const match =
    /^(?<subject>.{1,60}?)\s+(?:has|have|had|holds?|contains?|includes?|provides?|provided)\s+(?!not\b|been\b|to\b|already\b|agreed\b|\w+ed\b)(?<value>.{1,60})$/i.exec(
      text,
    );
  if (match?.groups === undefined) return undefined;
  const value = bare(unquote(match.groups["value"]!));
  return { variable: nounPhrase(match.groups["subject"]!), operator: "has", value };
}

/** Whether one clause is the plain negation of the other: "you can pay", "you are not able to pay". */
export function negates(one: string, other: string): boolean {
  const [a, b] = [affirmed(one), affirmed(other)];
  return a.text === b.text && a.negative !== b.negative;
}

function affirmed(clause: string): { text: string; negative: boolean } {
  let negative = false;
  const text = clause
    .toLowerCase()
    .replace(/\([^()]*\)/g, "")
    .replace(/\b(?:(?:is|are|am) )?unable to\b/g, "cannot")
    .replace(/\bcannot\b|\b(?:can['’]t)(?![\w])/g, "can not")
    .replace(/n['’]t\b/g, " not")
    .replace(/ not\b/g, () => {
      negative = !negative;
      return "";
    })
    .replace(/\b(?:is|are|am) able to\b/g, "can")
    .replace(/\bdo(?:es)? /g, "")
    .replace(/\s+/g, " ")
    .trim();
  return { text, negative };
}

/** A noun phrase without its determiner, its relative clause and its prepositional phrases. */
function nounPhrase(text: string): string {
  return bare(text)
    .replace(/\s+(?:that|which|who|whose|of|for|in|on|with|from)\b.*$/i, "")
    .trim();
}

function bare(text: string): string {
  return text
    .replace(/^(?:the|an?|its|their|your|our|his|her|any|this|that|each|every)\s+/i, "")
    .trim();
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'“‘`])(.*)["'”’`]$/, "$2");
}
