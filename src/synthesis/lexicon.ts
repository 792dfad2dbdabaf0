/**
 * Which set of words and frames a row is written with. The sets are disjoint: what an exam asks in
 * `exam` or `second` words was never said in `train` words. `second` is the exam kept aside.
 */
export type Voice = "train" | "exam" | "second";

/** Other words for a word, by voice; several in a voice are separated by `|`. */
type Entry = readonly [word: string, train: string, exam: string, second: string];

const entries: readonly Entry[] = [
  // People
  ["user", "customer|client", "shopper", "patron"],
  ["customer", "client|user", "patron", "shopper"],
  ["agent", "assistant|rep", "operator", "clerk"],
  ["friend", "companion", "acquaintance", "pal"],
  ["employee", "staff member|worker", "colleague", "team member"],
  ["sender", "shipper", "dispatcher", "consigner"],
  ["recipient", "addressee", "receiver", "consignee"],
  // Duties and permissions
  ["must", "shall|will have to", "will need to", "would have to"],
  ["should", "ought to|had better", "would best", "shall"],
  ["can", "may|could", "might", "will be able to"],
  ["may", "can|could", "might", "would be free to"],
  ["need", "have", "are asked", "are told"],
  ["needs", "has", "is asked", "is told"],
  ["never", "at no time|not ever", "under no circumstances", "on no account"],
  ["only", "just|solely", "exclusively", "merely"],
  ["always", "at all times|every time", "invariably", "without fail"],
  // Acts
  ["provide", "give|supply", "furnish", "hand over"],
  ["provides", "gives|supplies", "furnishes", "hands over"],
  ["provided", "given|supplied", "furnished", "handed over"],
  ["confirm", "approve|okay", "acknowledge", "ratify"],
  ["check", "look at|verify", "inspect", "review"],
  ["ask", "request|query", "enquire", "inquire"],
  ["asks", "requests|queries", "enquires", "inquires"],
  ["tell", "inform|let know", "notify", "advise"],
  ["offer", "propose|suggest", "put forward", "hold out"],
  ["receive", "get|obtain", "be sent", "collect"],
  ["make", "do|carry out", "perform", "effect"],
  ["making", "doing|carrying out", "performing", "effecting"],
  ["taking", "carrying out", "undertaking", "performing"],
  ["choose", "pick|select", "opt for", "settle on"],
  ["change", "alter|adjust", "amend", "revise"],
  ["changed", "altered|set", "switched", "amended"],
  ["help", "assist|support", "aid", "serve"],
  ["remember", "make sure|do not forget", "take care", "bear in mind"],
  ["remind", "prompt|tell", "nudge", "alert"],
  ["respond", "reply|write back", "react", "come back"],
  ["collected", "gathered|put", "assembled", "brought together"],
  ["open", "start|file", "lodge", "set up"],
  ["read", "say|repeat", "recite", "state"],
  ["keep", "hold|store", "retain", "leave"],
  ["keeps", "holds|stores", "retains", "leaves"],
  ["pay", "cover|settle", "remit", "foot"],
  ["pays", "covers|settles", "remits", "foots"],
  ["charge", "bill|ask for", "levy", "collect"],
  ["add", "put on|include", "tack on", "append"],
  ["decline", "refuse|turn down", "reject", "say no to"],
  ["deny", "refuse|turn down", "reject", "rebuff"],
  ["reveal", "disclose|share", "divulge", "give away"],
  ["promise", "assure|pledge", "guarantee", "vow"],
  ["send", "mail|pass", "forward", "dispatch"],
  ["sends", "mails|passes", "forwards", "dispatches"],
  ["leave", "pass|hand", "entrust", "refer"],
  ["accepts", "takes|allows", "honours", "welcomes"],
  ["accepted", "taken|approved", "honoured", "granted"],
  ["delivers", "ships|brings", "carries", "transports"],
  ["use", "employ|apply", "resort to", "draw on"],
  ["contact", "reach|write to", "get in touch with", "get hold of"],
  ["work", "are on duty|serve", "operate", "are staffed"],
  // Things
  ["fee", "charge|price", "cost", "surcharge"],
  ["price", "cost|amount", "rate", "charge"],
  ["total", "sum|full amount", "whole amount", "grand total"],
  ["reason", "cause|ground", "motive", "explanation"],
  ["information", "details|data", "particulars", "facts"],
  ["request", "wish|demand", "enquiry", "query"],
  ["requests", "wishes|demands", "enquiries", "queries"],
  ["list", "set|collection", "enumeration", "tally"],
  ["email", "mail", "electronic mail", "note"],
  ["address", "location|place", "destination", "whereabouts"],
  ["conversation", "chat|dialogue", "session", "exchange of messages"],
  ["store", "shop|business", "outlet", "seller"],
  ["types", "kinds|sorts", "varieties", "classes"],
  ["type", "kind|sort", "variety", "class"],
  ["answer", "reply|response", "decision", "word"],
  ["way", "manner|mode", "fashion", "style"],
  ["amount", "sum|figure", "quantity", "total"],
  // Small words of prose
  ["before", "ahead of|prior to", "in advance of", "earlier than"],
  ["after", "following|once there is", "subsequent to", "on the heels of"],
  ["about", "on|regarding", "concerning", "with respect to"],
  ["each", "every|any", "any given", "a single"],
  ["immediately", "at once|right away", "without delay", "instantly"],
  ["also", "too|as well", "in addition", "moreover"],
  ["another", "a different|some other", "a further", "an alternative"],
  ["different", "other|new", "distinct", "separate"],
  ["enough", "sufficient|adequate", "ample", "plenty of"],
  ["explicit", "clear|express", "unambiguous", "definite"],
];

export const lexicon: ReadonlyMap<string, Readonly<Record<Voice, readonly string[]>>> = new Map(
  entries.map(([word, train, exam, second]) => [
    word,
    { train: train.split("|"), exam: exam.split("|"), second: second.split("|") },
  ]),
);

/** People who write in scenarios. */
export const names: Readonly<Record<Voice, readonly string[]>> = {
  train: (
    "Anna Ben Carla David Elena Felix Grace Hugo Ines Jonas Karim Lena Marco Nora Oscar Paula " +
    "Quentin Rosa Samir Tessa Umar Vera Walter Yusuf Zoe"
  ).split(" "),
  exam: "Amara Bjorn Chiara Dmitri Esther Farid Gunnar Hana Ivo Jasmine Kofi Leila".split(" "),
  second: "Abel Britta Cyrus Dalia Emre Fiona Gideon Helga Imani Jorge Kira Lucian".split(" "),
};
