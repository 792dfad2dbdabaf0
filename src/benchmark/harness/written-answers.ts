import type { Benchmark } from "../generate.ts";
import { declineTool, idName, transferTool } from "../tools.ts";
import type { Outcome } from "../tree.ts";
import type { Arguments, Tool } from "../world.ts";
import type { Agent, Answer, Turn } from "./agent.ts";

/** Writes the policy's words for what is to be done about a message. */
export type AnswerWriter = (message: string) => Promise<string>;

/**
 * Lets a model that writes an outcome in the policy's words, and no tool calls, act as an agent. The
 * decision is the model's own; that the words become a call, with the record's number and what the
 * user gave, is done here by form, and without a look at the rules. It settles one request a
 * conversation, looks nothing up, and repeats its words to the user.
 */
export class WritingAgent implements Agent {
  readonly name: string;
  readonly #write: AnswerWriter;
  readonly #benchmark: Pick<Benchmark, "manifest" | "tools" | "trees">;

  constructor(
    name: string,
    benchmark: Pick<Benchmark, "manifest" | "tools" | "trees">,
    write: AnswerWriter,
  ) {
    this.name = name;
    this.#benchmark = benchmark;
    this.#write = write;
  }

  async answer(turns: readonly Turn[]): Promise<Answer> {
    const message = turns.findLast(({ role }) => role === "user")?.content ?? "";
    const last = turns.at(-1);
    if (last?.role === "tool") {
      const said = turns.findLast(
        (turn) => turn.role === "assistant" && turn.content !== "",
      )?.content;
      return { content: said ?? "Done.", calls: [] };
    }
    const words = await this.#write(message);
    const call = callFor(this.#benchmark, message, words);
    if (call === undefined) return { content: words, calls: [] };
    return {
      content: words,
      calls: [{ id: "call-0", name: call.tool, arguments: JSON.stringify(call.arguments) }],
    };
  }
}

/** The call that the words mean; undefined when they are no outcome of the policy. */
function callFor(
  { manifest, tools, trees }: Pick<Benchmark, "manifest" | "tools" | "trees">,
  message: string,
  words: string,
): { tool: string; arguments: Arguments } | undefined {
  const task = taskOf(trees, tools, message);
  const said = plain(words);
  const outcomes = task?.outcomes ?? trees.flatMap((tree) => tree.outcomes);
  const meant = outcomes.find(({ text }) => plain(text) === said);
  const tree = trees.find((each) => meant !== undefined && each.outcomes.includes(meant));
  if (meant === undefined || tree === undefined) return undefined;
  const { noun } = manifest.databases[0]!;
  const id = /\b[A-Z]{2}-\d{4}\b/.exec(message)?.[0] ?? "";
  return {
    tool: toolOf(meant, tree.task),
    arguments: { [idName(noun)]: id, ...given(meant, tree.task, tools, message) },
  };
}

function toolOf({ kind }: Outcome, task: string): string {
  return kind === "grant" ? task : kind === "decline" ? declineTool : transferTool;
}

function given(outcome: Outcome, task: string, tools: readonly Tool[], message: string): Arguments {
  switch (outcome.kind) {
    case "decline":
      return { request: task, reason: outcome.reason };
    case "transfer":
      return { request: task, team: outcome.team };
    case "grant": {
      const { properties } = tools.find((tool) => tool.function.name === task)!.function.parameters;
      const told = Object.entries(properties).slice(1, -1);
      return {
        ...Object.fromEntries(
          told.flatMap(([name, { type }]) => {
            const words = name.replaceAll("_", " ");
            const value = new RegExp(`\\b${words}(?: is|:) ([^,;.]+?)(?= and |[,;.]|$)`, "i").exec(
              message,
            )?.[1];
            if (value === undefined) return [];
            return [[name, type === "number" ? Number.parseFloat(value) : value]];
          }),
        ),
        terms: outcome.terms,
      };
    }
  }
}

/** The task that a message asks for, by the words of the act. */
function taskOf(trees: Benchmark["trees"], tools: readonly Tool[], message: string) {
  const lower = message.toLowerCase();
  return trees.find(({ task }) => {
    const description = tools.find((tool) => tool.function.name === task)?.function.description;
    const act = description?.replace(/, on the terms.*$/, "").toLowerCase();
    return act !== undefined && lower.includes(act);
  });
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
