import type { MessagePort } from "node:worker_threads";
import type { Message } from "../synthesis/dataset.ts";
import {
  TeacherError,
  type TeacherOptions,
  type TeacherPort,
  type TeacherReply,
} from "../synthesis/teacher.ts";
import { type JobTeacher, type SynthesisAnswer, SynthesisReply } from "./synthesis-job.ts";

interface Waiting {
  resolve(reply: TeacherReply): void;
  reject(error: TeacherError): void;
}

/** The teacher in the worker thread: each question goes to the extension, which has the models and the key. */
export class RemoteTeacher implements TeacherPort {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  readonly #stop = new AbortController();
  #asked = 0;
  readonly name: string;
  readonly model: string;
  /** Ends when the extension says so. */
  readonly stopped = this.#stop.signal;

  constructor(port: MessagePort, { name, model }: JobTeacher) {
    this.#port = port;
    this.name = name;
    this.model = model;
    port.on("message", (message: unknown) => this.#receive(SynthesisReply.parse(message)));
  }

  complete(messages: readonly Message[], { signal }: TeacherOptions): Promise<TeacherReply> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#waiting.delete(id);
        reject(new TeacherError("cancelled", "The question was cancelled."));
      };
      if (signal.aborted) return cancel();
      signal.addEventListener("abort", cancel, { once: true });
      this.#waiting.set(id, {
        resolve: (reply) => {
          signal.removeEventListener("abort", cancel);
          resolve(reply);
        },
        reject: (error) => {
          signal.removeEventListener("abort", cancel);
          reject(error);
        },
      });
      this.#port.postMessage({
        type: "ask",
        id,
        messages: [...messages],
      } satisfies SynthesisAnswer);
    });
  }

  #receive(message: SynthesisReply): void {
    if (message.type === "stop") return this.#stop.abort();
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "reply") {
      waiting?.resolve({ text: message.text, usage: message.usage });
      return;
    }
    const { kind, message: told, retryAfterMs } = message;
    const options = retryAfterMs === undefined ? {} : { retryAfterMs };
    waiting?.reject(new TeacherError(kind, told, options));
  }
}
