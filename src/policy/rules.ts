import type { Classifier, ClassifierInput, Verdict } from "./classifier.ts";
import { finiteVerb, firstContentWord, isImperative, wordsOf } from "./grammar.ts";
import { determiners, prepositions } from "./lexicon.ts";
import { pastOpening } from "./markers.ts";

/**
 * Categories by rules, in the order of the definition: a rule bound to a condition is conditional;
 * else what tells an actor how to act is behavioral; else it is a fact (CAP-CPT, arXiv 2510.11588,
 * names the categories; the order and its settled doubts are ours).
 */
export const rulesClassifier: Classifier = {
  classify(input: ClassifierInput): Verdict {
    return conditional(input) ?? behavioral(input) ?? factual(input);
  },
};

const verdict = (category: Verdict["category"], confidence: number, why: string): Verdict => ({
  category,
  confidence,
  decidedBy: "rules",
  why,
});

function conditional({ text, reading }: ClassifierInput): Verdict | undefined {
  const refers = /^(?:(?:and|but|or) )?(otherwise|or else|if not|if so)\b/i.exec(text)?.[1];
  if (reading === undefined) {
    return refers === undefined
      ? undefined
      : verdict("complex-conditional", 0.8, `“${refers}”: its condition stands before it`);
  }
  const cues = reading.cues.map((cue) => `“${cue}”`).join(", ");
  const { conditions, depth } = reading.decision;
  if (refers !== undefined) {
    return verdict("complex-conditional", 0.95, `“${refers}”: its condition stands before it`);
  }
  const confidence = /“(?:if|unless|only if|if and only if|otherwise)”/.test(cues) ? 0.95 : 0.8;
  if (!reading.complex) return verdict("simple-conditional", confidence, `${cues}: one condition`);
  const what = conditions.length > 1 ? `${conditions.length} conditions` : "more than one outcome";
  return verdict("complex-conditional", confidence, `${cues}: ${what}, depth ${depth}`);
}

const actors =
  /^(?:you|we|i|(?:(?:the|an?|any|all|every|each|our|your|no|this|both|current|other|new)\s+)*(?:\w+\s+){0,2}?(?:agents?|assistants?|clerks?|staff|users?|customers?|clients?|members?|passengers?|guests?|employees?|managers?|supervisors?|representatives?|operators?|owners?|company|team|support|sellers?|buyers?|callers?|friends?|drivers?|senders?|recipients?|applicants?|claimants?|veterans?|people|anyone|everyone|nobody|liaisons?|admins?|administrators?|couriers?|technicians?|nurses?|doctors?|patients?|students?|teachers?|colleagues?|specialists?|contractors?|parents?|directors?|public))$/;

const duty =
  /^(?:must|should|shall|may|can|cannot|can['’]t|could|mustn['’]t|shouldn['’]t|ought|needs?|needn['’]t|has to|have to|had to)$/;
