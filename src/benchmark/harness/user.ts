import type { Message } from "../../synthesis/dataset.ts";
import type { TeacherPort } from "../../synthesis/teacher.ts";
import type { Turn } from "./agent.ts";

/** Who talks to the agent. */
export interface User {
  /** @returns undefined when there is nothing more to say. */
  next(turns: readonly Turn[], signal: AbortSignal): Promise<string | undefined>;
}

/** Says everything at once, and nothing more: a conversation of one turn. */
export function replayedUser(instruction: string): User {
  let said = false;
  return {
    next: () => {
      const words = said ? undefined : instruction;
      said = true;
      return Promise.resolve(words);
    },
  };
}

const stop = "[DONE]";

/** A language model that plays the user, as in τ-bench (arXiv 2406.12045): it knows the instruction. */
export function taughtUser(teacher: TeacherPort, instruction: string): User {
  const role: Message = {
    role: "system",
    content: [
      "You play a customer who writes to a service desk. This is all that you know and want:",
      instruction,
      "Write one short message at a time, in the first person. Do not tell everything at once: say",
      "what is asked. Invent nothing that is not above; what you do not know, you do not know.",
      `When all that you want is settled or refused, write ${stop} and nothing else.`,
    ].join("\n"),
  };
  return {
    next: async (turns, signal) => {
      // What the agent says is said to the user that the teacher plays.
      const heard = turns.flatMap((turn): Message[] => {
        if (turn.role === "user") return [{ role: "assistant", content: turn.content }];
        if (turn.role === "assistant" && turn.content !== "") {
          return [{ role: "user", content: turn.content }];
        }
        return [];
      });
      const opening: Message[] =
        heard.length === 0 ? [{ role: "user", content: "How can I help you?" }] : [];
      const { text } = await teacher.complete([role, ...opening, ...heard], { signal });
      return text.includes(stop) ? undefined : text.trim();
    },
  };
}
