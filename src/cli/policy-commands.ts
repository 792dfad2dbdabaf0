import { type Command, InvalidArgumentError } from "commander";
import { requireStatements } from "../policy/decode.ts";
import { diffPolicies } from "../policy/diff.ts";
import { InputError } from "../policy/errors.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import type { Dataset, DatasetManifest, Weights } from "../synthesis/dataset.ts";
import { costOf } from "../synthesis/teaching/cost.ts";
import { teachWith } from "../synthesis/teaching/again.ts";
import { newestDataset, policyPath } from "../workspace/datasets.ts";
import { knownTasks } from "../workspace/keep-ids.ts";
import { Regenerator } from "../workspace/regenerate.ts";
import { saveRegeneration } from "../workspace/regenerated-files.ts";
import { prepareDataset, type Remake, saveRemake } from "../workspace/remake.ts";
import { readStaleRows } from "../workspace/stale-rows.ts";
import { resolve } from "node:path";
import { describeDiff, describeStaleRows } from "./diff.ts";
import { datasetFolder, folderOf, type Io, printJson, readPolicy } from "./io.ts";
import { integer } from "./options.ts";
import { shellCommand } from "./shell.ts";
import { describeBrokenReviews, describePlan } from "../protocol/plan.ts";
import {
  CommandLineTeacher,
  teacherArguments,
  type TeacherOptions,
  withTeacher,
} from "./teacher-options.ts";
import { counted } from "../protocol/words.ts";
import { describeCoverage } from "./coverage.ts";

/** `parse` and `synthesize`: what happens to a policy before training. */
export function addPolicyCommands(program: Command, io: Io): void {
  program
    .command("parse")
    .description("show the statements of a policy and what each of them is")
    .argument("<policy>", "a Markdown file")
    .option("--diff <old>", "compare with an older version of the file")
    .option("--dataset <folder>", "with --diff: tell which rows of the dataset went stale")
    .option("--json", "print the statements, or the changes, as JSON")
    .action(async (path: string, options: ParseCommandOptions) => {
      const { diff: old, dataset, json } = options;
      if (old !== undefined) return compareVersions(io, old, path, options);
      if (dataset !== undefined) throw new InputError("--dataset needs --diff OLD");
      const parsed = requireStatements(await readPolicy(io, path));
      if (json) printJson(io, parsed);
      else io.out(describeStatements(parsed));
    });

  withTeacher(
    program
      .command("synthesize")
      .description("make the dataset of a policy: training rows and an exam")
      .argument("<policy>", "a Markdown file")
      .option("--seed <n>", "the same seed gives the same rows", integer, 1)
      .option(
        "--weight <statement=n>",
        "n times the rows for a statement, by id, also in the datasets after this one; 1 ends it",
        weight,
        {},
      )
      .option("--out <folder>", "where to write the dataset; .ingrain/datasets by default")
      .option("--dir <folder>", "the folder that holds .ingrain")
      .option("--regenerate <id>", "other rows for a row or a statement of the newest dataset")
      .option("--dry-run", "tell what would be made anew, and write nothing")
      .option("--json", "print the dataset's folder and manifest, or what would change, as JSON"),
  ).action(async (path: string, options: SynthesizeCommandOptions) => {
    const { weight: weights = {} } = options;
    const others = options.estimate || options.dryRun || Object.keys(weights).length > 0;
    if (options.regenerate !== undefined && others) {
      throw new InputError("--regenerate goes with none of --estimate, --dry-run and --weight");
    }
    if (options.estimate) return printEstimate(io, path, options);
    if (options.dryRun) return foretell(io, path, options);
    if (options.regenerate !== undefined) return regenerate(io, path, options);
    const { folder, dataset, plan } = await makeDataset(io, path, options, options);
    if (options.json) printJson(io, { folder, manifest: dataset.manifest, plan });
    else io.out(`${describeDataset(dataset)}${describeCoverage(dataset.manifest)}${folder}\n`);
  });
}

