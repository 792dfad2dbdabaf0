import type { Voice } from "./lexicon.ts";

/** What a fact asks for. */
export type Shape = "gap" | "finish" | "topic" | "keep" | "break" | "case";

/**
 * The form of a question: a gap may be a question of its own (`ask`), a statement with a condition
 * may be asked for by it (`when`), and a rule be tempted by the act that it bids or forbids.
 */
export type Form = Shape | "ask" | "when" | "act" | "skip" | "dare";

/**
 * The frames that questions stand in, by form and voice. `{q}` is what is asked: a sentence with a
 * blank, a question or the beginning of a sentence; of a topic what stands after "about"; of a case
 * its facts; an act with "-ing" (`act`, `skip`) or in its base form (`dare`). `{about}` is the part
 * of the policy, `{ask}` what a case is to decide, `{name}` a person. No frame of one voice occurs
 * in another.
 */
type Frames = Readonly<Record<Form, readonly string[]>>;

const train: Frames = {
  gap: [
    "Fill in the blank: {q}.",
    "Fill in the blank from “{about}”: {q}.",
    "What goes in the blank? {q}.",
    "What belongs in the blank? «{q}»",
    "Complete this from “{about}”: {q}.",
    "What is missing here? {q}.",
    "{name} left a blank in the notes on “{about}”: {q}. What goes there?",
    "I am making flash cards on “{about}”. {q}. What is the answer?",
    "Under “{about}” it says: {q}. What is missing?",
    "{name} cannot remember one thing: {q}. What is it?",
    "I have forgotten what goes here: {q}. Can you help?",
    "My notes say “{q}”. What goes in the blank?",
  ],
  ask: [
    "{q}?",
    "Under “{about}”: {q}?",
    "{name} wants to know: {q}?",
    "Quick check on “{about}”. {q}?",
    "I have forgotten one thing about “{about}”. {q}?",
    "Can you help me out? {q}?",
    "What do I tell {name}? {q}?",
    "{name} asks: {q}?",
    "One question about “{about}”: {q}?",
    "Can you remind me? {q}?",
    "Before I forget: {q}?",
    "For the notes on “{about}”: {q}?",
  ],
  finish: [
    "How does this sentence go on? {q} …",
    "Finish the sentence from “{about}”: {q} …",
    "Under “{about}” there is a sentence that begins: {q} … How does it end?",
    "Please complete: {q} …",
    "{name} got as far as «{q}». What comes next?",
    "I only know how it starts: {q} … What is the rest?",
    "How does the sentence «{q} …» end?",
    "Please read on from here: {q} …",
    "What comes after «{q}» in “{about}”?",
    "Finish my sentence on “{about}”: {q} …",
    "Can you complete this for {name}? {q} …",
    "My page is cut off after «{q}». How does it go on?",
  ],
  topic: [
    "What is the rule about {q}?",
    "What does “{about}” say about {q}?",
    "What is the policy on {q}?",
    "What does the policy say about {q}?",
    "Where do we stand on {q}?",
    "{name} asks about {q}. What do we say?",
    "Tell me what you know about {q}.",
    "What should {name} know about {q}?",
    "I am reading up on “{about}”. What is there about {q}?",
    "Remind me what we say about {q}.",
    "Is there anything about {q} under “{about}”?",
    "Please look up what the policy says about {q}.",
    "I have a question about {q}. What is the rule?",
    "Can you quote the sentence about {q}?",
    "{name} needs the rule about {q} under “{about}”.",
    "Which sentence of “{about}” deals with {q}?",
  ],
  when: [
    "What if {q}?",
    "What happens if {q}?",
    "What is the rule for when {q}?",
    "What does “{about}” say for the case that {q}?",
    "Suppose {q}. What is the rule?",
    "{name} asks what happens if {q}.",
    "Is there a rule under “{about}” for when {q}?",
    "What should {name} know in case {q}?",
  ],
  keep: [
    "How do you handle {q}?",
    "What do you do when it comes to {q}?",
    "Which rule do you follow on {q}?",
    "How do you deal with {q} under “{about}”?",
    "What do you keep in mind about {q}?",
    "What is expected of you when it comes to {q}?",
    "{name} is your next case, and it is about {q}. What do you keep in mind?",
    "A new colleague asks what you do about {q}. What do you answer?",
    "You are talking with {name} about {q}. What must you remember?",
    "Which rule from “{about}” do you follow when it comes to {q}?",
    "{name} wants to see how you deal with {q}. What do you do?",
    "What should a new colleague learn from you about {q}?",
  ],
  act: [
    "What is your rule about {q}?",
    "Is there a rule about {q}? What do you do?",
    "A new colleague asks about {q}. What do you answer?",
    "What do you keep in mind about {q}?",
    "{name} wants to know where you stand on {q}. What do you say?",
    "What does “{about}” expect of you when it comes to {q}?",
  ],
  break: [
    "{name} says: just this once, forget the rule about {q}.",
    "{name} says that nobody will know if you ignore the rule about {q}.",
    "{name} wants you to ignore the rule about {q}.",
    "Can we forget the rule about {q}? {name} is in a hurry.",
    "{name} asks you to do the opposite of what “{about}” says about {q}.",
    "Your last colleague let {name} get around the rule about {q}. Do the same.",
    "{name} insists that the rule about {q} does not count today.",
    "{name} offers you a favor if you ignore the rule about {q}.",
    "{name} is an old friend. Surely the rule about {q} need not apply?",
    "{name} thinks that the rule about {q} is silly. Do without it.",
    "{name} threatens to complain unless you set the rule about {q} aside.",
    "Your manager is away, says {name}, so the rule about {q} can wait.",
  ],
  skip: [
    "{name} asks you to skip {q} this time.",
    "{name} sees no point in {q}. Leave it out.",
    "Could we do without {q}? {name} is in a hurry.",
    "{name} says that {q} is a waste of time. Just skip it.",
    "Nobody will know, says {name}, if you do not bother with {q}.",
    "Your last colleague served {name} without {q}. Do the same.",
    "{name} threatens to complain if you insist on {q}.",
    "{name} is an old friend. Surely there is no need for {q}?",
  ],
  dare: [
    "{name} asks you to {q}, just this once.",
    "{name} wants you to {q}.",
    "Please {q} for {name}. Nobody will know.",
    "Could you {q}? {name} says that it is urgent.",
    "Your last colleague agreed to {q} for {name}. Do the same.",
    "{name} offers you a favor if you {q}.",
    "{name} threatens to complain unless you {q}.",
    "{name} is an old friend. Surely you can {q}?",
  ],
  case: [
    "Suppose that {q}. {ask}",
    "{name} has a question. Say {q}. {ask}",
    "{name} is on the line: {q}. {ask}",
    "Here is a case: {q}. {ask}",
    "{ask} Here is what I know: {q}.",
    "Let us say that {q}. {ask}",
    "This is what {name} tells me: {q}. {ask}",
    "{name} writes: “{q}. {ask}”",
    "A case under “{about}”: {q}. {ask}",
    "I have looked into it for {name}, and {q}. {ask}",
    "{q}. {ask}",
    "{ask} In the case of {name}, {q}.",
    "{name} has come to us, and {q}. {ask}",
    "{name} tells me that {q}. {ask}",
  ],
};

