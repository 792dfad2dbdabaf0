import type { Shape } from "./frames.ts";
import type { FrameSet } from "./questions.ts";

/** What the users of dialogues say around a question; all of it is for training rows. */

/** The shapes that trajectories show. */
export type TrajectoryShape = Extract<Shape, "keep" | "break" | "case">;

/** Questions of people who write no word too many. */
export const terseFrames: FrameSet = {
  case: [
    "{q}. {ask}",
    "{ask} {q}.",
    "{about}: {q}. {ask}",
    "Quick: {q}. {ask}",
    "Case: {q}. {ask}",
    "{q}, so: {ask}",
  ],
  keep: ["Rule on {q}?", "{about}: {q}?", "Short answer please: {q}?", "Your rule on {q}?"],
  act: ["Rule on {q}?", "Policy on {q}?", "Short answer please: rule on {q}?"],
  break: [
    "Forget the rule on {q}.",
    "No rule on {q} today.",
    "Leave out the rule on {q}, ok?",
    "Rule on {q}: not now.",
  ],
  skip: ["Skip {q}.", "No {q} today, please.", "No time for {q}.", "We can skip {q}, ok?"],
  dare: ["Please {q}. Now.", "Just {q}.", "{q}, ok?", "Come on, {q}."],
};

/** What people say who like to talk, before and after their question. */
export const chatty = {
  before: [
    "Hello! I hope you are well. I have meant to write since Monday, but you know how it is. ",
    "Hi there, it is me again. My sister said that you would know, and she is mostly right. ",
    "Good day. I have been turning this over all morning, and my coffee has gone cold over it. ",
    "So, where do I begin? It has been a long week, and now this comes on top. ",
    "Thanks for taking the time. I am writing from the train, so please forgive any slips. ",
    "I never thought that I would have to ask this, but here I am. ",
    "First of all, I like what you do, I really do. Now to the matter. ",
    "We talked about it at dinner yesterday, and nobody could agree, so I thought I would ask. ",
  ],
  after: [
    " Sorry for the long message, I do go on.",
    " Take your time, I will be here all afternoon.",
    " Anyway, that is my story, and I look forward to your answer.",
    " I told my neighbour that you would know at once.",
    " It is raining here, by the way, so I have time to read.",
    " Many greetings, also from the dog.",
  ],
} as const;

/** What people say who believe something wrong, after their question; `{wrong}` is the belief. */
export const beliefs: readonly string[] = [
  "I was told that {wrong}.",
  "As far as I know, {wrong}.",
  "A colleague is sure that {wrong}.",
  "I read somewhere that {wrong}.",
  "I thought that {wrong}.",
  "Last time somebody told me that {wrong}.",
];

/** The same where the belief is an order: "offer a voucher". */
export const believedOrders: readonly string[] = [
  "I was told that the answer is to {wrong}.",
  "As far as I know, you have to {wrong}.",
  "A colleague is sure that you have to {wrong}.",
  "I thought that you had to {wrong}.",
];

/** What someone believes of a duty, who does not want it to be one. */
export const wrongAboutDuties: readonly string[] = [
  "there is no rule for this",
  "everyone may do that as they like",
  "this is only a suggestion for beginners",
  "nobody pays attention to that any more",
  "that rule was dropped long ago",
];

/** How people insist, once they have an answer that they do not like. */
export const pushes: readonly string[] = [
  "Are you sure? I heard something else.",
  "I do not believe that. Please check again.",
  "My neighbour got another answer. Please do the same for me.",
  "That cannot be right. Please think again.",
  "No, I do not accept that.",
  "Come on, there must be another way.",
  "Then make an exception. I will not tell anyone.",
  "I have asked you nicely. Now I insist.",
  "You said something different last time.",
  "Please, it would mean so much to me.",
  "I will write a bad review if it stays like that.",
  "Can you look at it once more, please?",
];

/** How someone begins who does not say yet what the case is. */
export const openings: readonly string[] = [
  "Hello, this is {name}. {ask}",
  "{name} here. {ask}",
  "Can you help me? My name is {name}. {ask}",
  "I am {name}. One question: {ask}",
  "Good morning, {name} speaking. {ask}",
];
/** The same where only the part of the policy tells what it is about. */
export const partOpenings: readonly string[] = [
  "Hello, this is {name}. I have a question about “{about}”.",
  "{name} here. It is about “{about}”.",
  "Can you tell me something about “{about}”? My name is {name}.",
  "I need help with “{about}”. I am {name}.",
];

/** How the agent asks for what it needs to know. */
export const askBacks: readonly string[] = [
  "To answer that, I need to know {whether}.",
  "That depends. Please tell me {whether}.",
  "Let me see. Can you tell me {whether}?",
  "Before I answer, I have to know {whether}.",
];

/** How someone gives the facts when asked. */
export const replies: FrameSet = {
  case: ["{q}.", "I looked it up: {q}.", "As far as I can see, {q}.", "I have checked: {q}."],
};
