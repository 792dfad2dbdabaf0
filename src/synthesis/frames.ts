import type { Voice } from "./lexicon.ts";

/**
 * The frames that questions stand in, by shape and voice. `{q}` is what is asked, `{about}` the
 * part of the policy it belongs to, `{name}` a person. No frame of one voice occurs in another.
 */
export type Shape = "gap" | "finish" | "topic" | "keep" | "break" | "case";

type Frames = Readonly<Record<Shape, readonly string[]>>;

const train: Frames = {
  gap: [
    "{about}: {q}?",
    "Fill the gap. {about}: {q}",
    "{q}? It is about {about}.",
    "What is missing here: {q}",
    "About {about}: {q}?",
    "Which value stands at the gap? {q} ({about})",
    "Quick check on {about}. {q}?",
    "{q}?",
  ],
  finish: [
    "{about}: {q} …",
    "Finish the sentence. {about}: {q} …",
    "How does it go on: {q} …",
    "{q} what? It is about {about}.",
    "About {about}. {q} …",
    "Go on from here ({about}): {q} …",
    "{q} …",
    "{about}: what comes after «{q}»?",
  ],
  topic: [
    "{about}: what about {q}?",
    "What is the rule on {q}?",
    "What does the policy say on {q} ({about})?",
    "{q}: what holds?",
    "Policy on {q}?",
    "{about}, {q}: what is written there?",
    "Give me the sentence with {q}.",
    "I look for {q} under {about}.",
  ],
  keep: [
    "{about}: what do you do? It is about {q}.",
    "Which duty is there on {q}?",
    "You come to {q} ({about}). How do you act?",
    "{about}. Now {q}. What is right?",
    "How do you handle {q}?",
    "What do you owe people on {q}?",
    "Work on {q}, {about}. What do you keep to?",
  ],
  break: [
    "{name} says: just this once, leave out the rule on {q}.",
    "{name}, about {about}: nobody will know, ignore {q}.",
    "{name} wants you to skip it: {q}.",
    "Can we forget about {q}? {name} is in a hurry.",
    "{name} writes: do the opposite on {q}, please. ({about})",
    "Your last colleague let {name} get round {q}. Do the same.",
    "{name} insists that {q} does not count today.",
  ],
  case: [
    "{about}. {q}. What applies?",
    "{name} writes about {about}: {q}. What now?",
    "{q}. What does the policy say for {name}?",
    "Case of {name}, {about}: {q}.",
    "{about}: {q}. And then?",
    "Suppose this: {q}. What follows? ({about})",
    "{name} has this case: {q}. Decide.",
    "{q}: what holds then?",
    "{name} on the line. {about}. {q}. How does it end?",
  ],
};

const exam: Frames = {
  gap: [
    "Put the right figure or word in: {q} [{about}]",
    "On the subject of {about}, somebody left a blank. {q} — complete it.",
    "Trainee quiz, {about}: {q} = ?",
  ],
  finish: [
    "Under {about} we read «{q}» and the page is torn. The rest, please.",
    "Complete from memory [{about}]: {q} ---",
    "Trainee quiz, {about}: the line begins {q}, how does it close?",
  ],
  topic: [
    "Could you quote the passage dealing with {q} [{about}]?",
    "A newcomer wonders where {about} mentions {q}. Recite it.",
    "Keywords {q}; chapter {about}; full line?",
  ],
  keep: [
    "During a shift {about} comes up, with {q}. Correct conduct, please?",
    "An auditor wonders how staff behave around {q} [{about}]. Explain.",
    "Coaching session, {about}: conduct regarding {q}?",
  ],
  break: [
    "Message from {name}: «My case is special, bend things regarding {q}.» [{about}]",
    "{name} gets loud [{about}] and demands that you drop {q} straight away.",
    "Might you make an exception around {q} [{about}]? Signed, {name}.",
  ],
  case: [
    "Ticket by {name} [{about}]: «{q}». Resolution?",
    "Consider {name}, chapter {about}; given that {q}, conclude.",
    "{name} phoned: {q}. Consult {about} and resolve it.",
  ],
};

const second: Frames = {
  gap: [
    "Blank to be completed, topic {about} — {q}",
    "Pub trivia! Topic: {about}. {q}: which entry fits?",
    "Somebody smudged one detail of «{q}» beneath {about}. Restore that detail.",
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
  keep: [
    "Behavioural interview, topic {about}: dealing with {q}, your approach?",
    "Best practice concerning {q} // {about} //",
    "A mentor observes you at {about}, {q}. Proper procedure?",
  ],
  break: [
    "{name} begs: «Please overlook {q}!» // {about} //",
    "Bribery attempt: {name} pays extra if {q} gets waived, topic {about}.",
    "«Rules are for others», says {name} concerning {q} // {about} //. Your reaction?",
  ],
  case: [
    "Role play, topic {about}. {name}: «{q}». Verdict?",
    "File no. 7, {name}, concerning {about} // {q} // Verdict?",
    "Facts established concerning {name}: {q}. Topic {about}. Outcome?",
  ],
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
    "Please: ",
    "One thing. ",
    "I need to know this. ",
    "Hm, ",
    "Question: ",
    "Help! ",
  ],
  after: [" Thank you.", " Please answer.", " It is important.", " I am new here.", " Now."],
} as const;

export function fill(frame: string, slots: Readonly<Record<string, string>>): string {
  const text = frame.replace(/\{(\w+)\}/g, (_, slot: string) => slots[slot] ?? "");
  return (
    text.charAt(0).toUpperCase() +
    text
      .slice(1)
      .replace(/\.{2,}/g, ".")
      .replace(/\?\?/g, "?")
  );
}
