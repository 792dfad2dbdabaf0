import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../policy/errors.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import {
  type ChangePlan,
  KnownRow,
  planChange,
  type PreviousDataset,
} from "../synthesis/changes.ts";
import { coverageOf } from "../synthesis/coverage.ts";
import { type Dataset, Review, type Weights } from "../synthesis/dataset.ts";
import { toJsonl } from "../synthesis/jsonl.ts";
import { synthesize, type SynthesisOptions } from "../synthesis/synthesize.ts";
import { isMissing, writeWhole } from "../training/files.ts";
import { appendReviewLines, reviewFile } from "../training/review-file.ts";
import { newestDataset, saveDataset } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";
import { withIdsOf } from "./keep-ids.ts";
import { readTools } from "./tools-file.ts";

/** Beside the rows: those that no longer hold, and why. A dataset that is the newest has none. */
export const staleFile = "stale.jsonl";

/** A dataset that is made and not written yet. */
export interface Remake {
  dataset: Dataset;
  /** What it changes in the policy's newest dataset. */
  plan: ChangePlan;
  /** The folder of that one. */
  previous: string | undefined;
  /** Lines of its reviews that are none, as `file:line`. */
  brokenReviews: string[];
}

export interface RemakeOptions extends Pick<SynthesisOptions, "seed" | "command"> {
  /**
   * Times the usual rows for some statements, by id; 1 for the usual ones again. Those that the
   * newest dataset has stay for the others.
   */
  weights?: Weights;
  /** What a teacher adds to the grammar's rows. */
  enrich?: (policy: ParsedPolicy, dataset: Dataset) => Promise<Dataset>;
}

/**
 * Makes the dataset of a policy as it is, and tells what of the newest one stays. What was made
 * anew there is made so again. Nothing is written.
 * @param file the policy's file; its tools lie beside it.
 * @throws InputError when there are no statements, or the tools cannot be read.
 */
export async function prepareDataset(
  ingrain: IngrainFolder,
  parsed: ParsedPolicy,
  file: string,
  { seed, command, weights: asked, enrich }: RemakeOptions,
): Promise<Remake> {
  const tools = await readTools(file);
  const previous = await newestDataset(ingrain, parsed.policy.path);
  const policy = withIdsOf(previous?.manifest, parsed);
  const weights = weightsOf(policy, previous?.manifest.weights, asked);
  const regenerated = previous?.manifest.regenerated;
  const written = synthesize(policy, {
    seed,
    command: [command, ...weightArguments(weights)].join(" "),
    weights,
    ...(tools && { tools }),
    ...(regenerated && { regenerated }),
  });
  const dataset = enrich ? covered(policy, await enrich(policy, written)) : written;
  const known: PreviousDataset | undefined = previous && {
    manifest: previous.manifest,
    rows: {
      cpt: await knownRows(join(previous.folder, "cpt.jsonl")),
      sft: await knownRows(join(previous.folder, "sft.jsonl")),
      exam: await knownRows(join(previous.folder, "exam.jsonl")),
    },
  };
  return {
    dataset,
    plan: planChange(known, dataset),
    previous: previous?.folder,
    brokenReviews: previous ? await brokenReviews(previous.folder) : [],
  };
}

/** @throws InputError when a weight is asked for a statement that the policy does not have. */
function weightsOf(policy: ParsedPolicy, known: Weights = {}, asked: Weights = {}): Weights {
  const ids = new Set(policy.statements.map(({ id }) => id));
  const unknown = Object.keys(asked).find((id) => !ids.has(id));
  if (unknown !== undefined) {
    throw new InputError(`${policy.policy.path} has no statement ${unknown}`, "See: ingrain parse");
  }
  const weights = Object.entries({ ...known, ...asked });
  return Object.fromEntries(
    weights
      .filter(([id, times]) => ids.has(id) && times > 1)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

/** How the command line would ask for them; an id has letters and digits alone. */
function weightArguments(weights: Weights): string[] {
  return Object.entries(weights).flatMap(([id, times]) => ["--weight", `${id}=${times}`]);
}

/** With the coverage counted again: a teacher's rows may close its gaps. */
export function covered(policy: ParsedPolicy, dataset: Dataset): Dataset {
  const coverage = coverageOf(policy, dataset.cpt, dataset.sft);
  return { ...dataset, manifest: { ...dataset.manifest, coverage } };
}

/**
 * Writes a dataset, marks in the one before which rows went stale, and takes the reviews over: a
 * row that stayed has the same id, and a row that comes back finds its reviews. Whatever stops it,
 * one of the two is the newest, whole and with the reviews.
 * @param target where to write it; `.ingrain/datasets` when not given.
 * @returns its folder.
 */
export async function saveRemake(
  ingrain: IngrainFolder,
  { dataset, plan, previous }: Pick<Remake, "dataset" | "plan" | "previous">,
  target?: string,
): Promise<string> {
  const { cpt, sft, exam } = plan.stale;
  const stale = [...cpt, ...sft, ...exam];
  // First: whoever stops here has a dataset whose stale rows are marked, and it is the newest still.
  if (previous !== undefined && stale.length > 0) {
    await writeWhole(join(previous, staleFile), toJsonl(stale));
  }
  const carry = async (folder: string) => {
    if (previous !== undefined) await carryReviews(previous, folder);
  };
  const folder = await saveDataset(ingrain, dataset, target, carry);
  if (folder !== previous) {
    await rm(join(folder, staleFile), { force: true });
    // What another window wrote meanwhile.
    await carry(folder);
  }
  return folder;
}

/** The rows of a file; lines that are none are no rows to keep. */
async function knownRows(path: string): Promise<KnownRow[]> {
  return linesIn(await textOf(path)).flatMap((line) => {
    try {
      return [KnownRow.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/**
 * Appends what was reviewed before and is not known here: no line of either is lost. A line that is
 * no review goes along, too: it may be a verdict, which nobody is to train past unread.
 */
export async function carryReviews(from: string, to: string): Promise<void> {
  const known = new Set(linesIn(await textOf(reviewFile(to))));
  const before = linesIn(await textOf(reviewFile(from)));
  const lines = before.filter((line) => !known.has(line));
  if (lines.length > 0) await appendReviewLines(to, lines);
}

/** Lines of a dataset's reviews that are none, as `file:line`. */
export async function brokenReviews(folder: string): Promise<string[]> {
  const path = reviewFile(folder);
  const lines = (await textOf(path)).split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return Review.safeParse(JSON.parse(line)).success ? [] : [`${path}:${index + 1}`];
    } catch {
      return [`${path}:${index + 1}`];
    }
  });
}

function linesIn(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}
