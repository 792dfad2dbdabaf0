import type { ToolResult } from "../environment.ts";
import { Arguments } from "../world.ts";
import type { Agent, AgentTool, ToolCall, Turn } from "./agent.ts";
import type { User } from "./user.ts";

/** Where an agent acts, and what tells whether it did right. */
export interface Stage {
  tools: readonly AgentTool[];
  call(name: string, given: Record<string, unknown>): ToolResult;
}

export interface Episode {
  turns: Turn[];
  /** Tool calls that were answered. */
  calls: number;
  /** The conversation was cut off: it did not end by itself. */
  cut: boolean;
  /** In tokens, of all answers together, where the agent counts them. */
  usage: { prompt: number; completion: number };
}

/** An agent that goes on longer than this is lost. */
const mostAnswers = 40;

/** Lets an agent talk with a user and use tools until neither has more to say. */
export async function play(
  agent: Agent,
  user: User,
  stage: Stage,
  system: string,
  signal: AbortSignal,
): Promise<Episode> {
  const turns: Turn[] = [{ role: "system", content: system }];
  const usage = { prompt: 0, completion: 0 };
  let calls = 0;
  const first = await user.next(turns, signal);
  if (first === undefined) return { turns, calls, cut: false, usage };
  turns.push({ role: "user", content: first });
  for (let answers = 0; answers < mostAnswers; answers++) {
    const answer = await agent.answer(turns, stage.tools, signal);
    usage.prompt += answer.usage?.prompt ?? 0;
    usage.completion += answer.usage?.completion ?? 0;
    turns.push({ role: "assistant", content: answer.content, calls: answer.calls });
    for (const call of answer.calls) {
      turns.push({ role: "tool", call: call.id, content: JSON.stringify(use(stage, call)) });
      calls++;
    }
    if (answer.calls.length > 0) continue;
    const words = await user.next(turns, signal);
    if (words === undefined) return { turns, calls, cut: false, usage };
    turns.push({ role: "user", content: words });
  }
  return { turns, calls, cut: true, usage };
}

function use(stage: Stage, { name, arguments: written }: ToolCall): ToolResult {
  let given: unknown;
  try {
    given = JSON.parse(written === "" ? "{}" : written);
  } catch {
    return { ok: false, error: "the arguments are not JSON" };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { ok: false, error: "the arguments are not an object" };
  }
  return stage.call(name, given as Record<string, unknown>);
}

/** Arguments that a generated environment takes: text, numbers and yes or no. */
export function plainArguments(given: Record<string, unknown>): Arguments | undefined {
  return Arguments.safeParse(given).data;
}

/** Whether the agent told the user what it had to tell. */
export function told({ turns }: Episode, outputs: readonly string[]): boolean {
  const words = turns
    .flatMap((turn) => (turn.role === "assistant" ? [turn.content] : []))
    .join("\n")
    .toLowerCase()
    // "1,200" is 1200.
    .replace(/(?<=\d),(?=\d{3}\b)/g, "");
  return outputs.every((output) => {
    const at = new RegExp(
      `(?<![\\p{L}\\p{N}])${escape(output.toLowerCase())}(?![\\p{L}\\p{N}])`,
      "u",
    );
    return at.test(words);
  });
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
