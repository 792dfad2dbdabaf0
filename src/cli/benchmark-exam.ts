import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import type { Agent } from "../benchmark/harness/agent.ts";
import { examineAgent, type ExamTask } from "../benchmark/harness/exam.ts";
import { examTasks, identifierPrompt, policyPrompt } from "../benchmark/harness/generated.ts";
import { OpenAiAgent } from "../benchmark/harness/openai-agent.ts";
import { type BenchmarkReport, summarize, Trial } from "../benchmark/harness/results.ts";
import { readTau } from "../benchmark/harness/tau.ts";
import { replayedUser, taughtUser, type User } from "../benchmark/harness/user.ts";
import { InputError } from "../policy/errors.ts";
import { parseRows } from "../synthesis/jsonl.ts";
import { isMissing } from "../training/files.ts";
import { readBenchmark } from "../workspace/benchmarks.ts";
import { readTauFolder } from "../workspace/tau-folder.ts";
import { type Io, RunFailure } from "./io.ts";

export interface BenchmarkExamOptions {
  benchmark: string;
  baseUrl?: string;
  model?: string;
  temperature?: number;
  prompt: "policy" | "identifier";
  trials: number;
  concurrency: number;
  limit?: number;
  results?: string;
  userBaseUrl?: string;
  userModel?: string;
}

/** What an exam is made of, whatever benchmark it comes from. */
export interface Sheet {
  name: string;
  tasks: readonly ExamTask[];
  system: string;
}

/** An agent that may hold memory which has to be given back. */
export type HeldAgent = Agent & { release?(): Promise<void> };

/**
 * Tries an agent on a benchmark. With `results`, each trial is kept in that file as soon as it is
 * over, and the same call goes on where it stopped.
 */
export async function examineBenchmark(
  io: Io,
  options: BenchmarkExamOptions,
  run: ((folder: string) => Promise<HeldAgent>) | undefined,
): Promise<BenchmarkReport> {
  const { trials, concurrency, limit, results } = options;
  if (trials < 1) throw new InputError("--trials is a number from 1");
  if (concurrency < 1 || concurrency > 64) throw new InputError("--concurrency is 1 to 64");
  const folder = resolve(io.cwd, options.benchmark);
  const sheet = await readSheet(io, folder, options);
  const agent: HeldAgent = run === undefined ? endpointAgent(io, options) : await run(folder);
  const stop = new AbortController();
  const interrupt = io.onInterrupt(() => stop.abort(new RunFailure(stopped(results))));
  try {
    const tasks = sheet.tasks.slice(0, limit);
    const users = userOf(io, options);
    const file =
      results === undefined
        ? undefined
        : await ResultsFile.open(resolve(io.cwd, results), {
            benchmark: sheet.name,
            agent: agent.name,
            sheet: fingerprint(sheet, options),
          });
    let over = file?.trials.length ?? 0;
    if (over > 0) io.log(`${over} trials are known already.\n`);
    const all = await examineAgent(
      {
        agent,
        tasks,
        system: sheet.system,
        trials,
        concurrency,
        userFor: users,
        signal: stop.signal,
      },
      file?.trials ?? [],
      async (trial) => {
        await file?.add(trial);
        over++;
        if (over % 10 === 0) io.log(`Exam: ${over}/${tasks.length * trials}\n`);
      },
    );
    return summarize(all, { benchmark: sheet.name, agent: agent.name });
  } finally {
    interrupt.dispose();
    await agent.release?.();
  }
}

const stopped = (results: string | undefined): string =>
  results === undefined
    ? "the exam was stopped"
    : `the exam was stopped; the same call goes on from ${results}`;

async function readSheet(io: Io, folder: string, { prompt }: BenchmarkExamOptions): Promise<Sheet> {
  if (!existsSync(join(folder, "benchmark.json"))) {
    const { policy, tasks, gaps } = readTau(await readTauFolder(folder), folder);
    for (const gap of gaps) io.log(`${gap}\n`);
    if (prompt === "identifier")
      throw new InputError("--prompt identifier needs a generated benchmark");
    return { name: basename(folder), tasks, system: policy };
  }
  const benchmark = await readBenchmark(folder);
  return {
    name: benchmark.manifest.title,
    tasks: examTasks(benchmark),
    system: prompt === "policy" ? policyPrompt(benchmark) : identifierPrompt(benchmark),
  };
}

function endpointAgent(io: Io, { baseUrl, model, temperature }: BenchmarkExamOptions): Agent {
  if (baseUrl === undefined || model === undefined) {
    throw new InputError(
      "the exam needs an agent",
      "Name a run, or an endpoint with --base-url and --model.",
    );
  }
  return new OpenAiAgent({
    baseUrl,
    model,
    ...keyOf(io),
    ...(temperature !== undefined && { temperature }),
  });
}

function keyOf({ env }: Io): { key?: string } {
  const key = env["INGRAIN_AGENT_KEY"] ?? env["OPENAI_API_KEY"] ?? "";
  return key === "" ? {} : { key };
}

function userOf(
  io: Io,
  { userModel: model, userBaseUrl, baseUrl }: BenchmarkExamOptions,
): (instruction: string) => User {
  if (model === undefined) return replayedUser;
  const url = userBaseUrl ?? baseUrl;
  if (url === undefined) throw new InputError("the user model needs --user-base-url");
  const speaker = new OpenAiAgent({ baseUrl: url, model, ...keyOf(io) });
  return (instruction) =>
    taughtUser(
      {
        name: speaker.name,
        model,
        complete: async (messages, { signal }) => {
          const turns = messages.map(({ role, content }) =>
            role === "assistant" ? { role, content, calls: [] } : { role, content },
          );
          const { content, usage } = await speaker.answer(turns, [], signal);
          return { text: content, usage: usage ?? { prompt: 0, completion: 0 } };
        },
      },
      instruction,
    );
}

/** What the results depend on: two exams that differ in it are not mixed in one file. */
function fingerprint({ system, tasks }: Sheet, options: BenchmarkExamOptions): string {
  const { temperature, userModel } = options;
  const what = [
    system,
    tasks.map(({ id, instruction }) => [id, instruction]),
    temperature,
    userModel,
  ];
  return createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 16);
}

const Head = z.object({ benchmark: z.string(), agent: z.string(), sheet: z.string() });
type Head = z.infer<typeof Head>;

/** Results on disk: a line that says what they are of, then a line a trial. */
class ResultsFile {
  readonly trials: readonly Trial[];
  readonly #path: string;

  private constructor(path: string, trials: readonly Trial[]) {
    this.#path = path;
    this.trials = trials;
  }

  /** @throws InputError when the file holds the results of another exam. */
  static async open(path: string, head: Head): Promise<ResultsFile> {
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
      await writeFile(path, `${JSON.stringify(head)}\n`, { flag: "wx" });
      return new ResultsFile(path, []);
    }
    const [first = "", ...lines] = text.split("\n");
    const [known] = parseRows(Head, first, path);
    if (known === undefined || JSON.stringify(known) !== JSON.stringify(head)) {
      throw new InputError(`the file holds results of something else: ${path}`);
    }
    // A process that was killed may have left half a line.
    const whole = lines.slice(0, -1);
    const half = lines.at(-1) ?? "";
    if (half !== "") await writeFile(path, `${[first, ...whole].join("\n")}\n`);
    return new ResultsFile(path, parseRows(Trial, whole.join("\n"), path));
  }

  async add(trial: Trial): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify(trial)}\n`);
  }
}
