import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../policy/errors.ts";
import { endpoint, isUnencrypted } from "../synthesis/openai-endpoint.ts";
import { OpenAiTeacher } from "../synthesis/openai-teacher.ts";
import { TeacherError } from "../synthesis/teacher.ts";
import {
  areAnswered,
  askAll,
  type AskEstimate,
  estimateAsking,
  type Sampling,
} from "../synthesis/teaching/ask.ts";
import { describeEstimate, describeUsage, type Prices } from "../synthesis/teaching/cost.ts";
import { PatientTeacher } from "../synthesis/teaching/patient-teacher.ts";
import type { TaskAnswer } from "../synthesis/teaching/prompts.ts";
import type { Task } from "../synthesis/teaching/tasks.ts";
import { FileAnswerCache } from "../workspace/answer-cache.ts";
import type { IngrainFolder } from "../workspace/folder.ts";
import type { Again } from "../workspace/regenerate.ts";
import { type Io, RunFailure } from "./io.ts";
import { integer } from "./options.ts";

/** What the command line says about the teacher. */
export interface TeacherOptions {
  teacher: "none" | "openai";
  model?: string;
  baseUrl: string;
  temperature?: number;
  concurrency: number;
  prices?: Prices;
}

const openAi = "https://api.openai.com/v1";

export function withTeacher(command: Command): Command {
  return command
    .addOption(
      new Option("--teacher <name>", "who writes training rows beside the grammar")
        .choices(["none", "openai"])
        .default("none"),
    )
    .option("--model <name>", "the teacher's model, as its endpoint calls it")
    .option("--base-url <url>", "an OpenAI-compatible endpoint", openAi)
    .option("--temperature <t>", "of the teacher; its own when left out", number)
    .option("--concurrency <n>", "questions under way at a time", integer, 4)
    .option("--prices <in,out>", "what a million tokens cost, for the estimate", prices)
    .option("--estimate", "tell what the teacher would use, and ask nothing")
    .addHelpText(
      "after",
      "\nThe teacher's key is read from INGRAIN_TEACHER_KEY or OPENAI_API_KEY.\n",
    );
}

/** The part of a command line that names the teacher, for the manifest. */
export function teacherArguments(options: TeacherOptions): string[] {
  const { teacher, model, baseUrl, temperature } = options;
  if (teacher === "none") return [];
  return [
    ...["--teacher", teacher, "--model", model ?? "", "--base-url", baseUrl],
    ...(temperature === undefined ? [] : ["--temperature", String(temperature)]),
  ];
}

/** A teacher that the command line names, with the cache of a folder. */
export class CommandLineTeacher {
  readonly #io: Io;
  readonly #options: TeacherOptions;
  readonly #teacher: OpenAiTeacher;
  readonly #cache: FileAnswerCache;

  /** @throws InputError when model or endpoint cannot be used. */
  constructor(io: Io, ingrain: IngrainFolder, options: TeacherOptions) {
    const { model, baseUrl, concurrency } = options;
    if (model === undefined || model === "") {
      throw new InputError("the teacher needs a model", "Name it with --model NAME");
    }
    if (concurrency < 1 || concurrency > 64) {
      throw new InputError("--concurrency is a number from 1 to 64");
    }
    const key = io.env["INGRAIN_TEACHER_KEY"] ?? io.env["OPENAI_API_KEY"] ?? "";
    this.#io = io;
    this.#options = options;
    this.#teacher = new OpenAiTeacher({ baseUrl, model, ...(key !== "" && { key }) });
    this.#cache = new FileAnswerCache(ingrain);
    if (key !== "" && isUnencrypted(endpoint(baseUrl))) {
      io.log("The key goes over the network unencrypted: the base URL is http.\n");
    }
  }

  get #sampling(): Sampling {
    const { temperature } = this.#options;
    return { model: this.#teacher.model, ...(temperature !== undefined && { temperature }) };
  }

  estimate(title: string, tasks: readonly Task[]): Promise<AskEstimate> {
    return estimateAsking(title, tasks, this.#sampling, this.#cache);
  }

  describe(estimate: AskEstimate): string {
    return `${this.#teacher.name}: ${describeEstimate(estimate, this.#options.prices)}\n`;
  }

  /**
   * The teacher for the statements of a policy; Ctrl-C stops it. What it would use is told before,
   * and what it used after.
   * @throws RunFailure from `ask` when it did not end; what was answered is kept.
   */
  about(title: string): Again {
    return {
      teacher: "openai",
      model: this.#teacher.model,
      ask: (tasks) => this.#ask(title, tasks),
      isAnswered: (tasks) => areAnswered(title, tasks, this.#sampling, this.#cache),
    };
  }

  async #ask(title: string, tasks: readonly Task[]): Promise<ReadonlyMap<Task, TaskAnswer>> {
    const { log, onInterrupt } = this.#io;
    const { temperature, concurrency, prices: known } = this.#options;
    log(this.describe(await this.estimate(title, tasks)));
    const stop = new AbortController();
    const interrupt = onInterrupt(() => stop.abort());
    try {
      const patient = new PatientTeacher(this.#teacher);
      const { answers, usage } = await askAll(patient, title, tasks, {
        ...(temperature !== undefined && { temperature }),
        cache: this.#cache,
        concurrency,
        signal: stop.signal,
        progress: (answered, all) => log(`${answered} of ${all} parts answered\n`),
      });
      log(`Used: ${describeUsage(usage, known)}\n`);
      return answers;
    } catch (error) {
      if (!(error instanceof TeacherError)) throw error;
      const what = error.kind === "cancelled" ? "stopped" : error.message.replace(/\.$/, "");
      throw new RunFailure(
        `${what}. The answers until then are kept: the same command goes on there`,
      );
    } finally {
      interrupt.dispose();
    }
  }
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError(`"${text}" is no number from 0.`);
  }
  return value;
}

function prices(text: string): Prices {
  const [input, output, ...rest] = text.split(",").map(number);
  if (input === undefined || output === undefined || rest.length > 0) {
    throw new InvalidArgumentError(`"${text}" is not IN,OUT.`);
  }
  return { input, output };
}
