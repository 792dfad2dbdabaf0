import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ExamAnswer } from "../evaluation/answers.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import { callNode, type Invocation } from "../training/trainers.ts";

export interface Examination {
  /** Path of the bundled `cli.js`: whatever `ingrain exam` can examine, the editor can. */
  program: string;
  /** The run folder. */
  run: string;
  /** Lines of an `exam.jsonl`. */
  questions: readonly string[];
  signal: AbortSignal;
  /** Called with each answer as it comes. */
  answered: (answer: ExamAnswer) => void;
}

/**
 * Puts questions to the model of a run, in a process of its own: the same as `ingrain exam`.
 * @throws InputError with its one line when it cannot be done.
 */
export async function examineAgain(examination: Examination): Promise<void> {
  const { program, run, questions, signal } = examination;
  const folder = await mkdtemp(join(tmpdir(), "ingrain-exam-"));
  try {
    const exam = join(folder, "exam.jsonl");
    await writeFile(exam, questions.map((line) => `${line}\n`).join(""));
    const call = await callNode(program, ["exam", run, "--exam", exam, "--answers"]);
    await ask(call, examination);
  } finally {
    await rm(folder, { recursive: true, force: true });
    signal.throwIfAborted();
  }
}

async function ask(
  { program, args, env }: Invocation,
  { run, signal, answered }: Examination,
): Promise<void> {
  const child = spawn(program, args, {
    cwd: run,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    env,
  });
  const stop = () => child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  let said = "";
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (said = `${said}${text}`.slice(-4000)));
  const exit = once(child, "exit");
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      answered(answerIn(line));
    }
    const [code] = (await exit) as [number | null];
    if (code !== 0 && !signal.aborted) throw new InputError(lastLine(said, code));
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function answerIn(line: string): ExamAnswer {
  try {
    return ExamAnswer.parse(JSON.parse(line));
  } catch (error) {
    throw new InputError(`The examiner said something else than an answer: ${messageOf(error)}`);
  }
}

function lastLine(said: string, code: number | null): string {
  const line = said.trim().split(/\r?\n/).at(-1) ?? "";
  const reason = line.replace(/^ingrain: /, "");
  return reason === "" ? `The examiner ended with code ${String(code)}` : reason;
}
