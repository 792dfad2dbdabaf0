/**
 * How sentences are built; every list is dealt like cards. `{c}` stands for conditions, `{x}` and
 * `{y}` for outcomes, a capital for the beginning of a sentence.
 */

/** A condition and what comes of it. */
export const ruleFrames = [
  "If {c}, {x}.",
  "{X} if {c}.",
  "When {c}, {x}.",
  "{X} when {c}.",
  "Where {c}, you should {x}.",
  "As long as {c}, {x}.",
  "Provided that {c}, you may {x}.",
  "You {x} in cases where {c}.",
  "In the event that {c}, {x}.",
  "In cases where {c}, you must {x}.",
  "You should {x} if {c}.",
  "Whenever {c}, please {x}.",
] as const;

/** A further rule, for what the ones before it leave open. */
export const nextFrames = [
  "Otherwise, if {c}, {x}.",
  "Otherwise, {x} when {c}.",
  "Otherwise, you should {x} if {c}.",
  "Otherwise, as long as {c}, {x}.",
  "Otherwise, in cases where {c}, you must {x}.",
] as const;

/** What comes of a condition, and of its contrary. */
export const pairFrames = [
  "If {c}, {x}; otherwise, {y}.",
  "{X} if {c}; otherwise, {y}.",
  "When {c}, {x}; if not, {y}.",
  "Where {c}, {x}, and otherwise {y}.",
  "{Y} unless {c}, in which case {x}.",
  "You should {x} when {c}; otherwise, {y}.",
  "As long as {c}, {x}; otherwise, you should {y}.",
  "In cases where {c}, you must {x}; if not, {y}.",
] as const;

/** What comes where no rule before applied. */
export const elseFrames = [
  "Otherwise, {y}.",
  "In all other cases, {y}.",
  "Failing that, {y}.",
  "Otherwise, you should {y}.",
  "If none of this applies, {y}.",
  "In any other case, you must {y}.",
] as const;

/** What opens the section of a task in prose; `{p}` is the person, `{ask}` what is asked. */
export const openings = [
  "{A} may ask to {ask} at any time.",
  "Requests to {ask} reach the desk every day.",
  "To {ask} is a common wish.",
  "This section is about {p}s who want to {ask}.",
  "Some {p}s write in order to {ask}.",
  "Here is what decides a wish to {ask}.",
  "The following is for every request to {ask}.",
  "Many calls come from {p}s who hope to {ask}.",
  "The desk answers each request to {ask} on the same day.",
  "A wish to {ask} needs no form.",
] as const;

/** The lead-in of a list of rules. */
export const leads = [
  "When {a} asks to {ask}:",
  "If {a} wants to {ask}:",
  "When {a} would like to {ask}, the first point that applies decides:",
  "If {a} wishes to {ask}, go through these points in order:",
  "In case {a} asks to {ask}:",
  "Whenever {a} asks to {ask}, take the first of these that applies:",
  "Where {a} requests to {ask}, decide as follows:",
  "For {a} who wants to {ask}, decide by the list below:",
] as const;

/** The lead-in of a list below a list. */
export const innerLeads = [
  "If {c}:",
  "When {c}:",
  "In cases where {c}:",
  "As long as {c}:",
] as const;

/** What a field on record may hold, said as a fact. */
export const enumFacts = [
  "The {f} is {v}.",
  "There are {k} kinds of {f}: {w}.",
  "Under {f}, the record says {v}.",
  "{A} has a {f}, which is {v}.",
  "The values {w} are in use for the {f}.",
  "The {f} of {a} reads {v}.",
  "Look for the {f} at the top of the record: it says {v}.",
  "For the {f}, the desk uses the words {w}.",
] as const;

export const numberFacts = [
  "The {f} is counted in {u}.",
  "{A} shows the {f} in {u}.",
  "Between {l} and {h} {u} are usual as the {f}.",
  "The record gives the {f} in whole {u}.",
  "From {l} to {h} {u}, any {f} can occur.",
  "The lowest {f} on file is {l} {u}.",
  "The {f} never passes {h} {u}.",
  "The {f} is a whole figure in {u}.",
] as const;

/** The same for what is counted, whose name says the unit. */
export const countFacts = [
  "The {f} is kept up to date in the record.",
  "{A} shows the {f}.",
  "Figures between {l} and {h} are usual for the {f}.",
  "The record gives the {f} in digits.",
  "From {l} to {h}, any {f} can occur.",
  "The lowest {f} on file is {l}.",
  "The {f} never passes {h}.",
] as const;

export const flagFacts = [
  "The record notes whether {yes}.",
  "Whether {yes} is shown beside the number of the {n}.",
  "A mark tells you whether {yes}.",
  "You can read in the record whether {yes}.",
  "The last line of the record says whether {yes}.",
  "The {n} screen also shows whether {yes}.",
  "It is on file whether {yes}.",
] as const;

/** That rules are read in order: the meaning of every list of rules rests on it. */
export const orderSentences = [
  "Rules are read from top to bottom, and the first that applies decides.",
  "Read the rules of a section in their order and stop at the first that applies.",
  "The order of the rules counts: the first that applies settles the request.",
  "Within a section, go from the first rule to the last and act on the first that applies.",
] as const;

/** What goes for every desk. */
export const commonManners = [
  "Look facts up in the records before you ask for them.",
  "Act only on the request of the {p} who owns the {n}.",
  "One request is settled before the next one is taken up.",
  "The terms named here are final and nobody may bargain over them.",
  "Use the tools of the desk and nothing else to change a record.",
  "Tell the {p} the outcome in a single message.",
  "Never invent a fact that is not on record.",
  "Do not grant anything that this policy leaves out.",
] as const;

export const intros = [
  "This is the policy of {o} for the {g}s who answer the {p}s.",
  "{o} gives this policy to every {g}.",
  "The pages below tell the {g}s of {o} how to answer {p}s.",
  "This policy holds for all {g}s of {o} and for every {p}.",
] as const;
