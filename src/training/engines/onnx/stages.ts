import type { NewRunEvent } from "../../events.ts";
import type { OnnxHyperparameters } from "../../spec.ts";
import { TrainingError } from "../../training-error.ts";
import { countTokens, type Schedule, type Unit } from "./plan.ts";
import { rateAt } from "./recipe.ts";
import type { Sequence } from "./feeds.ts";
import type { GptTrainer } from "./session.ts";

/** What a stage needs of its surroundings. */
export interface StageContext {
  unit: Unit & { name: "cpt" | "sft" };
  hyperparameters: OnnxHyperparameters;
  heldOut: readonly Sequence[];
  emit: (event: NewRunEvent) => void;
  /** Keeps the work: called at every checkpoint and once more when the stage is told to stop. */
  checkpoint: (step: number, seconds: number) => Promise<void>;
  signal: AbortSignal;
}

/** Where a stage begins: not at 0 when the run was resumed. */
export interface StageStart {
  step: number;
  seconds: number;
}

export interface StageResult {
  tokens: number;
  seconds: number;
}

/** How often a stage measures its held-out loss. */
const heldOutChecks = 20;
/** More than these would slow training down. */
const mostHeldOut = 24;
/** Steps that the shown rate is a mean over. */
const rateWindow = 20;

/**
 * Trains through the batches of a stage, one step each.
 * @throws TrainingError when the loss is no number any more.
 * @throws the reason of the signal when it is aborted, after a checkpoint.
 */
export async function trainStage(
  trainer: Pick<GptTrainer, "step" | "loss">,
  schedule: Schedule,
  start: StageStart,
  context: StageContext,
): Promise<StageResult> {
  const { unit, hyperparameters, emit, signal } = context;
  const steps = schedule.batches.length;
  const heldOut = spread(context.heldOut, mostHeldOut);
  const measureEvery = Math.max(1, Math.round(steps / heldOutChecks));
  let tokens = schedule.batches.slice(0, start.step).reduce((sum, b) => sum + countTokens(b), 0);
  let seconds = start.seconds;
  const recent: { tokens: number; seconds: number }[] = [];
  emit({ type: "stage", name: unit.name, steps, arm: unit.arm });

  for (let step = start.step + 1; step <= steps; step++) {
    if (signal.aborted) {
      await context.checkpoint(step - 1, seconds);
      signal.throwIfAborted();
    }
    const batch = schedule.batches[step - 1]!;
    const lr = rateAt((step - 1) / steps, schedule.peakRate, hyperparameters);
    const before = performance.now();
    const { loss } = await trainer.step(batch, lr);
    const spent = { tokens: countTokens(batch), seconds: (performance.now() - before) / 1000 };
    tokens += spent.tokens;
    seconds += spent.seconds;
    recent.push(spent);
    if (recent.length > rateWindow) recent.shift();
    const measures = heldOut.length > 0 && (step % measureEvery === 0 || step === steps);
    const heldOutLoss = measures ? (await trainer.loss(heldOut)).loss : undefined;
    if (!Number.isFinite(loss) || !Number.isFinite(heldOutLoss ?? 0)) {
      throw new TrainingError(
        `the loss is no number any more at step ${step} of ${unit.name} (${unit.arm})`,
        `Start a run with a lower peakRate than ${hyperparameters.peakRate}.`,
      );
    }
    emit({
      type: "step",
      stage: unit.name,
      arm: unit.arm,
      step,
      loss,
      ...(heldOutLoss !== undefined && { heldOutLoss }),
      lr,
      tokens,
      tokensPerSecond: rateOf(recent),
      memoryBytes: process.memoryUsage.rss(),
    });
    if (step % hyperparameters.checkpointEverySteps === 0 && step < steps) {
      await context.checkpoint(step, seconds);
    }
  }
  return { tokens, seconds };
}

function rateOf(recent: readonly { tokens: number; seconds: number }[]): number {
  const seconds = recent.reduce((sum, step) => sum + step.seconds, 0);
  const tokens = recent.reduce((sum, step) => sum + step.tokens, 0);
  return seconds > 0 ? tokens / seconds : 0;
}

/** At most `most` of the items, evenly spread over them. */
function spread<T>(items: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, index) => index % every === 0);
}
