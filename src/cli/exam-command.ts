import { type Command, InvalidArgumentError, Option } from "commander";
import { describeReport } from "../benchmark/harness/results.ts";
import type { Probes, Score } from "../evaluation/report.ts";
import { InputError } from "../policy/errors.ts";
import type { Examined } from "../training/engines/trl/exam.ts";
import type { BenchmarkExamOptions } from "./benchmark-exam.ts";
import { type Io, printJson } from "./io.ts";
import { collect, integer } from "./options.ts";
import { requireRun } from "./run-commands.ts";
import { pythonOption } from "./training-options.ts";

interface ExamOptions extends Omit<BenchmarkExamOptions, "benchmark"> {
  benchmark?: string;
  exam?: string;
  answers?: true;
  statement?: string[];
  section?: string[];
  python?: string;
  probes?: true;
  dir?: string;
  json?: true;
}

/** `exam`: asks the model of a run again, by its own exam, another, or a benchmark. */
export function addExamCommand(program: Command, io: Io): void {
  pythonOption(program.command("exam"))
    .description("examine the model of a run, or try an agent on a benchmark")
    .argument("[run]", "id or folder; not needed with --benchmark and --base-url")
    .option("--exam <file>", "another exam.jsonl than the run's own")
    .option("--answers", "print what the model answers, a JSON line a question, in place of scores")
    .option("--statement <id>", "only what asks about a statement; may be given again", collect)
    .option("--section <heading>", "only what lies below a heading; may be given again", collect)
    .option("--probes", "trl: the evaluations beside the exam, too")
    .option("--benchmark <folder>", "a benchmark: one of ingrain generate, or τ-bench's own")
    .option("--base-url <url>", "with --benchmark: an OpenAI-compatible endpoint to try")
    .option("--model <name>", "its model")
    .option("--temperature <t>", "of the model; its own when left out", temperature)
    .addOption(
      new Option("--prompt <what>", "what stands before the conversation")
        .choices(["policy", "identifier"])
        .default("policy"),
    )
    .option("--trials <k>", "trials of each task, for pass^k", integer, 1)
    .option("--concurrency <n>", "trials under way at a time", integer, 4)
    .option("--limit <n>", "only the first tasks", integer)
    .option("--results <file>", "keep each trial in a file, and go on from it")
    .option("--user-model <name>", "a model that plays the user; otherwise all is said at once")
    .option("--user-base-url <url>", "its endpoint, when it is another")
    .option("--dir <folder>", "the folder that holds .ingrain")
    .option("--json", "print the scores as JSON")
    .addHelpText("after", "\nThe key is read from INGRAIN_AGENT_KEY or OPENAI_API_KEY.\n")
    .action(async (name: string | undefined, options: ExamOptions) => {
      const { benchmark, dir, json } = options;
      const folder = name === undefined ? undefined : requireRun(io, dir, name);
      if (benchmark !== undefined) return tryOnBenchmark(io, { ...options, benchmark }, folder);
      if (folder === undefined)
        throw new InputError("which run shall be examined?", "See: ingrain runs");
      // The runtime is a native library: the other commands do without it.
      const { examineRun, printAnswers } = await import("./examine-run.ts");
      const { exam, statement: statements, section: sections, python, probes } = options;
      const which = {
        exam,
        python,
        probes,
        ...(statements && { statements }),
        ...(sections && { sections }),
      };
      if (options.answers) return printAnswers(io, folder, which);
      const arm = await examineRun(io, folder, which);
      if (json) printJson(io, arm);
      else io.out(describeArm(arm));
    });
}

async function tryOnBenchmark(
  io: Io,
  options: ExamOptions & { benchmark: string },
  run: string | undefined,
): Promise<void> {
  const { examineBenchmark } = await import("./benchmark-exam.ts");
  const embedded =
    run === undefined
      ? undefined
      : async (folder: string) => (await import("./embedded-agent.ts")).openAgent(run, folder);
  const report = await examineBenchmark(io, options, embedded);
  if (options.json) printJson(io, report);
  else io.out(describeReport(report));
}

function temperature(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 2)) {
    throw new InvalidArgumentError(`"${text}" is not a number from 0 to 2.`);
  }
  return value;
}

function describeArm(arm: Examined): string {
  const line = (label: string, score: Score) =>
    `${label.padEnd(24)}${(100 * score.accuracy).toFixed(1).padStart(6)} %  of ${score.n}\n`;
  const group = (scores: Record<string, Score>) =>
    Object.entries(scores).map(([name, score]) => line(`  ${name}`, score));
  return [
    line("overall", arm),
    ...group(arm.byTier),
    ...group(arm.byCategory),
    line("null prompt", arm.nullPrompt),
    ...(arm.probes ? describeProbes(arm.probes, line) : []),
  ].join("");
}

function describeProbes(
  { override, referral, restored, retention }: Probes,
  line: (label: string, score: Score) => string,
): string[] {
  return [
    line("newer policy wins", override),
    line("knows its rule", referral),
    line("policy back in prompt", restored),
    `${"retention, perplexity".padEnd(24)}${retention.perplexity.toFixed(1).padStart(6)}\n`,
  ];
}