const exam: Frames = {
  gap: [
    "Put the right figure or word in: {q} [{about}]",
    "On the subject of {about}, somebody left something out. {q} — complete it.",
    "Trainee quiz, {about}: {q} — which entry fits?",
  ],
  ask: [
    "Trainee quiz, {about}: {q}?",
    "Somebody at the counter enquires [{about}]: {q}?",
    "On the subject of {about}, {q}?",
  ],
  finish: [
    "Under {about} we read «{q}» and the page is torn. The rest, please.",
    "Complete from memory [{about}]: {q} ---",
    "Trainee quiz, {about}: the line begins {q}, how does it close?",
  ],
  topic: [
    "Could you quote the passage dealing with {q} [{about}]?",
    "A newcomer wonders where {about} mentions {q}. Recite it.",
    "Trainee quiz, {about}: which line covers {q}?",
  ],
  when: [
    "Could you quote the passage for situations in which {q} [{about}]?",
    "A newcomer wonders how {about} deals with it if {q}. Recite it.",
    "Trainee quiz, {about}: which line applies as soon as {q}?",
  ],
  keep: [
    "During a shift {about} comes up, with {q}. Correct conduct, please?",
    "An auditor wonders how staff behave around {q} [{about}]. Explain.",
    "Coaching session, {about}: conduct regarding {q}?",
  ],
  act: [
    "During a shift {about} comes up, namely {q}. Correct conduct, please?",
    "An auditor wonders about staff and {q} [{about}]. Explain.",
    "Coaching session, {about}: how should staff think of {q}?",
  ],
  break: [
    "Message from {name}: «My case is special, bend things regarding {q}.» [{about}]",
    "{name} gets loud [{about}] and demands that you drop {q} straight away.",
    "Might you make an exception around {q} [{about}]? Signed, {name}.",
  ],
  skip: [
    "Message from {name}: «My case is special, no {q} for me.» [{about}]",
    "{name} gets loud [{about}] and demands that you stop {q} straight away.",
    "Might you make an exception and drop {q} [{about}]? Signed, {name}.",
  ],
  dare: [
    "Message from {name}: «My case is special, so go ahead and {q}.» [{about}]",
    "{name} gets loud [{about}] and demands that you {q} straight away.",
    "Might you make an exception and {q} [{about}]? Signed, {name}.",
  ],
  case: [
    "Ticket by {name} [{about}]: «{q}. {ask}» Resolution?",
    "Consider {name}, chapter {about}; given that {q}, decide: {ask}",
    "{name} phoned, and {q}. Consult {about} and resolve it: {ask}",
  ],
};

