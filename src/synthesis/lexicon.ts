/**
 * Which set of words and frames a row is written with. The sets are disjoint: what an exam asks in
 * `exam` or `second` words was never said in `train` words. `second` is the exam kept aside.
 */
export type Voice = "train" | "exam" | "second";

/**
 * Where a word may be said in another way: everywhere, where a noun or a verb stands, before a noun
 * ("prior to the call", not "prior to you call"), before "to" and a verb.
 */
export type Place = "any" | "noun" | "verb" | "before noun" | "before to";

/** Other words for a word, by voice; several in a voice are separated by `|`, none is empty. */
type Entry = readonly [word: string, place: Place, train: string, exam: string, second: string];

const entries: readonly Entry[] = [
  // People
  ["user", "any", "customer|client", "shopper", "patron"],
  ["customer", "any", "client", "patron", "shopper"],
  ["agent", "any", "assistant", "operator", "clerk"],
  ["friend", "any", "", "acquaintance", "pal"],
  ["employee", "any", "staff member|worker", "colleague", "team member"],
  ["sender", "any", "shipper", "dispatcher", "consigner"],
  ["recipient", "any", "addressee", "receiver", "consignee"],
  // Duties and permissions
  ["must", "verb", "shall", "will need to", "would have to"],
  ["should", "verb", "ought to", "shall", "must"],
  ["can", "verb", "may", "could", "might"],
  ["may", "verb", "can", "could", "might"],
  ["need", "before to", "have", "are asked", "are told"],
  ["needs", "before to", "has", "is asked", "is told"],
  ["never", "any", "", "under no circumstances", "on no account"],
  ["always", "any", "at all times", "invariably", "without fail"],
  // Acts
  ["provide", "verb", "supply", "furnish", "present"],
  ["provides", "any", "supplies", "furnishes", "presents"],
  ["confirm", "verb", "verify", "acknowledge", "affirm"],
  ["check", "verb", "verify|look up", "inspect", "review"],
  ["tell", "verb", "inform", "notify", "advise"],
  ["offer", "verb", "propose|suggest", "put forward", "hold out"],
  ["receive", "verb", "get|obtain", "be sent", "collect"],
  ["taking", "any", "carrying out", "undertaking", "performing"],
  ["choose", "verb", "pick|select", "opt for", "settle on"],
  ["change", "verb", "alter|adjust", "amend", "revise"],
  ["changed", "any", "altered", "switched", "amended"],
  ["remember", "before to", "make sure", "take care", "bear in mind"],
  ["remind", "verb", "prompt", "nudge", "urge"],
  ["respond", "verb", "reply", "react", "write back"],
  ["collected", "any", "gathered", "assembled", "brought together"],
  ["open", "verb", "start", "lodge", "set up"],
  ["charge", "verb", "bill", "levy", "collect"],
  ["decline", "verb", "refuse|turn down", "reject", "say no to"],
  ["deny", "verb", "refuse|turn down", "reject", "rebuff"],
  ["reveal", "verb", "disclose|share", "divulge", "give away"],
  ["promise", "verb", "pledge", "guarantee", "commit to"],
  ["accepts", "any", "takes", "honours", "welcomes"],
  ["accepted", "any", "approved", "granted", "admitted"],
  ["use", "verb", "make use of", "draw on", "employ"],
  ["contact", "verb", "get in touch with|write to", "get hold of", "reach"],
  // Things
  ["fee", "noun", "charge", "cost", "surcharge"],
  ["price", "noun", "cost", "rate", "charge"],
  ["information", "noun", "details|data", "particulars", "facts"],
  ["request", "noun", "query", "enquiry", "petition"],
  ["requests", "noun", "queries", "enquiries", "petitions"],
  ["conversation", "any", "chat|dialogue", "session", "exchange of messages"],
  ["store", "noun", "shop", "outlet", "business"],
  ["types", "noun", "kinds|sorts", "varieties", "classes"],
  ["type", "noun", "kind|sort", "variety", "class"],
  ["answer", "noun", "reply", "response", "reaction"],
  ["amount", "noun", "sum", "quantity", "figure"],
  // Small words of prose
  ["before", "before noun", "prior to|ahead of", "in advance of", "earlier than"],
  ["after", "before noun", "following", "subsequent to", "in the wake of"],
  ["about", "before noun", "on|regarding", "concerning", "with respect to"],
  ["each", "any", "every", "any given", "every single"],
  ["immediately", "any", "at once|right away", "without delay", "instantly"],
  ["another", "any", "a different", "some other", "an alternative"],
  ["different", "any", "other", "distinct", "separate"],
  ["enough", "any", "sufficient", "adequate", "ample"],
  ["explicit", "any", "clear|express", "unambiguous", "definite"],
];

export interface OtherWords extends Readonly<Record<Voice, readonly string[]>> {
  place: Place;
}

export const lexicon: ReadonlyMap<string, OtherWords> = new Map(
  entries.map(([word, place, train, exam, second]) => [
    word,
    { place, train: listed(train), exam: listed(exam), second: listed(second) },
  ]),
);

function listed(words: string): readonly string[] {
  return words === "" ? [] : words.split("|");
}

/** People who write in scenarios. */
export const names: Readonly<Record<Voice, readonly string[]>> = {
  train: (
    "Anna Ben Carla David Elena Felix Grace Hugo Ines Jonas Karim Lena Marco Nora Oscar Paula " +
    "Quentin Rosa Samir Tessa Umar Vera Walter Yusuf Zoe"
  ).split(" "),
  exam: "Amara Bjorn Chiara Dmitri Esther Farid Gunnar Hana Ivo Jasmine Kofi Leila".split(" "),
  second: "Abel Britta Cyrus Dalia Emre Fiona Gideon Helga Imani Jorge Kira Lucian".split(" "),
};
