import type { OnnxHyperparameters, RunSpec, TrlRunSpec } from "../training/spec.ts";
import type { CurvePoint, RunState, StageState } from "../training/state.ts";

/** Stages of the trained arm and of the arm it is compared with, which gets the same tokens. */
const trainedArms = 2;
/** An exam of one arm, as a share of what the run trains: measured on the embedded engine. */
const examShare = 0.05;

export interface Estimate {
  /** Share of the whole run that is done, 0 to 1. */
  progress: number;
  /** Undefined until a rate is known. */
  secondsLeft: number | undefined;
}

/** How far a run is, and how long it still takes where that can be told. */
export function estimateRun(state: RunState, spec: RunSpec): Estimate {
  if (state.status === "finished") return { progress: 1, secondsLeft: 0 };
  return spec.engine === "onnx"
    ? estimateByTokens(state, spec.hyperparameters)
    : estimateByUnits(state, spec);
}

/**
 * A real model's stages take as long as their rows and epochs ask for, which is known when they
 * begin: each stage and exam counts as much as another, and the time left is not guessed.
 */
function estimateByUnits({ stages }: RunState, { stages: own, arms }: TrlRunSpec): Estimate {
  const comparisons = own.includes("exam") ? arms.length + Number(arms.includes("sft-only")) : 0;
  const units = own.length + comparisons;
  const done = stages.reduce(
    (sum, { step, steps, status }) => sum + doneShare(step, steps, status),
    0,
  );
  return { progress: Math.min(0.99, done / units), secondsLeft: undefined };
}

/** By tokens, at the rate of the last steps. */
function estimateByTokens(state: RunState, plan: OnnxHyperparameters): Estimate {
  const trained = trainedArms * (plan.cptTokens + plan.sftTokens);
  const exams = trained * examShare;
  const whole = trained + exams;
  if (whole === 0) return { progress: 0, secondsLeft: undefined };
  const tokens = state.stages.reduce((sum, stage) => sum + (stage.curve.at(-1)?.tokens ?? 0), 0);
  const examined = state.stages
    .filter(({ name }) => name === "exam")
    .reduce((sum, { step, steps, status }) => sum + doneShare(step, steps, status), 0);
  const done = Math.min(tokens, trained) + exams * Math.min(1, examined / (trainedArms + 1));
  const rate = recentRate(state.stages.findLast(({ curve }) => curve.length > 0)?.curve ?? []);
  return {
    progress: Math.min(0.99, done / whole),
    secondsLeft: rate === undefined ? undefined : (whole - done) / rate,
  };
}

function doneShare(step: number, steps: number, status: StageState["status"]): number {
  if (status === "done") return 1;
  return steps === 0 ? 0 : step / steps;
}

/** Tokens a second over the last points, held-out checks and checkpoints included. */
export function recentRate(curve: readonly CurvePoint[]): number | undefined {
  const last = curve.at(-1);
  const first = curve.at(-20) ?? curve[0];
  if (!last || !first) return undefined;
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  if (seconds <= 0) return last.tokensPerSecond > 0 ? last.tokensPerSecond : undefined;
  return (last.tokens - first.tokens) / seconds;
}
