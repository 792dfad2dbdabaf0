import { argumentsFor, inWords, plain } from "./arguments.ts";
import type { Made, Message, User } from "./dataset.ts";
import type { Fact } from "./facts.ts";
import { names } from "./lexicon.ts";
import { isImperative } from "../policy/grammar.ts";
import { wordsOf } from "../policy/similarity.ts";
import type { FrameSet, QuestionWriter } from "./questions.ts";
import type { Random } from "./random.ts";
import { reasoning } from "./reasoning.ts";
import { type Tool, toolsColumn } from "./tools.ts";
import { reasoningMark } from "./training-rows.ts";
import { chatty } from "./users.ts";

/** The tools of a policy, and which of them carries out what the policy says. */
export class ToolBox {
  readonly #tools: readonly Tool[];
  /** The column `tools` of every row. */
  readonly json: string;

  constructor(tools: readonly Tool[]) {
    this.#tools = tools;
    this.json = toolsColumn(tools);
  }

  /**
   * The tool that carries out the outcome of a case: the one that the outcome names, or the only
   * one whose words the statement has. Undefined where the outcome is that something is not done,
   * and where several tools would do: such cases end in words.
   */
  toolFor(fact: Fact): Tool | undefined {
    if (fact.shape !== "case" || fact.kind !== "scenario" || !isDone(fact.answer)) return undefined;
    const named = this.#tools.filter(({ name }) => wholeWord(name).test(fact.answer));
    const found = named.length > 0 ? named : this.#byWords(fact);
    const [tool] = found;
    if (!tool || found.length > 1) return undefined;
    return tool;
  }

  #byWords(fact: Fact): Tool[] {
    const act = actOf(fact.answer);
    const all = [fact.answer, fact.statement.text, fact.about].flatMap(wordsOf);
    return this.#tools.filter(({ name }) => {
      const [verb = "", ...objects] = wordsOf(plain(name));
      const known = objects.filter((object) => all.some((word) => alike(word, object)));
      return act !== undefined && alike(act, verb) && known.length > mostObjects * objects.length;
    });
  }
}

/** The verb of what may or must be done: "cancelled" of "An order can be cancelled." */
function actOf(answer: string): string | undefined {
  const modal = /\b(?:can|may|must|should|shall)\s(?:only\s)?(?:be\s)?(\p{L}+)/iu.exec(answer);
  return wordsOf(modal?.[1] ?? (isImperative(answer) ? answer : ""))[0];
}

/** More than this share of a tool's other words must stand in the statement or above it. */
const mostObjects = 0.5;

function isDone(answer: string): boolean {
  return !/\b(?:not|cannot|never|no|nothing|decline|deny|refuse|without)\b|n['’]t\b/i.test(answer);
}

function wholeWord(name: string): RegExp {
  return new RegExp(`(?<![\\w.-])${name.replace(/[.-]/g, "\\$&")}(?![\\w-])`);
}

/** "cancelled" and "cancel", "items" and "item": one begins as the other does. */
function alike(one: string, other: string): boolean {
  if (one === other) return true;
  let common = 0;
  while (common < one.length && one[common] === other[common]) common++;
  return common >= 4 && common >= Math.min(one.length, other.length) - 1;
}

const greetings = [
  "Hello, this is {name}.",
  "Good morning. My name is {name}.",
  "{name} here. I need your help.",
  "Hi, {name} again.",
];
const welcomes = [
  "Thank you, {name}. I have checked who you are. What can I do for you?",
  "Hello {name}. Your identity is confirmed. How can I help?",
  "Good to hear from you, {name}. I found your record and know that it is you. What is it about?",
];
const details = [
  " You will need this: {details}.",
  " Here are the details: {details}.",
  " ({details})",
  " My details: {details}.",
];
const sums = [
  "I am about to do this: {tool}, with {details}. Do you confirm it?",
  "Let me sum up before I act. {tool}: {details}. Shall I go ahead?",
  "To be sure: {tool}, {details}. Is that right?",
];
const requests: FrameSet = {
  case: [
    "{q}. What can you do for me?",
    "{ask} {q}. Please see to it.",
    "{q}. Please take care of it.",
    "This is my case: {q}. Please do what is needed.",
  ],
};
const terseRequests: FrameSet = { case: ["{q}. {ask}", "{ask} {q}.", "{q}. Please help."] };
const impatience = [
  "Can you not just do it?",
  "Why do you ask? I told you everything.",
  "I have no time for this. Do it now.",
];
const confirmations = ["Yes.", "Yes, please do.", "That is right, go ahead.", "Yes, I confirm."];

function asWritten(request: string, user: User, random: Random): string {
  if (user !== "chatty") return request;
  return `${random.pick(chatty.before)}${request}${random.pick(chatty.after)}`;
}

/**
 * A dialogue that ends in the call of a tool. The user is known, says the case and every argument,
 * and confirms what is about to be done: no call comes out of the blue.
 * @returns undefined when no arguments can be made up that the tool accepts.
 */
export function toolTrajectory(
  fact: Fact,
  tool: Tool,
  user: User,
  writer: QuestionWriter,
  random: Random,
): { turns: Message[]; made: Made; ending: Message } | undefined {
  const name = random.pick(names.train);
  const terse = user === "terse";
  const manner = { frames: terse ? terseRequests : requests, terse };
  const { text, made } = writer.write(fact, "train", random, manner);
  const given = argumentsFor(tool, name, random);
  if (!given) return undefined;
  const listed = inWords(given).join("; ");
  const fill = (frame: string) =>
    frame
      .replace("{name}", name)
      .replace("{tool}", plain(tool.name))
      .replace("{details}", () => listed);
  const say = (role: "user" | "assistant", frames: readonly string[]): Message => ({
    role,
    content: fill(random.pick(frames)),
  });
  const request = `${text}${listed === "" ? "" : fill(random.pick(details))}`;
  const sum = say("assistant", sums);
  const turns: Message[] = [
    say("user", greetings),
    say("assistant", welcomes),
    { role: "user", content: asWritten(request, user, random) },
    sum,
    ...(user === "insistent" ? [say("user", impatience), sum] : []),
    say("user", confirmations),
  ];
  const ending: Message = {
    role: "assistant",
    content: `${reasoningMark}${reasoning(fact)}`,
    tool_calls: [{ type: "function", function: { name: tool.name, arguments: given } }],
  };
  const assignment = [name, made.assignment].filter(Boolean).join(": ");
  return { turns, ending, made: { ...made, assignment } };
}
