import { type ChildProcess, spawn } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Arm, Report } from "../../../src/evaluation/report.ts";
import { score } from "../../../src/evaluation/score.ts";
import { defaultHyperparameters } from "../../../src/training/engines/onnx/recipe.ts";
import { type NewRunEvent, RunEvent } from "../../../src/training/events.ts";
import { identify } from "../../../src/training/processes.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { type OnnxHyperparameters, OnnxRunSpec } from "../../../src/training/spec.ts";

/** Run folders as the embedded engine leaves them, written in an instant. */
export interface PreparedRun {
  /** Its place among the runs: its id begins with this day of November. */
  day: number;
  title?: string;
  seed?: number;
  hyperparameters?: Partial<OnnxHyperparameters>;
  /** Share of right answers of the internalized model. */
  accuracy?: number;
  dataset?: string;
  ends?: "finished" | "failed" | "cancelled" | "never";
}

const minute = 60_000;
const asked = 90;
const steps = 120;
const tokensAStep = 1000;

/** @returns the run folder. */
export async function prepareRun(runs: string, prepared: PreparedRun): Promise<string> {
  const { day, title = "Parcel desk", seed = 1, dataset = "d1", ends = "finished" } = prepared;
  const start = Date.UTC(2026, 10, day, 14, 3);
  const id = `202611${String(day).padStart(2, "0")}-140300-parcel-desk`;
  const folder = join(runs, id);
  const files = runFiles(folder);
  await mkdir(folder, { recursive: true });
  const spec = OnnxRunSpec.parse({
    version: 1,
    id,
    createdAt: new Date(start).toISOString(),
    policy: { path: "parcel-desk.md", title, sha256: "0".repeat(64) },
    dataset: { path: `.ingrain/datasets/${dataset}`, sha256: dataset.padEnd(64, "0") },
    engine: "onnx",
    target: "local",
    stages: ["cpt", "sft", "exam"],
    hyperparameters: { ...defaultHyperparameters, ...prepared.hyperparameters },
    seed,
    versions: { ingrain: "0.1.0", node: "22.0.0", onnxruntime: "1.30.0" },
  });
  await writeFile(files.spec, JSON.stringify(spec, null, 2));
  const accuracy = prepared.accuracy ?? 0.7;
  const done = ends === "finished" ? steps : steps / 2;
  const events = [
    started,
    ...trainingEvents("cpt", "internalized", done, accuracy),
    ...(ends === "finished" ? examinedEvents(accuracy) : []),
    ...lastWord(ends),
  ];
  await writeEvents(files.events, events, start);
  await writeFile(files.log, events.map((_, at) => `step ${at} of a prepared run\n`).join(""));
  if (ends === "finished") {
    await writeFile(files.report, JSON.stringify(reportOf(spec, accuracy)));
  }
  return folder;
}

const started: NewRunEvent = {
  type: "started",
  pid: 2,
  host: "elsewhere",
  engine: "onnx",
  device: "cpu",
};

function trainingEvents(
  name: "cpt" | "sft",
  arm: string,
  count: number,
  accuracy: number,
): NewRunEvent[] {
  const stage: NewRunEvent = { type: "stage", name, steps, arm };
  return [stage, ...Array.from({ length: count }, (_, at) => stepEvent(name, arm, at, accuracy))];
}

/** A loss that falls with noise, and further where the model ends better. */
export function stepEvent(
  stage: "cpt" | "sft",
  arm: string,
  at: number,
  accuracy: number,
): NewRunEvent {
  const fallen = Math.exp(-at / 30);
  const noise = 0.25 * Math.sin(at * 12.9898) * fallen + 0.08 * Math.sin(at * 78.233);
  const floor = stage === "cpt" ? 2.4 - 2 * accuracy : 1.8 - 1.5 * accuracy;
  return {
    type: "step",
    stage,
    arm,
    step: at + 1,
    loss: floor + 5 * fallen + noise,
    ...(at % 12 === 11 && { heldOutLoss: floor + 0.35 + 5 * fallen }),
    lr: 2e-3 * Math.min(1, (at + 1) / 10) * (1 - (0.9 * at) / steps),
    tokens: (at + 1) * tokensAStep,
    tokensPerSecond: 9000 + 400 * Math.sin(at),
    memoryBytes: (380 + at / 4) * 2 ** 20,
  };
}