interface ParseCommandOptions {
  diff?: string;
  dataset?: string;
  json?: true;
}

/** A version without statements is a version too: the policy may have begun empty. */
async function compareVersions(
  io: Io,
  old: string,
  path: string,
  { dataset, json }: ParseCommandOptions,
): Promise<void> {
  const next = await readPolicy(io, path);
  const diff = diffPolicies(await readPolicy(io, old), next);
  const stale =
    dataset === undefined
      ? undefined
      : await readStaleRows(datasetFolder(io, folderOf(io, undefined), dataset), next.statements);
  if (json) printJson(io, { ...diff, ...(stale && { stale }) });
  else io.out(describeDiff(diff) + (stale ? `\n${describeStaleRows(stale)}` : ""));
}

export interface SynthesizeOptions {
  seed: number;
  weight?: Weights;
  out?: string;
  dir?: string;
}

interface SynthesizeCommandOptions extends SynthesizeOptions, TeacherOptions {
  estimate?: true;
  regenerate?: string;
  dryRun?: true;
  json?: true;
}

/** What a synthesis would make anew, with the reasons, and how large it would be. */
async function foretell(io: Io, path: string, options: SynthesizeCommandOptions): Promise<void> {
  const { plan, dataset } = await prepare(io, path, options);
  const { coverage } = dataset.manifest;
  if (options.json) {
    printJson(io, { plan, coverage });
    return;
  }
  const lines = plan.statements.map(({ reason, text }) => `  ${reason.padEnd(14)}  ${text}\n`);
  io.out(`${describePlan(plan)}\n${lines.join("")}${describeCoverage(dataset.manifest)}`);
}

/** Parses a policy, makes its dataset, tells what that changes, and writes it. */
export async function makeDataset(
  io: Io,
  path: string,
  options: SynthesizeOptions,
  teacher?: TeacherOptions,
): Promise<Remake & { folder: string }> {
  const remake = await prepare(io, path, options, teacher);
  io.log(`${describePlan(remake.plan)}\n`);
  warnOfReviews(io, remake);
  const { out, dir } = options;
  const target = out === undefined ? undefined : resolve(io.cwd, out);
  return { ...remake, folder: await saveRemake(folderOf(io, dir), remake, target) };
}

async function prepare(
  io: Io,
  path: string,
  { seed, weight: weights, out, dir }: SynthesizeOptions,
  teacher?: TeacherOptions,
): Promise<Remake> {
  const ingrain = folderOf(io, dir);
  // Before the policy is read: a wrong call is told at once.
  const asked =
    teacher?.teacher === "openai" ? new CommandLineTeacher(io, ingrain, teacher) : undefined;
  const file = resolve(io.cwd, path);
  const named = policyPath(ingrain.root, file);
  const parsed = requireStatements(await readPolicy(io, path, named));
  return prepareDataset(ingrain, parsed, file, {
    seed,
    ...(weights && { weights }),
    command: shellCommand([
      ...["ingrain", "synthesize", path, "--seed", String(seed)],
      ...(out === undefined ? [] : ["--out", out]),
      ...(dir === undefined ? [] : ["--dir", dir]),
      ...(teacher === undefined ? [] : teacherArguments(teacher)),
    ]),
    ...(asked && {
      enrich: (policy, written) => {
        const about = asked.about(policy.policy.title);
        return teachWith(about.ask, written, policy, about);
      },
    }),
  });
}

/** One `--weight`, with those before it. */
function weight(text: string, before: Weights): Weights {
  const [, id, times] = /^(s-[0-9a-z]+)=([1-9]|10)$/.exec(text) ?? [];
  if (id === undefined) {
    throw new InvalidArgumentError(`"${text}" is not like s-1a2b=3, with a number from 1 to 10.`);
  }
  return { ...before, [id]: Number(times) };
}

