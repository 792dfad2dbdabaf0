import type { RunEvent, StageName } from "./events.ts";

/** One point of the loss curve. */
export interface CurvePoint {
  step: number;
  loss: number;
  heldOutLoss?: number;
  lr: number;
  tokens: number;
  tokensPerSecond: number;
  memoryBytes?: number;
  at: string;
}

/** `done` items were answered at a time. */
export interface Mark {
  done: number;
  at: string;
}

export interface StageState {
  name: StageName;
  /** The arm that the stage trains or examines; `internalized` unless the event names another. */
  arm: string;
  steps: number;
  /** Steps done. */
  step: number;
  status: "running" | "done" | "stopped";
  startedAt: string;
  curve: CurvePoint[];
  /** How far an exam was when; thinned, newest last. */
  marks: Mark[];
}

export interface ExamState {
  accuracy: number;
  byCategory: Record<string, number>;
  askedByCategory?: Record<string, number>;
  byStatement?: Record<string, { right: number; n: number }>;
}

/**
 * What the events of a run say. `running` is what the events alone can tell: whoever sees that the
 * process is gone shows such a run as *interrupted*.
 */
export interface RunState {
  status: "created" | "running" | "finished" | "failed" | "cancelled";
  /** The run that this one waits for. */
  waitsFor?: string;
  process?: {
    pid: number;
    host: string;
    engine: string;
    device: string;
    /** Why this device, where there was a choice. */
    reason?: string;
  };
  /** The job on a cluster that trains, or did so last. */
  job?: { name: string; address: string };
  startedAt?: string;
  /** When the process began that works now, or did so last. */
  resumedAt?: string;
  updatedAt?: string;
  stages: StageState[];
  exams: Record<string, ExamState>;
  /** Newest last. */
  checkpoints: { stage: StageName; arm: string; step: number; path: string }[];
  warnings: string[];
  error?: { error: string; hint: string; batchSize?: number };
  /** Path of the report, relative to the run folder. */
  report?: string;
}

export const trainedArm = "internalized";

const initialState = (): RunState => ({
  status: "created",
  stages: [],
  exams: {},
  checkpoints: [],
  warnings: [],
});

/** A run's state as a fold over its events, in the order they were written. */
export function foldRun(events: Iterable<RunEvent>): RunState {
  const state = initialState();
  for (const event of events) apply(state, event);
  return state;
}

function apply(state: RunState, event: RunEvent): void {
  state.updatedAt = event.at;
  switch (event.type) {
    case "queued":
      state.status = "created";
      state.waitsFor = event.behind;
      delete state.error;
      return;
    case "submitted":
      state.status = "created";
      state.job = { name: event.job, address: event.address };
      delete state.waitsFor;
      delete state.error;
      return;
    case "connected":
      state.job = { name: event.job, address: event.address };
      return;
    case "started":
      state.status = "running";
      delete state.waitsFor;
      state.process = {
        pid: event.pid,
        host: event.host,
        engine: event.engine,
        device: event.device,
      };
      state.startedAt ??= event.at;
      state.resumedAt = event.at;
      delete state.error;
      return;
    case "device":
      if (state.process) {
        state.process = { ...state.process, device: event.device, reason: event.reason };
      }
      return;
    case "stage":
      return openStage(state, event);
    case "step":
      return addStep(state, event);
    case "progress": {
      const stage = findStage(state, event.stage, event.arm ?? trainedArm);
      if (!stage) return;
      stage.step = event.step;
      addMark(stage, { done: event.step, at: event.at });
      return;
    }
    case "exam":
      state.exams[event.name] = {
        accuracy: event.accuracy,
        byCategory: event.byCategory,
        ...(event.askedByCategory && { askedByCategory: event.askedByCategory }),
        ...(event.byStatement && { byStatement: event.byStatement }),
      };
      return;
    case "checkpoint":
      state.checkpoints.push({
        stage: event.stage,
        arm: event.arm ?? trainedArm,
        step: event.step,
        path: event.path,
      });
      return;
    case "warning":
      state.warnings.push(event.message);
      return;
    case "finished":
      state.status = "finished";
      state.report = event.report;
      return closeStages(state, "done");
    case "failed":
      state.status = "failed";
      state.error = {
        error: event.error,
        hint: event.hint,
        ...(event.batchSize !== undefined && { batchSize: event.batchSize }),
      };
      return closeStages(state, "stopped");
    case "cancelled":
      state.status = "cancelled";
      return closeStages(state, "stopped");
  }
}

type StageEvent = Extract<RunEvent, { type: "stage" }>;
type StepEvent = Extract<RunEvent, { type: "step" }>;

function openStage(state: RunState, event: StageEvent): void {
  const arm = event.arm ?? trainedArm;
  const known = findStage(state, event.name, arm);
  closeStages(state, "done");
  if (known) {
    known.steps = event.steps;
    known.status = "running";
    // An exam begins again.
    known.marks = [];
    return;
  }
  state.stages.push({
    name: event.name,
    arm,
    steps: event.steps,
    step: 0,
    status: "running",
    startedAt: event.at,
    curve: [],
    marks: [],
  });
}

/** A resumed run takes steps again that it had lost: the newer point wins, later ones go. */
function addStep(state: RunState, event: StepEvent): void {
  const stage = findStage(state, event.stage, event.arm ?? trainedArm);
  if (!stage) return;
  while (stage.curve.length > 0 && stage.curve.at(-1)!.step >= event.step) stage.curve.pop();
  stage.step = event.step;
  stage.curve.push({
    step: event.step,
    loss: event.loss,
    ...(event.heldOutLoss !== undefined && { heldOutLoss: event.heldOutLoss }),
    lr: event.lr,
    tokens: event.tokens,
    tokensPerSecond: event.tokensPerSecond,
    ...(event.memoryBytes !== undefined && { memoryBytes: event.memoryBytes }),
    at: event.at,
  });
}

const mostMarks = 64;

function addMark(stage: StageState, mark: Mark): void {
  stage.marks.push(mark);
  if (stage.marks.length > mostMarks)
    stage.marks = stage.marks.filter((_, index) => index % 2 === 0);
}

function findStage(state: RunState, name: StageName, arm: string): StageState | undefined {
  return state.stages.find((stage) => stage.name === name && stage.arm === arm);
}

function closeStages(state: RunState, status: "done" | "stopped"): void {
  for (const stage of state.stages) if (stage.status === "running") stage.status = status;
}
