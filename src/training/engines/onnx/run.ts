import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import type { ExamAnswer } from "../../../evaluation/answers.ts";
import { examine } from "../../../evaluation/exam.ts";
import type { ExamModel } from "../../../evaluation/model.ts";
import type { Arm, ArmName } from "../../../evaluation/report.ts";
import { InputError } from "../../../policy/errors.ts";
import type { Dataset } from "../../../synthesis/dataset.ts";
import { toJsonl } from "../../../synthesis/jsonl.ts";
import { readDataset } from "../../dataset-folder.ts";
import type { NewRunEvent } from "../../events.ts";
import { writeWhole } from "../../files.ts";
import { buildReport } from "../../report.ts";
import { readResumed, readSpec, runFiles } from "../../run-folder.ts";
import type { DeviceChoice, OnnxRunSpec } from "../../spec.ts";
import { trainedArm } from "../../state.ts";
import { Stopwatch } from "../../stopwatch.ts";
import { Checkpoints, type Progress } from "./checkpoint.ts";
import { chooseDevice } from "./device-choice.ts";
import type { Trial } from "./device-trial.ts";
import { OnnxExamModel } from "./exam-model.ts";
import { type GptConfig, type HostTensor, initialWeights, parameterCount } from "./gpt.ts";
import type { Device } from "./graph/graph.ts";
import { GptModel } from "./model.ts";
import { planOf, scheduleOf, type Unit } from "./plan.ts";
import { Curriculum } from "./recipe.ts";
import { configOf, hashModel, readTokenizer, writeModel, writeTokenizer } from "./saved-model.ts";
import { GptTrainer, type Snapshot } from "./session.ts";
import { trainStage } from "./stages.ts";
import { TensorBoardLog } from "./tensorboard.ts";
import { Tokenizer, trainTokenizer } from "./tokenizer.ts";

/** What a run tells the outside, and how the outside stops it. */
export interface RunContext {
  emit: (event: NewRunEvent) => void;
  log: (line: string) => void;
  signal: AbortSignal;
  /** The script of the trainer process. */
  trainer: string;
}

/** Enough for the lengths of sequences that a run has. */
const trialBatches = 8;

const fresh: Progress = {
  version: 1,
  unit: 0,
  step: 0,
  seconds: 0,
  wallSeconds: 0,
  totalSeconds: 0,
  optimizerSteps: 0,
  arms: {},
  stages: [],
};

/**
 * Does the work of a run folder from where it stands: tokenizer, stages, exams, model and report.
 * @throws InputError or TrainingError for what a user can mend; the signal's reason when stopped.
 */
export async function runFolder(folder: string, context: RunContext): Promise<void> {
  const spec = await readSpec(folder);
  if (spec.engine !== "onnx") throw new InputError(`not a run of the engine onnx: ${spec.id}`);
  const dataset = await readDataset(runFiles(folder).dataset);
  const { device = spec.device ?? "auto" } = await readResumed(folder);
  const surroundings = reporting(folder, spec, context);
  const run = await OnnxRun.open(folder, { ...spec, device }, dataset, surroundings);
  try {
    await run.work();
  } finally {
    await run.release();
  }
}

/** The same surroundings, which also write for TensorBoard where that is asked for. */
function reporting(
  folder: string,
  { reportTo = [] }: OnnxRunSpec,
  context: RunContext,
): RunContext {
  if (!reportTo.includes("tensorboard")) return context;
  const log = new TensorBoardLog(runFiles(folder).tensorboard);
  const emit = (event: NewRunEvent) => {
    context.emit(event);
    log.note(event);
  };
  return { ...context, emit };
}

/** A spec that tells the device, as it was asked for when the run was started or last resumed. */
type DevicedSpec = OnnxRunSpec & { device: DeviceChoice };

class OnnxRun {
  readonly #folder: string;
  readonly #spec: DevicedSpec;
  readonly #dataset: Dataset;
  readonly #context: RunContext;
  readonly #checkpoints: Checkpoints;
  readonly #tokenizer: Tokenizer;
  readonly #config: GptConfig;
  readonly #curriculum: Curriculum;
  readonly #plan: Unit[];
  /** Of the whole run. */
  readonly #total: Stopwatch;
  /** Of the unit that the run is at. */
  #clock: Stopwatch;
  #progress: Progress;
  /** Of the last checkpoint; taken by the first unit that trains. */
  #restored: Snapshot | undefined;
  #trainer: GptTrainer | undefined;
  #device: Device = "cpu";

