import { teachWith } from "../../../src/synthesis/teaching/again.ts";
import { areAnswered, askAll } from "../../../src/synthesis/teaching/ask.ts";
import type { Task } from "../../../src/synthesis/teaching/tasks.ts";
import type { TeacherPort } from "../../../src/synthesis/teacher.ts";
import type { Again } from "../../../src/workspace/regenerate.ts";
import type { RemakeOptions } from "../../../src/workspace/remake.ts";
import { dutiful } from "../synthesis/teaching/dutiful.ts";
import { MemoryCache } from "../synthesis/teaching/fixture.ts";

const title = "Key desk";
/** Other words each time, none of which a check minds. */
const leads = ["So", "Now", "Well", "Then", "Mind", "Still", "Look", "Listen", "Hear", "Note"];

/** A teacher who says something else each time, and remembers what it said. */
export class TaughtDesk {
  readonly #cache = new MemoryCache();
  readonly #kind: "none" | "openai";
  model = "tester";
  /** Questions that were put. */
  asked = 0;
  /** Whether it makes numbers up. */
  lies = false;

  constructor(kind: "none" | "openai") {
    this.#kind = kind;
  }

  enrich(): RemakeOptions["enrich"] {
    const again = this.again();
    return again && ((policy, written) => teachWith(again.ask, written, policy, again));
  }

  again(): Again | undefined {
    if (this.#kind === "none") return undefined;
    const { model } = this;
    return {
      teacher: this.#kind,
      model,
      ask: async (tasks) => {
        const signal = new AbortController().signal;
        const options = { cache: this.#cache, concurrency: 1, signal };
        return (await askAll(this.#port(), title, tasks, options)).answers;
      },
      isAnswered: (tasks: readonly Task[]) => areAnswered(title, tasks, { model }, this.#cache),
    };
  }

  #port(): TeacherPort {
    return {
      name: "Tester",
      model: this.model,
      complete: (messages) => {
        const lead = leads[this.asked++ % leads.length]!;
        const other = lead.toLowerCase();
        const more = this.lies ? " 999 times" : "";
        const rows = dutiful({ model: this.model, messages: [...messages] }).map((row) =>
          said(row, `${lead}, ${other} and ${other}${more}: `),
        );
        return Promise.resolve({
          text: JSON.stringify(rows),
          usage: { prompt: 1, completion: 1 },
        });
      },
    };
  }
}

/** A row whose first words are others. */
function said(row: unknown, lead: string): unknown {
  return Object.fromEntries(
    Object.entries(row as Record<string, unknown>).map(([key, value]) =>
      ["text", "question", "user"].includes(key) ? [key, `${lead}${String(value)}`] : [key, value],
    ),
  );
}
