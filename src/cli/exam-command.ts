import type { Command } from "commander";
import type { Arm, Score } from "../evaluation/report.ts";
import { type Io, printJson } from "./io.ts";
import { requireRun } from "./run-commands.ts";

interface ExamOptions {
  exam?: string;
  dir?: string;
  json?: true;
}

/** `exam`: asks the model of a run again, by its own exam or by another. */
export function addExamCommand(program: Command, io: Io): void {
  program
    .command("exam")
    .description("examine the model of a run")
    .argument("<run>", "id or folder")
    .option("--exam <file>", "another exam.jsonl than the run's own")
    .option("--dir <folder>", "the folder that holds .ingrain")
    .option("--json", "print the scores as JSON")
    .action(async (name: string, options: ExamOptions) => {
      const folder = requireRun(io, options.dir, name);
      // The runtime is a native library: the other commands do without it.
      const { examineRun } = await import("./examine-run.ts");
      const arm = await examineRun(io, folder, options.exam);
      if (options.json) printJson(io, arm);
      else io.out(describeArm(arm));
    });
}

function describeArm(arm: Arm): string {
  const line = (label: string, score: Score) =>
    `${label.padEnd(24)}${(100 * score.accuracy).toFixed(1).padStart(6)} %  of ${score.n}\n`;
  const group = (scores: Record<string, Score>) =>
    Object.entries(scores).map(([name, score]) => line(`  ${name}`, score));
  return [
    line("overall", arm),
    ...group(arm.byTier),
    ...group(arm.byCategory),
    line("null prompt", arm.nullPrompt),
  ].join("");
}