  private constructor(
    folder: string,
    spec: DevicedSpec,
    dataset: Dataset,
    context: RunContext,
    tokenizer: Tokenizer,
    checkpoints: Checkpoints,
    start: { at: number; progress: Progress; snapshot: Snapshot | undefined },
  ) {
    this.#folder = folder;
    this.#spec = spec;
    this.#dataset = dataset;
    this.#context = context;
    this.#tokenizer = tokenizer;
    this.#config = configOf(spec.hyperparameters, tokenizer);
    this.#curriculum = new Curriculum(dataset, tokenizer, spec.hyperparameters);
    this.#checkpoints = checkpoints;
    this.#plan = planOf(spec);
    this.#progress = start.progress;
    this.#total = new Stopwatch(start.progress.totalSeconds, start.at);
    this.#clock = new Stopwatch(start.progress.wallSeconds);
    this.#restored = start.snapshot;
  }

  static async open(
    folder: string,
    spec: DevicedSpec,
    dataset: Dataset,
    context: RunContext,
  ): Promise<OnnxRun> {
    const at = performance.now();
    const files = runFiles(folder);
    const checkpoints = new Checkpoints(files.checkpoints);
    const broken: string[] = [];
    const checkpoint = await checkpoints.newest((name, error) => {
      broken.push(`The checkpoint ${name} cannot be read: ${String(error)}`);
    });
    const start = { at, ...(checkpoint ?? { progress: fresh, snapshot: undefined }) };
    const { unit, step } = start.progress;
    const next = planOf(spec)[unit];
    context.emit({
      type: "started",
      pid: process.pid,
      host: hostname(),
      engine: spec.engine,
      device: spec.device,
      ...(checkpoint && next && { resumed: { stage: next.name, step } }),
    });
    for (const message of broken) context.emit({ type: "warning", message });
    await mkdir(files.checkpoints, { recursive: true });
    let json = await readTokenizer(files.model);
    if (json === undefined) {
      json = trainTokenizer(corpus(dataset), spec.hyperparameters.vocabulary);
      await writeTokenizer(files.model, json);
    }
    const tokenizer = Tokenizer.fromJson(json);
    context.log(`${tokenizer.vocabularySize} tokens in the vocabulary`);
    return new OnnxRun(folder, spec, dataset, context, tokenizer, checkpoints, start);
  }