const company = /^(?:will|won['’]t|would|do|does|don['’]t|doesn['’]t)$/;
/** What an actor is, feels or gets, rather than does. */
const stative =
  /^(?:is|are|was|were|am|has|have|had|wants?|believes?|thinks?|knows?|hopes?|likes?|owns?|belongs?|recognizes?|recognises?|understands?|appreciates?|needs?|means?|receives?|gets?|accrues?|earns?|lives?|exists?|works?|pays|costs?|'s|['’]re|['’]ve)$/;
const passive =
  /^(?:not |never |always |only |also |then )*be (?:\w+ly |only |always |never )?(?!able\b|available\b|unable\b)(?:\w+ed|done|made|given|taken|sent|kept|paid|told|shown|held|set|put|written|chosen|found|sold|read)\b/;

function behavioral({ text, layout }: ClassifierInput): Verdict | undefined {
  // The words of a cell say how to act only where they are a sentence: "Express" is no order.
  const parts =
    layout === "row"
      ? text
          .split("; ")
          .map((cell) => cell.replace(/^[^:]*: /, ""))
          .filter((cell) => wordsOf(cell).length > 3)
      : [text];
  for (const clause of parts.flatMap(mainClauses)) {
    const found = behavior(clause);
    if (found !== undefined) return found;
  }
  return undefined;
}

function behavior(clause: string): Verdict | undefined {
  const lower = clause.toLowerCase();
  const order = /^(?:please|never|do not|don['’]t)\b/.exec(lower)?.[0];
  if (isImperative(clause)) {
    const words = wordsOf(clause);
    const first = order ?? words[firstContentWord(words)]?.text ?? "";
    return verdict("behavioral", 0.92, `“${first}”: an order`);
  }
  const fixed =
    /\b(?:(?:is|are) responsible for|(?:is|are) (?:not )?(?:allowed|permitted|required|expected|obliged|obligated|encouraged|entitled|prohibited|forbidden) (?:to|from)|(?:is|are) entitled to|no need to|it is (?:your|our|the agent['’]s) (?:duty|job|task|responsibility)|we (?:strongly |highly )?(?:recommend|encourage|advise|suggest|urge)|it(?:['’]s| is) (?:always )?best to|reserves? the right|retains? the right|make sure|be sure|it is the policy of)\b/.exec(
      lower,
    );
  if (fixed !== null) return verdict("behavioral", 0.85, `“${fixed[0]}”`);
  const words = wordsOf(clause);
  const verb = finiteVerb(words);
  if (verb < 0) return undefined;
  const at = words[verb]!;
  const subject = lower
    .slice(0, at.from)
    .replace(/[\s,]+$/, "")
    .replace(/\b(?:also|therefore|generally|gladly|always|never|only|then|so|currently)\b\s*/g, "")
    .trim();
  const contracted = /^(?:you|we|they)['’](?:ll|re|ve)$/.exec(at.text)?.[0];
  const rest = lower.slice(at.to).trim();
  const actor =
    contracted === undefined ? isActor(subject, clause) : !contracted.startsWith("they");
  const modal =
    duty.test(at.text) || (/^(?:has|have)$/.test(at.text) && /^(?:\w+ )?to\b/.test(rest));
  const said = contracted ?? `${subject} ${at.text}`.trim();
  if (/^(?:you|we)['’](?:ll|re)$/.test(contracted ?? "")) {
    const we = contracted!.startsWith("we");
    if (we || /^(?:need|have|want) to\b/.test(rest))
      return verdict("behavioral", 0.8, `“${contracted}”: what an actor does`);
    return undefined;
  }
  if (actor && modal) {
    // "A user can have two accounts" limits; "a user has …" describes.
    if (/^(?:have|has|hold)\b/.test(rest) && !/^you|^we/.test(subject)) return undefined;
    return verdict("behavioral", 0.92, `“${said}”: a duty or permission of an actor`);
  }
  if (actor && company.test(at.text)) {
    if (at.text.startsWith("w") && !isAgent(subject, clause)) {
      return /^(?:also |then )?(?:need|have) to\b/.test(rest)
        ? verdict("behavioral", 0.8, `“${said} need to”`)
        : undefined;
    }
    if (
      /^(?:not )?(?:be\b(?! sure| careful| polite)|receive\b|know\b|earn\b|get\b|forfeit\b|see\b|find\b|notice\b|have to (?!\w))/.test(
        rest,
      )
    )
      return undefined;
    if (
      /^(?:not |n['’]t )?(?:presume|have|necessarily|believe|think|know)\b/.test(rest) &&
      !at.text.startsWith("w")
    )
      return undefined;
    return verdict("behavioral", 0.85, `“${said}”: what an actor does`);
  }
  if (modal && /^(?:must|should|shall|has|have|mustn|shouldn|needs?)/.test(at.text)) {
    const after = rest.replace(/^to /, "");
    if (passive.test(after))
      return verdict("behavioral", 0.75, `“${at.text} … be”: a duty, its actor unsaid`);
  }
  if (actor && /^(?:requires?|prohibits?|forbids?|expects?|encourages?|asks?)$/.test(at.text)) {
    return verdict("behavioral", 0.75, `“${said}”: what an actor must do`);
  }
  if (
    actor &&
    isAgent(subject, clause) &&
    // What the company does every day describes it: "Acme delivers from Monday to Saturday."
    !isName(subject, clause) &&
    !stative.test(at.text) &&
    !company.test(at.text) &&
    !duty.test(at.text)
  ) {
    return verdict("behavioral", 0.75, `“${said}”: what an actor does`);
  }
  return undefined;
}

function isActor(subject: string, clause: string): boolean {
  const core = subject.replace(/\s+(?:who|whose|that|of|in|on|with|from)\b.*$/, "");
  return actors.test(core) || isName(core, clause);
}

/** The agent, its company or staff: whose plain verbs are rules of conduct, not descriptions. */
function isAgent(subject: string, clause: string): boolean {
  return (
    /^(?:you|we|(?:the |an? |our |all |any |every )?(?:\w+ )?(?:agents?|assistants?|clerks?|staff|company|team|representatives?|operators?|employees?|supervisors?))$/.test(
      subject,
    ) || isName(subject, clause)
  );
}

/** A single capitalised word before a verb, not a plural: most likely the company's name. */
function isName(subject: string, clause: string): boolean {
  if (!/^[a-z][a-z0-9]{2,}$/.test(subject) || /[^s]s$/.test(subject)) return false;
  if (determiners.has(subject) || prepositions.has(subject)) return false;
  if (
    /^(?:this|that|these|those|they|it|there|which|what|who|both|mail|delivery|payment|shipping|access|content|information|leave|service|support|retrieving)$/.test(
      subject,
    ) ||
    subject.endsWith("ing")
  )
    return false;
  return clause.slice(0, subject.length).toLowerCase() === subject && /^\p{Lu}/u.test(clause);
}

/**
 * The clauses that can carry the sentence: the one it begins with, past what only opens it, those
 * after a comma or semicolon and those joined by "and".
 */
function mainClauses(whole: string): string[] {
  // How a sentence acts shows near its beginning, whatever its length.
  const text = whole.slice(0, 2000);
  const masked = text.replace(/\([^()]{0,300}\)/g, (match) => " ".repeat(match.length));
  const start = pastOpening(masked.toLowerCase(), { from: 0, to: masked.length });
  const opened = masked.slice(start);
  const label = /^[^:.,]{1,60}(?::| [-–—]) (?=\S)/.exec(opened);
  const body =
    label === null || finiteVerb(wordsOf(label[0])) >= 0 ? opened : opened.slice(label[0].length);
  const introductory =
    /^(?:(?:as|at|in|on|by|to|before|after|once|during|for|from|when|while|with|without|until|upon|throughout|under|because|given|since|although|though|based|due)\b|\w+ing\b)[^,;]{1,200},\s*/i;
  const clauses: string[] = [];
  let rest = body;
  for (let i = 0; i < 4; i++) {
    const match = introductory.exec(rest);
    if (match === null) break;
    rest = rest.slice(match[0].length);
  }
  clauses.push(rest);
  const joint =
    /[;,:]\s+(?:(?:and|but|so|or|then|which means)\s+)?|\s[-–—]\s+(?=please\b)|\s+(?:and|but)\s+(?=(?:you|we|never|always|do not|the agent|must|should)\b)/gi;
  for (const match of [...rest.matchAll(joint)].slice(0, 12)) {
    const clause = rest.slice(match.index + match[0].length);
    const standalone =
      /^(?:you|we|never|always|please|do not|don['’]t|the (?:agent|customer|user|clerk)|must|should|make sure|they)\b/i.test(
        clause,
      );
    // An order after a comma needs "and" or a colon before it: after a bare comma it is an item of a list.
    const ordered =
      /and|but|so|then|[;:]/i.test(match[0]) &&
      isImperative(clause) &&
      !/^\w+ (?:or|and) /.test(clause);
    if (standalone || (ordered && clauses.length < 2)) clauses.push(clause);
  }
  return clauses;
}

function factual({ layout }: ClassifierInput): Verdict {
  return layout === "row"
    ? verdict("factual", 0.9, "a table row of values")
    : verdict("factual", 0.75, "describes: no condition, no order, duty or permission");
}