function examinedEvents(accuracy: number): NewRunEvent[] {
  const exam = (name: string, share: number): NewRunEvent[] => [
    { type: "stage", name: "exam", steps: asked, arm: name },
    { type: "exam", stage: "exam", name, accuracy: share, byCategory: { factual: share } },
  ];
  return [
    ...trainingEvents("sft", "internalized", steps / 2, accuracy),
    ...exam("internalized", accuracy),
    ...exam("base", 0.24),
    ...trainingEvents("sft", "sft-only", steps, accuracy / 2),
    ...exam("sft-only", accuracy / 2),
  ];
}

function lastWord(ends: PreparedRun["ends"]): NewRunEvent[] {
  if (ends === "finished") return [{ type: "finished", report: "report.json" }];
  if (ends === "cancelled") return [{ type: "cancelled" }];
  if (ends !== "failed") return [];
  return [{ type: "failed", error: "The disk is full.", hint: "Free some space and resume." }];
}

/** One event a second. */
async function writeEvents(path: string, events: readonly NewRunEvent[], start: number) {
  const lines = events.map((event, at) => lineOf(event, start + at * 1000));
  await writeFile(path, lines.join(""));
}

function lineOf(event: NewRunEvent, at: number): string {
  const whole = RunEvent.parse({ v: 1, at: new Date(at).toISOString(), ...event });
  return `${JSON.stringify(whole)}\n`;
}

function armOf(accuracy: number): Arm {
  const of = (share: number, n: number) => score(Math.round(share * n), n);
  const near = (by: number) => Math.min(1, Math.max(0, accuracy + by));
  return {
    ...of(accuracy, asked),
    byTier: {
      seen: of(near(0.2), 40),
      rewrapped: of(near(0.15), 40),
      reworded: of(near(0.05), 50),
      scenario: of(near(-0.05), 40),
    },
    byCategory: {
      factual: of(near(0.1), 30),
      behavioral: of(near(0.05), 24),
      "simple-conditional": of(near(0), 20),
      "complex-conditional": of(near(-0.2), 16),
    },
    byKind: { question: of(accuracy, asked) },
    byDepth: { "0": of(near(0.1), 54), "1": of(near(-0.1), 36) },
    byForm: { choice: of(accuracy, 60), generated: of(near(-0.1), 30) },
    nullPrompt: of(0.26, 60),
    byStatement: {},
  };
}

function reportOf(spec: OnnxRunSpec, accuracy: number): Report {
  return Report.parse({
    version: 1,
    run: spec.id,
    policy: spec.policy,
    dataset: spec.dataset,
    model: { sha256: "0".repeat(64), parameters: 1_100_000, engine: "onnx" },
    arms: {
      base: armOf(0.24),
      "sft-only": armOf(accuracy / 2),
      internalized: armOf(accuracy),
    },
    promptTokens: {
      withPolicy: 1420,
      withoutPolicy: 36,
      reduction: 1 - 36 / 1420,
      policy: 1390,
      identifier: 6,
      tokenizer: "words-and-marks",
    },
    stages: [],
    wallSeconds: 200,
    at: spec.createdAt,
  });
}

/** A run whose process lives, and whose events the test writes. */
export class LiveRun {
  readonly folder: string;
  readonly #process: ChildProcess;
  #step = 0;

  private constructor(folder: string, process: ChildProcess) {
    this.folder = folder;
    this.#process = process;
  }

  /** Begins with pretraining; the process behind it does nothing at all. */
  static async start(runs: string, day: number): Promise<LiveRun> {
    const folder = await prepareRun(runs, { day, ends: "never" });
    const idle = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      detached: true,
      stdio: "ignore",
    });
    const files = runFiles(folder);
    const run = new LiveRun(folder, idle);
    await writeFile(files.events, "");
    await run.#append([started, { type: "stage", name: "cpt", steps, arm: "internalized" }]);
    await writeFile(files.process, JSON.stringify(await identify(idle.pid!)));
    return run;
  }

  /** Takes steps that took so many seconds each. */
  async steps(seconds: readonly number[]): Promise<void> {
    const first = this.#step;
    this.#step += seconds.length;
    let at = Date.now() - 60 * minute + first * 1000;
    const { events, log } = runFiles(this.folder);
    const lines = seconds.map((spent, index) => {
      at += spent * 1000;
      return lineOf(stepEvent("cpt", "internalized", first + index, 0.8), at);
    });
    await appendFile(log, seconds.map((_, index) => `live step ${first + index + 1}\n`).join(""));
    await appendFile(events, lines.join(""));
  }

  async #append(events: readonly NewRunEvent[]): Promise<void> {
    const at = Date.now() - 120 * minute;
    await appendFile(
      runFiles(this.folder).events,
      events.map((event) => lineOf(event, at)).join(""),
    );
  }

  /** The process goes without a last word. */
  end(): void {
    this.#process.kill("SIGKILL");
  }
}
