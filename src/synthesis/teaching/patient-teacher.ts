import type { Message } from "../dataset.ts";
import {
  TeacherError,
  type TeacherOptions,
  type TeacherPort,
  type TeacherReply,
} from "../teacher.ts";
import { wait } from "./wait.ts";

export interface Patience {
  /** How often one question is put at most. */
  tries: number;
  /** Milliseconds before the second try; each further wait is twice as long. */
  firstWait: number;
  /** Milliseconds: who asks for a longer wait is not waited for. */
  longestWait: number;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const defaults: Patience = { tries: 5, firstWait: 1000, longestWait: 60_000, wait };

/** Puts a question again after what passes: a rate limit, a server or a connection that broke off. */
export class PatientTeacher implements TeacherPort {
  readonly #teacher: TeacherPort;
  readonly #patience: Patience;
  readonly name: string;
  readonly model: string;

  constructor(teacher: TeacherPort, patience: Partial<Patience> = {}) {
    this.#teacher = teacher;
    this.#patience = { ...defaults, ...patience };
    this.name = teacher.name;
    this.model = teacher.model;
  }

  async complete(messages: readonly Message[], options: TeacherOptions): Promise<TeacherReply> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#teacher.complete(messages, options);
      } catch (error) {
        const pause = tried < this.#patience.tries ? this.#pauseAfter(error, tried) : undefined;
        if (pause === undefined) throw error;
        await this.#patience.wait(pause, options.signal);
      }
    }
  }

  /** Milliseconds to wait; undefined when waiting would not help, or not soon. */
  #pauseAfter(error: unknown, tried: number): number | undefined {
    if (!(error instanceof TeacherError)) return undefined;
    const { kind, retryAfterMs } = error;
    const passes = kind === "interrupted" || (kind === "quota" && retryAfterMs !== undefined);
    const { firstWait, longestWait } = this.#patience;
    if (!passes || (retryAfterMs ?? 0) > longestWait) return undefined;
    // Those who were refused together do not come again together.
    const backoff = firstWait * 2 ** (tried - 1) * (0.5 + Math.random());
    return Math.min(longestWait, Math.max(retryAfterMs ?? 0, backoff));
  }
}