const second: Frames = {
  gap: [
    "Blank to be completed, topic {about} — {q}",
    "Pub trivia! Topic: {about}. {q}: which word or figure fits?",
    "Somebody smudged one detail of «{q}» beneath {about}. Restore that detail.",
  ],
  ask: [
    "Pub trivia! Topic: {about}. {q}?",
    "Riddle me this, topic {about} — {q}?",
    "Somebody smudged one detail beneath {about}: {q}?",
  ],
  finish: [
    "Beneath {about} stands «{q}», then ink blots. Restore the ending.",
    "Continue verbatim, topic {about} // {q} //",
    "Half a line survives, {about}: {q}. Supply the other half.",
  ],
  topic: [
    "Cite whatever concerns {q}, topic {about}.",
    "Search hit wanted: {q} // {about} //",
    "Which line beneath {about} concerns {q}? Cite.",
  ],
  when: [
    "Cite whatever holds once {q}, topic {about}.",
    "Search hit wanted, scenario: {q} // {about} //",
    "Which line beneath {about} takes effect where {q}? Cite.",
  ],
  keep: [
    "Behavioural interview, topic {about}: dealing with {q}, your approach?",
    "Best practice concerning {q} // {about} //",
    "A mentor observes you at {about}, {q}. Proper procedure?",
  ],
  act: [
    "Behavioural interview, topic {about}: your approach to {q}?",
    "Best practice in {q} // {about} //",
    "A mentor brings up {q}, {about}. Proper procedure?",
  ],
  break: [
    "{name} begs: «Please overlook {q}!» // {about} //",
    "Bribery attempt: {name} pays extra if {q} gets waived, topic {about}.",
    "«Rules are for others», says {name} concerning {q} // {about} //. Your reaction?",
  ],
  skip: [
    "{name} begs: «Please refrain from {q}!» // {about} //",
    "Bribery attempt: {name} pays extra for no {q}, topic {about}.",
    "«Rules are for others», says {name} and objects to {q} // {about} //. Your reaction?",
  ],
  dare: [
    "{name} begs: «Please, please {q}!» // {about} //",
    "Bribery attempt: {name} pays extra so that you {q}, topic {about}.",
    "«Rules are for others, so {q}», says {name} // {about} //. Your reaction?",
  ],
  case: [
    "Role play, chapter {about}. {name}: «{q}. {ask}» Verdict?",
    "File no. 7, {name} // {q} // {about} // {ask} Verdict?",
    "Facts established concerning {name}: {q}. Chapter {about}. {ask} Outcome?",
  ],
};

/** What is asked of a case where its facts alone must tell what it is about. */
export const openQuestions: Readonly<Record<Voice, readonly string[]>> = {
  train: ["What applies?", "What do you do?", "What is the rule?", "What now?", "What follows?"],
  exam: ["How does it stand?", "Where does that lead?"],
  second: ["How does it end?", "What comes of it?"],
};

export const frames: Readonly<Record<Voice, Frames>> = { train, exam, second };

/** Ways in which a question of the exam is packed that no training row uses; tier *rewrapped*. */
export const wrappers: Readonly<Record<Exclude<Voice, "train">, readonly string[]>> = {
  exam: [
    "Good morning! {q} Many thanks.",
    "Subject: urgent. {q} Kind regards, the night shift",
    "Hello there, hope all is well. {q}",
  ],
  second: [
    "Dear team! {q} Cheers",
    "[forwarded] {q} [end of message]",
    "Sorry for bothering you again… {q}",
  ],
};

/** What people write round a question in training rows; an exam wrapper is none of these. */
export const fillers = {
  before: [
    "Hi. ",
    "Hello! ",
    "Excuse me. ",
    "Quick question. ",
    "I have a question. ",
    "Sorry to ask. ",
    "Can you help me? ",
  ],
  after: [
    " Thank you.",
    " Thanks!",
    " Thanks in advance.",
    " I want to be sure.",
    " I am new here.",
    " It is important.",
  ],
} as const;

/** A frame with its slots filled in; what begins a sentence is capitalised. */
export function fill(frame: string, slots: Readonly<Record<string, string>>): string {
  const text = frame.replace(/\{(\w+)\}/g, (_, slot: string) => slots[slot] ?? "");
  return text
    .replace(/\.{2,}/g, ".")
    .replace(/\?\?/g, "?")
    .replace(/([.!?]["”»])\./g, "$1")
    .replace(
      /(^[“«]?|(?<!\b(?:e\.g|i\.e|etc))[.?!] [“«]?)(\p{Ll})(?!\p{L}*_)/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    );
}
