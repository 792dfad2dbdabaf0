import type { TimeLeft } from "../protocol/runs.ts";
import type { OnnxHyperparameters, RunSpec, TrlRunSpec } from "../training/spec.ts";
import type { RunState, StageState } from "../training/state.ts";
import { type Pace, pacesOf, secondsFor } from "./pace.ts";

/** Stages of the trained arm and of the arm it is compared with, which gets the same tokens. */
const trainedArms = 2;
/** The arms that take the exam: those two and the untrained model. */
const examinedArms = 3;
/** The exams of a run, as a share of what it trains: measured on the embedded engine. */
const examShare = 0.05;

export interface Estimate {
  /** Share of the whole run that is done, 0 to 1. */
  progress: number;
  /** Undefined until enough was seen to tell. */
  timeLeft: TimeLeft | undefined;
}

/** How far a run is, and how long it still takes where that can be told. */
export function estimateRun(state: RunState, spec: RunSpec): Estimate {
  if (state.status === "finished") return { progress: 1, timeLeft: undefined };
  return spec.engine === "onnx"
    ? estimateByTokens(state, spec.hyperparameters)
    : estimateByUnits(state, spec);
}

/**
 * A real model's stages take as long as their rows and epochs ask for, which is known when they
 * begin: each stage and exam counts as much as another, and the time left is that of the stage.
 */
function estimateByUnits(state: RunState, { stages: own, arms }: TrlRunSpec): Estimate {
  const { stages } = state;
  const comparisons = own.includes("exam") ? arms.length + Number(arms.includes("sft-only")) : 0;
  const units = own.length + comparisons;
  const done = stages.reduce((sum, stage) => sum + doneShare(stage), 0);
  const stage = stages.findLast(({ status }) => status === "running");
  const pace = stage && pacesOf([stage], state.resumedAt, (point) => point.step);
  return {
    progress: Math.min(0.99, done / units),
    timeLeft: stage &&
      pace && { ...secondsFor(pace, Math.max(0, stage.steps - stage.step)), of: "stage" },
  };
}

/** By tokens and exam questions, each at the rates that were seen of late. */
function estimateByTokens(state: RunState, plan: OnnxHyperparameters): Estimate {
  const trained = trainedArms * (plan.cptTokens + plan.sftTokens);
  const exams = trained * examShare;
  const whole = trained + exams;
  if (whole === 0) return { progress: 0, timeLeft: undefined };
  const tokens = state.stages.reduce((sum, stage) => sum + (stage.curve.at(-1)?.tokens ?? 0), 0);
  const stages = state.stages.filter(({ name }) => name === "exam");
  const examined = stages.reduce((sum, stage) => sum + doneShare(stage), 0);
  const done = Math.min(tokens, trained) + exams * Math.min(1, examined / examinedArms);

  const training = pacesOf(
    state.stages.filter(({ name }) => name !== "exam"),
    state.resumedAt,
    (point) => point.tokens,
  );
  const examining = pacesOf(stages, state.resumedAt, () => 0);
  // Every arm is asked the same questions.
  const questions = (examinedArms - examined) * (stages.at(-1)?.steps ?? 0);
  const left = Math.max(0, trained - tokens);
  return {
    progress: Math.min(0.99, done / whole),
    timeLeft: sum(
      examining
        ? [left > 0 ? secondsAt(training, left) : zero, secondsFor(examining, questions)]
        : [secondsAt(training, left + exams * (1 - examined / examinedArms))],
    ),
  };
}

type Range = Omit<TimeLeft, "of">;
const zero: Range = { low: 0, high: 0 };

const secondsAt = (pace: Pace | undefined, amount: number) => pace && secondsFor(pace, amount);

/** Undefined when one of them is not known. */
function sum(ranges: readonly (Range | undefined)[]): TimeLeft | undefined {
  const total: TimeLeft = { ...zero, of: "run" };
  for (const range of ranges) {
    if (!range) return undefined;
    total.low += range.low;
    total.high += range.high;
  }
  return total;
}

function doneShare({ step, steps, status }: StageState): number {
  if (status === "done") return 1;
  return steps === 0 ? 0 : step / steps;
}
