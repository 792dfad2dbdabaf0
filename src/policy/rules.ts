import { afterActor, isActorNoun } from "./actors.ts";
import { caseCue, deadlineCue, isCaseHeader, type CaseCue } from "./cases.ts";
import type { Classifier, ClassifierInput, Verdict } from "./classifier.ts";
import { finiteVerb, firstContentWord, isImperative, wordsOf, type Word } from "./grammar.ts";
import { adverbs, auxiliaries, determiners, prepositions } from "./lexicon.ts";
import { markersIn, pastOpening } from "./markers.ts";

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

/** "If it is, …", "If they don't, …": the rest of the condition stands in the sentence before. */
const elliptic =
  /^(?:(?:and|but|or) )?(?:if|when|where) (?:it|they|he|she|you|we|that|this|there|none|any|so|not)(?: (?:is|are|was|were|does|do|did|has|have|can|will|cannot|(?:is|are|was|were|does|do|did|has|have|ca|wo)n['’]t))?(?: not)?(?: so| any| one| none)?,/i;

function conditional(input: ClassifierInput): Verdict | undefined {
  const { text, reading } = input;
  const refers = /^(?:(?:and|but|or) )?(otherwise|or else|if not|if so)\b/i.exec(text)?.[1];
  if (reading === undefined) {
    return refers === undefined
      ? (byClauses(input) ?? byCase(input))
      : verdict("complex-conditional", 0.8, `“${refers}”: its condition stands before it`);
  }
  const cues = reading.cues.map((cue) => `“${cue}”`).join(", ");
  const { conditions, depth } = reading.decision;
  if (refers !== undefined || elliptic.test(text)) {
    const words = refers ?? elliptic.exec(text)![0];
    return verdict("complex-conditional", 0.95, `“${words}”: its condition stands before it`);
  }
  const marked = /“(?:if|unless|only if|if and only if|otherwise|except if|when|where)”/.test(cues);
  const confidence = /“(?:if|unless|only if|if and only if|otherwise)”/.test(cues) ? 0.95 : 0.8;
  if (!reading.complex) {
    const clauses = byClauses(input);
    if (clauses?.category === "complex-conditional") return clauses;
    const within = marked ? byCase(input) : undefined;
    if (within !== undefined) {
      return verdict("complex-conditional", 0.8, `${cues}, and ${within.why}`);
    }
    return verdict("simple-conditional", confidence, `${cues}: one condition`);
  }
  const what = conditions.length > 1 ? `${conditions.length} conditions` : "more than one outcome";
  return verdict("complex-conditional", confidence, `${cues}: ${what}, depth ${depth}`);
}

/** What stands against a rule within its own sentence: another case, or an exception. */
const contrary =
  /(?:[;,.–—]|\b(?:or|and|but)\b),? (?:and |or |but )?(?:otherwise|if not|except|unless|save (?:where|if|that|for)|apart from|in (?:all|any) other cases?|(?:at|on) other times|for (?:any(?:thing)?|all) (?:other|others|else|larger|longer|more)|beyond that|above that|after that|earlier if|(?<!\bif and )only (?:if|when|where|after|with|for))\b|[;,] (?:and |or |but )?(?:an? |the )?(?:longer|shorter|later|larger|smaller|further|others|the rest)\b/;
/** Conditions that the reader's own markers leave out where they stand in the middle. */
const inside =
  /\b(?:where(?= (?:the|an?|this|that|they|it|you|he|she|no|any|there|\w+ (?:is|are|was|were|has|have|does|do|can|exceeds?|would))\b)|in which case|should (?:you|the|it|they|an?)|depending on|only (?:with|after))\b/g;

/** How many clauses of a sentence state a condition, whether or not a tree could be read. */
function byClauses({ text, layout }: ClassifierInput): Verdict | undefined {
  if (layout === "row") return undefined;
  const shown = masked(text);
  const markers = markersIn(shown, { from: 0, to: shown.length }).map(({ words }) => words);
  const others = [...shown.slice(1).matchAll(inside)].length;
  const against = contrary.exec(shown)?.[0].replace(/^\W+/, "");
  const parts = shown
    .split(/;\s+|,\s+(?:but|while|whereas|and)\s+/)
    .filter((part) => caseCue(part));
  if (markers.length === 0 && parts.length === 0) return undefined;
  if (markers.length + others + parts.length > 1 || against !== undefined) {
    const words = [...markers, ...(against === undefined ? [] : [against])].slice(0, 3);
    const cues = words.length > 0 ? words.map((each) => `“${each}”`).join(", ") : "several clauses";
    return verdict("complex-conditional", 0.75, `${cues}: more than one case`);
  }
  return markers.length === 0
    ? undefined
    : verdict("simple-conditional", 0.7, `“${markers[0]!}”: a condition`);
}

/** In lower case, with quotations and brackets blanked. */
function masked(text: string): string {
  return text
    .slice(0, 1500)
    .toLowerCase()
    .replace(/"[^"]{1,300}"|“[^”]{1,300}”|\([^()]{1,400}\)/g, (match) => "x".repeat(match.length));
}

/** A class of cases, a deadline or an event that no marker word introduces. */
function byCase(input: ClassifierInput): Verdict | undefined {
  const { text, layout } = input;
  if (layout === "row") {
    const header = /^([^:;]{1,60}): /.exec(text)?.[1];
    return header !== undefined && isCaseHeader(header)
      ? verdict("simple-conditional", 0.75, `“${header}”: a row is a case and what follows`)
      : undefined;
  }
  if (/^[^.?!]{3,120}\?["'”’)]* \S/.test(text)) {
    return verdict("simple-conditional", 0.75, "a case told as a question, and its answer");
  }
  const words = opened(text);
  const cue = caseCue(words) ?? rightUntil(input, words);
  if (cue === undefined) return undefined;
  const category = cue.several ? "complex-conditional" : "simple-conditional";
  return verdict(category, 0.7, `“${cue.words}”: a class of cases`);
}

/** A deadline binds what is allowed or due; how soon an actor has to act is a part of its duty. */
function rightUntil(input: ClassifierInput, words: string): CaseCue | undefined {
  const cue = deadlineCue(words);
  return cue !== undefined && behavioral(input) === undefined ? cue : undefined;
}

function opened(text: string): string {
  const lower = text.slice(0, 600).toLowerCase();
  return lower.slice(pastOpening(lower, { from: 0, to: lower.length }));
}

/** Subjects that act without a noun that names them. */
const actors =
  /^(?:you|we|i|(?:(?:the|an?|any|all|every|each|our|your|no|this|both|current|other|new)\s+)*(?:\w+\s+){0,2}?(?:users?|customers?|members?|owners?|public|people))$/;

const duty =
  /^(?:must|should|shall|may|can|cannot|can['’]t|could|mustn['’]t|shouldn['’]t|ought|needs?|needn['’]t|has to|have to|had to)$/;
const company = /^(?:will|won['’]t|would|do|does|don['’]t|doesn['’]t)$/;
/** What an actor is, feels or gets, rather than does. */
const stative =
  /^(?:is|are|was|were|am|has|have|had|wants?|believes?|thinks?|knows?|hopes?|likes?|owns?|belongs?|recognizes?|recognises?|understands?|appreciates?|needs?|means?|receives?|gets?|accrues?|earns?|lives?|exists?|works?|pays|costs?|'s|['’]re|['’]ve)$/;
const passive =
  /^(?:not |never |always |only |also |then )*be (?:\w+ly |only |always |never )?(?!able\b|available\b|unable\b)(?:\w+ed|done|made|given|taken|sent|kept|paid|told|shown|held|set|put|written|chosen|found|sold|read)\b/;

/** "… at most six times a year": a limit rather than leave to act. */
const limited =
  /\b(?:at most|up to|no more than|a maximum of|(?:once|twice|\w+ times) (?:an?|per|in|every)|by (?:telephone|phone|email|clicking))\b/;

/** The verb of a clause: one that the lexicon knows, or the word after a subject that acts. */
function verbOf(words: readonly Word[]): number {
  const known = finiteVerb(words);
  const subject = afterActor(words);
  if (subject === undefined) return known;
  let next = subject;
  while (next < words.length && adverbs.has(words[next]!.text)) next++;
  const word = words[next]?.text ?? "";
  if (known >= 0 && known <= next) return known;
  const singular = /[a-z]{2}(?:[^su]s|ies|sses|shes|ches)$/.test(word);
  const many = /s$|staff|people/.test(words[subject - 1]!.text) && /^[a-z]{3,}$/.test(word);
  const verb =
    !prepositions.has(word) &&
    !determiners.has(word) &&
    !auxiliaries.has(word) &&
    !/(?:ly|ing|tion|ment|ness|ed|al|ous|ive)$/.test(word) &&
    !/^(?:and|or|but|who|that|which|whose|than|also|as|because|so)$/.test(word) &&
    (singular || many) &&
    next + 1 < words.length;
  return verb ? next : known;
}

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
    /\b(?:(?:is|are) responsible for|(?:is|are) (?:not )?(?:allowed|permitted|required|expected|obliged|obligated|encouraged|entitled|prohibited|forbidden) (?:to|from)|(?:is|are) entitled to|(?:is|are) (?:strictly |expressly |always |never )?(?:prohibited|forbidden|banned|off limits|compulsory|mandatory|obligatory|not (?:allowed|permitted|tolerated|acceptable))\b|(?:is|are) (?:not )?to (?:be )?(?!be\b|the\b|an?\b)\w+|no need to|it is (?:your|our|the agent['’]s) (?:duty|job|task|responsibility)|we (?:strongly |highly )?(?:recommend|encourage|advise|suggest|urge)|it(?:['’]s| is) (?:always )?best to|reserves? the right|retains? the right|make sure|be sure|it is the policy of)\b/.exec(
      lower,
    );
  if (fixed !== null) return verdict("behavioral", 0.85, `“${fixed[0]}”`);
  const words = wordsOf(clause);
  const verb = verbOf(words);
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
  // "You may get a reminder", "you might be sued": what may happen to someone, and no leave to act.
  if (
    actor &&
    /^(?:may|might|could|can)$/.test(at.text) &&
    /^(?:also |then |even )?(?:get\b|receive\b|carry over|accrue|earn\b|experience\b|notice\b|encounter\b|lose\b|incur\b|hold\b|be (?:\w+ing|liable|subject|affected|eligible|charged|billed|sued|unable|able)\b)/.test(
      rest,
    )
  )
    return undefined;
  if (actor && at.text === "might") return undefined;
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
  if (/^(?:may|cannot|can['’]t)$/.test(at.text) && passive.test(rest) && !limited.test(rest)) {
    return verdict("behavioral", 0.7, `“${at.text} be”: leave or prohibition, its actor unsaid`);
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
  return actors.test(core) || isActorNoun(core.split(" ").at(-1) ?? "") || isName(core, clause);
}

/** The agent, its company or staff: whose plain verbs are rules of conduct, not descriptions. */
function isAgent(subject: string, clause: string): boolean {
  const core = subject.replace(/\s+(?:who|whose|that|of|in|on|with|from|for|at)\b.*$/, "");
  const head = core.split(" ").at(-1) ?? "";
  return /^(?:you|we)$/.test(subject) || isActorNoun(head) || isName(subject, clause);
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
    /[;,:]\s+(?:(?:and|but|so|or|then|which means)\s+)?|\s[-–—]\s+(?=please\b)|\s+(?:and|but)\s+(?=(?:you|we|the agent|must|should)\b)/gi;
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
