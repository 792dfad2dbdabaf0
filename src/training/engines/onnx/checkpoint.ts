import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Arm, ArmName, Report } from "../../../evaluation/report.ts";
import { isMissing, readJson } from "../../files.ts";
import type { HostTensor } from "./gpt.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import type { Snapshot } from "./session.ts";

/** Where a run stands: what is done is kept, so that a resumed run does not do it again. */
export const Progress = z.object({
  version: z.literal(1),
  /** Index of the unit of the run's plan that comes next, or is in the middle. */
  unit: z.int().min(0),
  /** Steps done of it. */
  step: z.int().min(0),
  /** Seconds spent in its steps. */
  seconds: z.number().min(0),
  /** Seconds spent on it, by the clock on the wall. */
  wallSeconds: z.number().min(0),
  /** The same, on the whole run. */
  totalSeconds: z.number().min(0),
  /** Steps that the optimizer has taken, for its bias correction. */
  optimizerSteps: z.int().min(0),
  arms: z.partialRecord(ArmName, Arm),
  stages: Report.shape.stages,
});
export type Progress = z.infer<typeof Progress>;

export interface Checkpoint {
  progress: Progress;
  /** Absent between two arms: the next one begins anew. */
  snapshot: Snapshot | undefined;
}

const files = {
  progress: "checkpoint.json",
  weights: "model.safetensors",
  optimizer: "optimizer.safetensors",
};
/** The newest, and one before it in case that the newest cannot be read. */
const kept = 2;

/**
 * The checkpoints of a run: folders of safetensors and JSON. Each is written under another name and
 * renamed when it is whole, so that whatever bears the name of a checkpoint is one.
 */
export class Checkpoints {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the name of the checkpoint's folder. What is left of a failed write is removed. */
  async write({ progress, snapshot }: Checkpoint): Promise<string> {
    const name = `${String(progress.unit).padStart(2, "0")}-${String(progress.step).padStart(7, "0")}`;
    const draft = join(this.#folder, `.${name}`);
    await rm(draft, { recursive: true, force: true });
    try {
      await mkdir(draft, { recursive: true });
      if (snapshot) {
        const { weights, firstMoments, secondMoments } = snapshot;
        const moments = new Map([
          ...prefixed("firstMoment", firstMoments),
          ...prefixed("secondMoment", secondMoments),
        ]);
        await writeFile(join(draft, files.weights), writeSafetensors(weights));
        await writeFile(join(draft, files.optimizer), writeSafetensors(moments));
      }
      await writeFile(join(draft, files.progress), JSON.stringify(progress));
      await rm(join(this.#folder, name), { recursive: true, force: true });
      await rename(draft, join(this.#folder, name));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    const older = (await this.#names()).slice(kept);
    for (const old of older) await rm(join(this.#folder, old), { recursive: true, force: true });
    return name;
  }

  /** The newest checkpoint that can be read; `broken` is told of each that cannot. */
  async newest(broken: (name: string, error: unknown) => void): Promise<Checkpoint | undefined> {
    for (const name of await this.#names()) {
      try {
        return await this.#read(join(this.#folder, name));
      } catch (error) {
        broken(name, error);
      }
    }
    return undefined;
  }

  async #read(folder: string): Promise<Checkpoint> {
    const progress = await readJson(Progress, join(folder, files.progress), "a checkpoint");
    const bytes = await readFile(join(folder, files.weights)).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (!bytes) return { progress, snapshot: undefined };
    const moments = readSafetensors(await readFile(join(folder, files.optimizer))).tensors;
    const snapshot: Snapshot = {
      steps: progress.optimizerSteps,
      weights: readSafetensors(bytes).tensors,
      firstMoments: withPrefix("firstMoment", moments),
      secondMoments: withPrefix("secondMoment", moments),
    };
    return { progress, snapshot };
  }

  /** Newest first. */
  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return names
      .filter((name) => /^\d+-\d+$/.test(name))
      .sort()
      .reverse();
  }
}

function prefixed(
  prefix: string,
  tensors: ReadonlyMap<string, HostTensor>,
): [string, HostTensor][] {
  return Array.from(tensors, ([name, tensor]) => [`${prefix}.${name}`, tensor]);
}

function withPrefix(
  prefix: string,
  tensors: ReadonlyMap<string, HostTensor>,
): Map<string, HostTensor> {
  const start = `${prefix}.`;
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(start))
      .map(([name, tensor]) => [name.slice(start.length), tensor]),
  );
}
