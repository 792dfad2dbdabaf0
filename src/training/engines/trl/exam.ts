import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { Arm, Probes } from "../../../evaluation/report.ts";
import { InputError } from "../../../policy/errors.ts";
import type { ExamItem } from "../../../synthesis/dataset.ts";
import { toJsonl } from "../../../synthesis/jsonl.ts";
import { callPython, type Trainers, trlFiles } from "../../trainers.ts";

export interface TrlExamOptions extends Trainers {
  /** Asks the evaluations beside the exam, too. */
  probes?: boolean;
  signal: AbortSignal;
  /** Told how far it is, a line at a time. */
  report: (line: string) => void;
}

const Examined = Arm.extend({ probes: Probes.optional() });
export type Examined = z.infer<typeof Examined>;

/**
 * Examines the model of a run of the trl engine, in Python.
 * @throws InputError when the interpreter is not there or the exam fails, in one line; the signal's
 * reason when ended.
 */
export async function examineTrlRun(
  folder: string,
  exam: readonly ExamItem[],
  { probes = false, signal, report, ...trainers }: TrlExamOptions,
): Promise<Examined> {
  const script = join(trlFiles(trainers).folder, "exam.py");
  const place = await mkdtemp(join(tmpdir(), "ingrain-exam-"));
  try {
    const items = join(place, "exam.jsonl");
    await writeFile(items, toJsonl(exam));
    const call = await callPython(
      script,
      [folder, items, ...(probes ? ["--probes"] : [])],
      trainers.python,
    );
    const child = spawn(call.program, call.args, {
      env: call.env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const kill = () => child.kill("SIGKILL");
    signal.addEventListener("abort", kill);
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    let last = "it said nothing";
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.trim() === "") return;
      last = line.trim();
      report(last);
    });
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
      });
      signal.throwIfAborted();
      if (code !== 0) throw new InputError(`the exam failed: ${last}`);
      return Examined.parse(JSON.parse(out));
    } finally {
      signal.removeEventListener("abort", kill);
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
