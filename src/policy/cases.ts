import { finiteVerb, isImperative, wordsOf } from "./grammar.ts";
import { prepositions } from "./lexicon.ts";

/** Words that bind a rule to a class of cases or an event, with no "if" among them. */
export interface CaseCue {
  words: string;
  /** The class is one of several by itself: "members or guests who …". */
  several: boolean;
}

const number = String.raw`(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)`;

const openings = new RegExp(
  String.raw`^(?:` +
    [
      String.raw`after (?:an?|any|each|every|more than|over|${number}|the (?:first|second|third|fourth|fifth|sixth))\b[^,]{2,80},`,
      String.raw`in (?:(?:an?|any|all) )?(?:\w+ ){0,2}(?:emergenc(?:y|ies)|cases?|situations?|circumstances)\b(?! (?:study|of|where|when|that)\b)[^,]{0,40},`,
      String.raw`in the absence of\b`,
      String.raw`(?:on|at) (?:days?|nights?|weekends?|\w+days?|holidays?|public holidays?)\b(?: [^,]{1,60})?,`,
      String.raw`(?:failing|pending|following|barring) [^,]{3,80},`,
      String.raw`(?:with|without) (?:an?|your|their|the|prior|written|prior written) (?:\w+ ){0,3}(?:consent|permission|approval|agreement|authori[sz]ation|notice|receipt|proof)\b[^,]{0,40},`,
      String.raw`(?:up to|more than|over|under|below|above|beyond|less than|fewer than) (?:the )?[$€£]?${number}\b[^,:]{0,60}[,:]`,
      String.raw`whoever\b`,
    ].join("|") +
    ")",
);

/** A subject that a relative clause, a participle or a measure narrows to a class of cases. */
const narrowed = new RegExp(
  String.raw`^(?:any(?:one|body)?|every(?:one|body)?|each|all|an?|no(?:body| one)?|those|people|\d+|two|three)?\s*(?:[\w'’-]+ ){0,4}?(?<cue>(?:who|that|which|whose)\b(?= )|` +
    String.raw`(?:made|paid|left|placed|ordered|bought|returned|cancell?ed|booked|sent|received|created|called|lost|damaged|found|carried|worn|submitted|filed|reported|charged|shipped|opened|issued|stored|born|hired|delivered|confirmed|requested|registered|purchased|taken|sold|used|scheduled|aged|belonging|travell?ing|living|working|containing|involving|concerning|exceeding|costing|weighing|lasting|arriving|holding|requiring|falling|starting|ending)\b(?= (?:in|on|at|by|for|from|to|with|within|without|before|after|under|over|outside|inside|through|more|less|out|via|as|of|the|an?|\d|or|later|earlier|abroad|alone|online))|` +
    String.raw`(?:under|over|above|below|beyond|exceeding|of (?:more|less|fewer) than|longer than|shorter than|older than|younger than|heavier than|larger than|worth (?:more|less)|up to|at least) (?:[$€£]|the|that|this|${number}|an?\b)|` +
    String.raw`in (?:status|state)\b|without an?\b)`,
);

/** Words that begin a clause, or stand for something named before. */
const notASubject =
  /^(?:we|you|they|it|this|that|there|these|here|if|when|whenever|unless|where|while|once|until|after|before|as|because|since|although|though|should|in|on|for|to|by|with|without|during)$/;

const plural = /(?:[^su]s|people|staff|children|those|data)$/;

/** "Employees who …", "Payments made outside the site …": a rule for a class of cases. */
function narrowedSubject(text: string): CaseCue | undefined {
  const match = narrowed.exec(text);
  const cue = match?.groups?.["cue"];
  if (match === null || cue === undefined) return undefined;
  const subject = text.slice(0, match[0].length - cue.length).trim();
  const words = wordsOf(subject);
  const head = words.at(-1)?.text ?? "";
  if (words.length === 0 || words.length > 6) return undefined;
  if (/[,;:]/.test(subject)) return undefined;
  if (finiteVerb(words) >= 0 || words.slice(0, -1).some(({ text }) => prepositions.has(text)))
    return undefined;
  const generic = /^(?:any|every|each|all|an?|no|those|people|whoever|\d)/.test(subject);
  if (!generic && !(plural.test(head) && !/^(?:the|our|your|these|this)\b/.test(subject)))
    return undefined;
  if (notASubject.test(words[0]!.text)) return undefined;
  const rest = text.slice(match[0].length);
  const main = finiteVerb(wordsOf(rest.slice(0, 240)));
  if (main < 0) return undefined;
  // "Rules that …  are those that …", "An order that is pending is one that …" define a word.
  if (/\b(?:means?|refers? to|is an?|are those|is one)\b/.test(rest.slice(0, 160)))
    return undefined;
  const clause = rest.slice(0, wordsOf(rest)[main]?.from ?? rest.length);
  return { words: `${head} ${cue}`, several: /\b(?:or|and\/or)\b/.test(`${subject} ${clause}`) };
}

const deadline = new RegExp(
  String.raw`\b(?:can|may|could|must|shall|is|are)\b[^,;]{0,80}\b(?:until (?:the|an?|\d|midnight|noon|you|we|it|they)|up to ${number} \w+ (?:before|after|prior)|for (?:up to )?${number} (?:\w+ )?(?:hours?|days?|weeks?|months?|years?) (?:after|from|of)|no later than|(?:within|in) ${number} (?:\w+ )?(?:hours?|days?|weeks?|months?|years?) (?:of|after|from))\b`,
);

/** "Cancel in time and we return the full amount": an order that is a condition. */
const bargain =
  /^(?<order>[^,;:.]{3,120}?),? (?:and|or) (?:you|we|it|they|your|our|the|that)(?:['’](?:ll|re)|\b(?: [\w-]+){0,2} (?:will|can|may|is|are|gets?|lose[s]?|pays?|counts?|goes|lands?|returns?|refunds?|won['’]t|cannot|don['’]t|forfeits?))\b/;

/**
 * The words that bind a statement to a class of cases or an event when no marker does.
 *
 * @param text in lower case, past what only opens it.
 */
export function caseCue(text: string): CaseCue | undefined {
  const opening = openings.exec(text)?.[0];
  if (opening !== undefined) return { words: opening, several: /\bor\b/.test(opening) };
  const subject = narrowedSubject(text);
  if (subject !== undefined) return subject;
  const order = bargain.exec(text)?.groups?.["order"];
  return order !== undefined && isImperative(order) ? { words: order, several: false } : undefined;
}

/** The words that bind a right to a deadline; that of a duty is no condition. */
export function deadlineCue(text: string): CaseCue | undefined {
  const limit = deadline.exec(text)?.[0];
  if (limit === undefined) return undefined;
  const words = limit.replace(/^.*?\b(?=until|up to|for|no later|within|in )/, "");
  return { words, several: false };
}

/** Headers of a table whose rows are cases, and what follows from each. */
const caseHeader =
  /^(?:if|when(?!:? ?\d)|in case|your situation|situation|problem|symptom|reason(?: for [\w ]+)?|case|matter|trigger|conditions?|total score|score|estimated total|severity|circumstances?|event|scenario|violation|what happened|cause)$/i;

/** Whether the rows under a header are cases, each with what follows from it. */
export function isCaseHeader(header: string): boolean {
  return caseHeader.test(header.replace(/\s*\(.*\)$|:$/g, "").trim());
}