  async work(): Promise<void> {
    const { device: choice } = this.#spec;
    const chosen = await chooseDevice(choice, this.#trial(), this.#context);
    this.#context.emit({ type: "device", ...chosen });
    this.#context.log(`Computes on the ${chosen.device.toUpperCase()}. ${chosen.reason}`);
    this.#device = chosen.device;
    while (this.#progress.unit < this.#plan.length) {
      this.#context.signal.throwIfAborted();
      const unit = this.#plan[this.#progress.unit]!;
      if (unit.name === "exam") await this.#examine(unit.arm);
      else await this.#train({ arm: unit.arm, name: unit.name });
      await this.#close(unit);
    }
    await this.#report();
  }

  async release(): Promise<void> {
    await this.#trainer?.release();
    this.#trainer = undefined;
  }

  /** The first batches of what is left to train. */
  #trial(): Trial | undefined {
    const { hyperparameters, seed } = this.#spec;
    const tokens = trialBatches * hyperparameters.batchTokens;
    const { cptTokens, sftTokens } = hyperparameters;
    const short = {
      ...hyperparameters,
      cptTokens: Math.min(cptTokens, tokens),
      sftTokens: Math.min(sftTokens, tokens),
    };
    for (const unit of this.#plan.slice(this.#progress.unit)) {
      if (unit.name === "exam") continue;
      const { batches } = scheduleOf(unit, this.#curriculum, short, seed);
      if (batches.length > 0) return { config: this.#config, batches };
    }
    return undefined;
  }

  async #train(unit: Unit & { name: "cpt" | "sft" }): Promise<void> {
    const { hyperparameters, seed } = this.#spec;
    const trainer = await this.#trainerOf();
    const schedule = scheduleOf(unit, this.#curriculum, hyperparameters, seed);
    const { step, seconds } = this.#progress;
    const result = await trainStage(
      trainer,
      schedule,
      { step, seconds },
      {
        unit,
        hyperparameters,
        heldOut: this.#curriculum.heldOut,
        emit: (event) => this.#context.emit(event),
        signal: this.#context.signal,
        checkpoint: async (at, spent) => {
          this.#progress = { ...this.#progress, step: at, seconds: spent };
          await this.#checkpoint(unit);
        },
      },
    );
    this.#addStage(unit, result.tokens, result.seconds);
  }

  #addStage({ name, arm }: Unit, tokens: number, seconds: number): void {
    const tokensPerSecond = seconds > 0 ? tokens / seconds : 0;
    const wallSeconds = this.#clock.seconds;
    this.#progress.stages.push({ name, arm, tokens, seconds, wallSeconds, tokensPerSecond });
  }

  /** Examines the arm; the internalized model is written to `model/` first. */
  async #examine(arm: ArmName): Promise<void> {
    const { exam, manifest } = this.#dataset;
    const { emit, signal } = this.#context;
    const weights = await this.#weightsOf(arm);
    if (arm === "internalized") await this.#writeModel(weights);
    const model = await GptModel.create(this.#config, weights, { device: this.#device });
    try {
      const own = new OnnxExamModel(
        model,
        this.#tokenizer,
        manifest.identifier,
        this.#config.context,
      );
      const steps = exam.length + exam.filter((item) => "choices" in item).length;
      emit({ type: "stage", name: "exam", steps, arm });
      const answers: ExamAnswer[] = [];
      const result = await examine(
        stoppable(own, signal),
        exam,
        manifest.statements,
        (done) => emit({ type: "progress", stage: "exam", arm, step: done }),
        (given) => answers.push(...given),
      );
      if (arm === trainedArm) await writeWhole(runFiles(this.#folder).answers, toJsonl(answers));
      this.#progress.arms[arm] = result;
      this.#addStage({ arm, name: "exam" }, 0, 0);
      emit({ type: "exam", stage: "exam", name: arm, ...summaryOf(result) });
    } finally {
      await model.release();
    }
  }

  async #weightsOf(arm: ArmName): Promise<ReadonlyMap<string, HostTensor>> {
    if (arm === "base") return initialWeights(this.#config, this.#spec.seed);
    return (await this.#trainerOf()).weights();
  }

  async #writeModel(weights: ReadonlyMap<string, HostTensor>): Promise<void> {
    await writeModel(runFiles(this.#folder).model, this.#config, weights);
  }

  /** Moves on to the next unit. The trainer goes where the next unit is of another arm. */
  async #close(unit: Unit): Promise<void> {
    const next = this.#progress.unit + 1;
    if (this.#plan[next]?.arm !== unit.arm) {
      if (unit.arm === "internalized" && unit.name !== "exam") {
        await this.#writeModel(await this.#weightsOf(unit.arm));
      }
      await this.release();
      this.#restored = undefined;
    }
    this.#progress = { ...this.#progress, unit: next, step: 0, seconds: 0 };
    this.#clock = new Stopwatch(0);
    if (next < this.#plan.length) await this.#checkpoint(this.#plan[next]!);
  }

  async #checkpoint(unit: Unit): Promise<void> {
    const snapshot = (await this.#trainer?.snapshot()) ?? this.#restored;
    this.#progress = {
      ...this.#progress,
      optimizerSteps: snapshot?.steps ?? 0,
      wallSeconds: this.#clock.seconds,
      totalSeconds: this.#total.seconds,
    };
    const name = await this.#checkpoints.write({ progress: this.#progress, snapshot });
    this.#context.emit({
      type: "checkpoint",
      stage: unit.name,
      arm: unit.arm,
      step: this.#progress.step,
      path: `checkpoints/${name}`,
    });
  }

  async #trainerOf(): Promise<GptTrainer> {
    if (this.#trainer) return this.#trainer;
    const { hyperparameters, seed } = this.#spec;
    const { beta1, beta2, weightDecay, clipNorm } = hyperparameters;
    const options = { device: this.#device, seed, beta1, beta2, weightDecay, clipNorm };
    const trainer = await GptTrainer.create(this.#config, options);
    if (this.#restored) trainer.restore(this.#restored);
    this.#restored = undefined;
    this.#trainer = trainer;
    return trainer;
  }

  async #report(): Promise<void> {
    const files = runFiles(this.#folder);
    const report = buildReport({
      spec: this.#spec,
      dataset: this.#dataset,
      model: {
        sha256: await hashModel(files.model),
        parameters: parameterCount(this.#config),
        engine: this.#spec.engine,
      },
      arms: this.#progress.arms,
      stages: this.#progress.stages,
      wallSeconds: this.#total.seconds,
    });
    await writeWhole(files.report, `${JSON.stringify(report, null, 2)}\n`);
    this.#context.emit({ type: "finished", report: "report.json" });
  }
}

/** What the tokenizer learns from: all that the model reads, and nothing of the exam. */
function corpus({ cpt, sft }: Dataset): string[] {
  const messages = sft.flatMap(({ prompt, completion }) => [...prompt, ...completion]);
  return [...cpt.map(({ text }) => text), ...messages.map(({ content }) => content)];
}

function summaryOf({ accuracy, byCategory, byStatement }: Arm) {
  const scores = Object.entries(byCategory);
  return {
    accuracy,
    byCategory: Object.fromEntries(scores.map(([name, score]) => [name, score.accuracy])),
    askedByCategory: Object.fromEntries(scores.map(([name, score]) => [name, score.n])),
    byStatement,
  };
}

/** The model, asked nothing more once the run is told to stop. */
function stoppable(model: ExamModel, signal: AbortSignal): ExamModel {
  return {
    score: (questions) => {
      signal.throwIfAborted();
      return model.score(questions);
    },
    generate: (prompts, maxTokens) => {
      signal.throwIfAborted();
      return model.generate(prompts, maxTokens);
    },
  };
}