/** Makes other rows in the newest dataset of a policy, and writes it. */
async function regenerate(
  io: Io,
  path: string,
  { regenerate: id = "", out, dir, json, ...options }: SynthesizeCommandOptions,
): Promise<void> {
  const ingrain = folderOf(io, dir);
  const file = resolve(io.cwd, path);
  const parsed = requireStatements(await readPolicy(io, path, policyPath(ingrain.root, file)));
  const newest = await newestDataset(ingrain, parsed.policy.path);
  if (!newest) throw new InputError(`no dataset (${path})`, "Make one: ingrain synthesize POLICY");
  const command = shellCommand([
    ...["ingrain", "synthesize", path, "--regenerate", id],
    ...(out === undefined ? [] : ["--out", out]),
    ...(dir === undefined ? [] : ["--dir", dir]),
    ...teacherArguments(options),
  ]);
  const regenerator = await Regenerator.open(newest.folder, parsed, file, command);
  const again =
    options.teacher === "openai"
      ? new CommandLineTeacher(io, ingrain, options).about(parsed.policy.title)
      : undefined;
  const target = id.startsWith("s-") ? { statement: id } : { row: id };
  const made = await regenerator.make(target, again);
  warnOfReviews(io, made);
  const where = out === undefined ? undefined : resolve(io.cwd, out);
  const folder = await saveRegeneration(ingrain, made, where);
  if (json) printJson(io, { folder, manifest: made.dataset.manifest, plan: made.plan });
  else io.out(`${made.words}\n${folder}\n`);
}

function warnOfReviews(io: Io, { brokenReviews }: Pick<Remake, "brokenReviews">): void {
  if (brokenReviews.length > 0) io.log(`${describeBrokenReviews(brokenReviews)}\n`);
}

async function printEstimate(
  io: Io,
  path: string,
  options: SynthesizeOptions & TeacherOptions & { json?: true },
): Promise<void> {
  if (options.teacher === "none") throw new InputError("--estimate needs --teacher openai");
  const ingrain = folderOf(io, options.dir);
  const teacher = new CommandLineTeacher(io, ingrain, options);
  const named = policyPath(ingrain.root, resolve(io.cwd, path));
  const parsed = requireStatements(await readPolicy(io, path, named));
  const tasks = await knownTasks(ingrain, parsed, options.seed);
  const estimate = await teacher.estimate(parsed.policy.title, tasks);
  if (options.json) {
    const cost = costOf(estimate.usage, options.prices);
    printJson(io, { ...estimate, ...(cost !== undefined && { cost }) });
  } else io.out(teacher.describe(estimate));
}

function describeStatements({ policy, statements }: ParsedPolicy): string {
  const rows = statements.map(
    ({ line, category, text }) => `${String(line).padStart(5)}  ${category.padEnd(19)}  ${text}\n`,
  );
  return `${policy.title}: ${counted(statements.length, "statement")}, ${counted(policy.words, "word")}\n${rows.join("")}`;
}

export function describeDataset({ manifest }: Dataset): string {
  const { statements, cpt, sft, exam } = manifest.counts;
  return (
    describeTeaching(manifest) +
    `${manifest.policy.title}: ${counted(statements, "statement")}, ` +
    `${counted(cpt, "row")} to pretrain on, ${counted(sft, "row")} to fine-tune on, ` +
    `${counted(exam, "exam question")}\n`
  );
}

function describeTeaching({ teaching }: DatasetManifest): string {
  if (!teaching) return "";
  const { model, rows, refused, unanswered } = teaching;
  const reasons = Object.entries(refused).map(([reason, count]) => `${reason} ${count}`);
  const count = Object.values(refused).reduce((sum, each) => sum + each, 0);
  const why = count === 0 ? "" : ` (${reasons.join(", ")})`;
  const open = unanswered.length === 0 ? "" : `, ${counted(unanswered.length, "part")} unanswered`;
  return `${model}: ${counted(rows, "row")} taken, ${count} refused${why}${open}\n`;
}
