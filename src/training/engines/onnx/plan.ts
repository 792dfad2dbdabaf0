import type { ArmName } from "../../../evaluation/report.ts";
import { Random } from "../../../synthesis/random.ts";
import type { OnnxHyperparameters, OnnxRunSpec } from "../../spec.ts";
import { batches, type Curriculum, sftRateShare } from "./recipe.ts";
import type { Sequence } from "./feeds.ts";

/** One piece of a run's work. */
export interface Unit {
  arm: ArmName;
  name: "cpt" | "sft" | "exam";
}

/**
 * What a run does, in order: the internalized model first, so that a person sees early what counts;
 * then what it is compared with.
 */
export function planOf(spec: Pick<OnnxRunSpec, "stages">): Unit[] {
  const own = spec.stages.map((name): Unit => ({ arm: "internalized", name }));
  const examined = spec.stages.includes("exam");
  const base: Unit[] = examined ? [{ arm: "base", name: "exam" }] : [];
  const sftOnly: Unit[] =
    examined && spec.stages.includes("sft")
      ? [
          { arm: "sft-only", name: "sft" },
          { arm: "sft-only", name: "exam" },
        ]
      : [];
  return [...own, ...base, ...sftOnly];
}

/** A stage's batches in order, and its peak rate. */
export interface Schedule {
  batches: Sequence[][];
  peakRate: number;
}

/**
 * The batches of a stage, up to its token budget. They depend on the seed alone: a resumed run
 * makes the same ones and goes on where it stopped. The arm `sft-only` trains on as many tokens as
 * the internalized model does in both stages, from scratch and so at the full rate.
 */
export function scheduleOf(
  unit: Unit,
  curriculum: Curriculum,
  hyperparameters: OnnxHyperparameters,
  seed: number,
): Schedule {
  const { batchTokens, cptTokens, sftTokens, peakRate, replay } = hyperparameters;
  const random = new Random(`${seed}/${unit.arm}/${unit.name}`);
  const alone = unit.arm === "sft-only";
  const budget = unit.name === "cpt" ? cptTokens : alone ? cptTokens + sftTokens : sftTokens;
  const epoch =
    unit.name === "cpt"
      ? (own: Random) => curriculum.pretraining(own)
      : (own: Random) => curriculum.fineTuning(own, alone ? 0 : replay);
  return {
    batches: upTo(budget, batches(epoch, batchTokens, random)),
    peakRate: unit.name === "cpt" || alone ? peakRate : peakRate * sftRateShare,
  };
}

export function countTokens(batch: readonly Sequence[]): number {
  return batch.reduce((sum, { tokens }) => sum + tokens.length, 0);
}

/** Whole batches until their tokens reach the budget. */
function upTo(budget: number, endless: Iterable<Sequence[]>): Sequence[][] {
  const taken: Sequence[][] = [];
  let tokens = 0;
  if (budget <= 0) return taken;
  for (const batch of endless) {
    taken.push(batch);
    tokens += countTokens(batch);
    if (tokens >= budget) break;
  }
  return taken;
}
