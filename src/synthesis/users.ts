import type { Shape } from "./frames.ts";

/** What the users of dialogues say around a question; all of it is for training rows. */

/** The shapes that trajectories show. */
export type TrajectoryShape = Extract<Shape, "keep" | "break" | "case">;

/** Questions of people who write no word too many. */
export const terseFrames: Readonly<Record<TrajectoryShape, readonly string[]>> = {
  case: [
    "{topic}? {q}.",
    "{q}. {topic}?",
    "{about}: {q}?",
    "{q}. So?",
    "{topic}. {q}.",
    "Quick: {q}. {topic}?",
  ],
  keep: ["{q}?", "Rule on {q}?", "{about}, {q}?", "{q}: how?", "On {q}?"],
  break: [
    "Skip {q}.",
    "No rule on {q} today.",
    "Leave out {q}, ok?",
    "Forget {q}.",
    "{q}: not now.",
  ],
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

/** What people say who believe something wrong; `{wrong}` is the belief. */
export const beliefs: readonly string[] = [
  "I was told this: {wrong}. ",
  "As far as I know, it is like this: {wrong}. ",
  "A friend is sure of it: {wrong}. ",
  "I read somewhere: {wrong}. ",
  "Surely it is so: {wrong}. ",
  "Last time somebody said: {wrong}. ",
];

/** What someone believes of a duty, who does not want it to be one. */
export const wrongAboutDuties: readonly string[] = [
  "there is no rule for this",
  "everyone may do that as they like",
  "this is only a recommendation for beginners",
  "nobody has to mind that any more",
  "that was abolished long ago",
];

/** How people insist, once they have an answer that they do not like. */
export const pushes: readonly string[] = [
  "Are you sure? I heard something else.",
  "I do not believe that. Please check again.",
  "My neighbour got another answer. Make it so for me too.",
  "That cannot be right. Think again.",
  "No, I do not accept that.",
  "Come on, there must be another way.",
  "Then make an exception. I will not tell anyone.",
  "I have asked you nicely. Now I insist.",
  "You said something different last time.",
  "Please, it would mean so much to me.",
  "I will write a bad review if it stays like that.",
  "Let us pretend you had not said that. Once more, please.",
];

/** How someone begins who does not say yet what the case is. */
export const openings: readonly string[] = [
  "Hello, this is {name}. I have a question about {topic}.",
  "{name} here. It is about {topic}.",
  "Can you tell me something about {topic}? My name is {name}.",
  "I need help with {topic}. I am {name}.",
  "Good morning, {name} speaking. My question is about {topic}.",
];

/** How the agent asks for what it needs to know. */
export const askBacks: readonly string[] = [
  "To answer that, I need to know {whether}.",
  "That depends. Please tell me {whether}.",
  "Let me see. Can you tell me {whether}?",
  "Before I answer: I have to know {whether}.",
];

/** How someone gives the facts when asked. */
export const replies: readonly string[] = [
  "{q}.",
  "I looked it up: {q}.",
  "As far as I can see, {q}.",
  "Well, {q}.",
  "Yes, of course: {q}.",
];
