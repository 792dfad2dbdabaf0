import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { renderReport } from "../evaluation/render.ts";
import { InputError } from "../policy/errors.ts";
import { cancelRun, resumeRun, startRun } from "../training/launch.ts";
import { preflight } from "../training/engines/trl/preflight.ts";
import { readSpec, runId } from "../training/run-folder.ts";
import { type NewTrlRun, requireDevice } from "../training/run-options.ts";
import { rayPreflight } from "../training/targets/ray/preflight.ts";
import type { Trainers } from "../training/trainers.ts";
import type { IngrainFolder } from "../workspace/folder.ts";
import { listRuns, readRun, type RunRecord, type RunSummary } from "../workspace/runs.ts";
import { datasetFolder, folderOf, type Io, printJson, RunFailure, sentences } from "./io.ts";
import { integer } from "./options.ts";
import { describeDataset, makeDataset } from "./policy-commands.ts";
import { followRun } from "./progress.ts";
import {
  deviceOption,
  newRun,
  pythonOption,
  type TrainOptions,
  withTraining,
} from "./training-options.ts";

/** `train`, `internalize` and `runs`: what starts, follows and shows runs. */
export function addRunCommands(program: Command, io: Io): void {
  withTraining(
    program
      .command("train")
      .description("train a model on a dataset, examine it and report")
      .argument("<dataset>", "a dataset folder, or its name in .ingrain/datasets"),
  ).action(async (name: string, options: TrainOptions) => {
    const ingrain = folderOf(io, options.dir);
    await train(io, ingrain, datasetFolder(io, ingrain, name), options);
  });

  withTraining(
    program
      .command("internalize")
      .description("parse, synthesize, train and examine: from a policy to a model that knows it")
      .argument("<policy>", "a Markdown file"),
  ).action(async (path: string, options: TrainOptions) => {
    // Before anything is written: a wrong call leaves nothing behind.
    const ingrain = folderOf(io, options.dir);
    await newRun(io, ingrain, "", options);
    const { folder, dataset } = await makeDataset(io, path, options);
    io.log(describeDataset(dataset));
    await train(io, ingrain, folder, options);
  });

  addRuns(program, io);
}

async function train(
  io: Io,
  ingrain: IngrainFolder,
  dataset: string,
  options: TrainOptions,
): Promise<void> {
  const { python, detach, json } = options;
  const run = await newRun(io, ingrain, dataset, options);
  const trainers = { trainer: io.trainer, ...(python !== undefined && { python }) };
  if (run.engine === "trl") await checkFirst(io, run, trainers);
  const folder = await startRun({ ...run, ...trainers });
  if (detach) {
    if (json) printJson(io, { run: runId(folder), folder });
    else io.out(`${folder}\n`);
    return;
  }
  await attend(io, folder, json);
}

/** @throws InputError for what the run cannot do without; the rest is told and left to the user. */
async function checkFirst(io: Io, run: NewTrlRun, trainers: Trainers): Promise<void> {
  const findings = run.ray
    ? await rayPreflight(run, run.ray, trainers)
    : await preflight(run, trainers);
  const mark = { fine: " ", warning: "!", error: "x" };
  for (const { level, text } of findings) io.log(`${mark[level]} ${text}\n`);
  const fatal = findings.find(({ level }) => level === "error");
  if (!fatal) return;
  const hint = fatal.fix === "set-up" ? "Set it up with: ingrain setup" : undefined;
  throw new InputError(`nothing was started. ${fatal.text}`, hint);
}

/** Follows a run to its end and prints its report; Ctrl-C cancels the run. */
async function attend(io: Io, folder: string, json: true | undefined): Promise<void> {
  io.log(`${runId(folder)}\n`);
  let cancelling: Promise<unknown> | undefined;
  const interrupt = io.onInterrupt(() => {
    // The run may have ended in this moment; then there is nothing to cancel.
    cancelling ??= cancelRun(folder).catch(() => undefined);
  });
  try {
    await followRun(folder, io);
    await cancelling;
  } finally {
    interrupt.dispose();
  }
  const record = await readRun(folder);
  if (!record.report) throw failure(record);
  if (json) printJson(io, record.report);
  else io.out(`\n${renderReport(record.report)}\nRun folder: ${folder}\n`);
}

function failure({ folder, status, state, log }: RunRecord): RunFailure {
  const again = `resume it with: ingrain runs resume ${runId(folder)}`;
  switch (status) {
    case "failed":
      return new RunFailure(
        `the run failed: ${sentences(state.error?.error ?? "unknown", state.error?.hint)} (${folder})`,
      );
    case "cancelled":
      return new RunFailure(`the run was cancelled; ${again} (${folder})`);
    default:
      return new RunFailure(
        `the trainer is gone without a last word${log.length > 0 ? `: ${log.at(-1)!}` : ""}; ${again} (${folder})`,
      );
  }
}

function addRuns(program: Command, io: Io): void {
  const runs = program
    .command("runs")
    .description("list the runs, or show, cancel and resume one")
    .option("--dir <folder>", "the folder that holds .ingrain")
    .option("--json", "print as JSON")
    .action(async ({ dir, json }: Shared) => {
      const found = await listRuns(folderOf(io, dir));
      if (json) return printJson(io, found.map(summaryForJson));
      io.out(found.length === 0 ? "No runs yet.\n" : found.map(lineOf).join(""));
    });
  // `runs` itself has these options too, and commander gives them to whoever comes first.
  const shared = (command: Command) =>
    command
      .addOption(new Option("--dir <folder>", "the folder that holds .ingrain"))
      .addOption(new Option("--json", "print as JSON"));

  shared(runs.command("show").description("show a run").argument("<run>", "id or folder")).action(
    async (name: string, _options: Shared, command: Command) => {
      const { dir, json } = command.optsWithGlobals<Shared>();
      const record = await readRun(requireRun(io, dir, name));
      if (json) printJson(io, record);
      else io.out(describeRun(record));
    },
  );

  shared(runs.command("cancel").description("stop a run").argument("<run>", "id or folder")).action(
    async (name: string, _options: Shared, command: Command) => {
      const { dir, json } = command.optsWithGlobals<Shared>();
      const folder = requireRun(io, dir, name);
      const result = await cancelRun(folder);
      if (json) return printJson(io, { run: runId(folder), ...result });
      const how = result.killed ? " It did not stop when asked and was ended by force." : "";
      const { target } = await readSpec(folder);
      const gone =
        target === "ray" ? "its job is over and its workers are gone" : "its process is gone";
      io.out(`${runId(folder)} is ${result.status}; ${gone}.${how}\n`);
    },
  );

  const resume = shared(
    runs
      .command("resume")
      .description("go on with a run from its newest checkpoint")
      .argument("<run>", "id or folder")
      .option("--batch-size <n>", "trl: sequences a device computes at once from now on", integer)
      .option("--detach", "leave the run once it goes on"),
  );
  deviceOption(pythonOption(resume)).action(
    async (name: string, options: ResumeOptions, command: Command) => {
      const { dir, json } = command.optsWithGlobals<Shared>();
      const folder = requireRun(io, dir, name);
      const { batchSize, device, python } = options;
      const trainers = { trainer: io.trainer, ...(python !== undefined && { python }) };
      await resumeRun(folder, trainers, {
        ...(batchSize !== undefined && { batchSize }),
        ...(device !== undefined && { device: requireDevice(device) }),
      });
      if (!options.detach) return attend(io, folder, json);
      if (json) printJson(io, { run: runId(folder), folder });
      else io.out(`${folder}\n`);
    },
  );
}

interface ResumeOptions {
  detach?: true;
  batchSize?: number;
  device?: string;
  python?: string;
}

interface Shared {
  dir?: string;
  json?: true;
}

/** @throws InputError when there is no such run. */
export function requireRun(io: Io, dir: string | undefined, name: string): string {
  const inside = join(folderOf(io, dir).runs, name);
  const found = [inside, resolve(io.cwd, name)].find((path) => existsSync(path));
  if (found === undefined) throw new InputError(`no such run (${name})`, "See: ingrain runs");
  return found;
}

function lineOf({ id, status, state, problem }: RunSummary): string {
  const accuracy = state?.exams["internalized"]?.accuracy;
  const score = accuracy === undefined ? "" : `${Math.round(accuracy * 100)} %`;
  return `${id.padEnd(44)}  ${status.padEnd(11)}  ${problem ?? score}`.trimEnd() + "\n";
}

function summaryForJson({ folder, id, status, spec, state, problem }: RunSummary) {
  const accuracy = state?.exams["internalized"]?.accuracy;
  return {
    id,
    folder,
    status,
    ...(spec && { policy: spec.policy, createdAt: spec.createdAt }),
    ...(accuracy !== undefined && { accuracy }),
    ...(problem !== undefined && { problem }),
  };
}

function describeRun(record: RunRecord): string {
  const { folder, spec, state, status, report } = record;
  if (report) return `${renderReport(report)}\nRun folder: ${folder}\n`;
  const stages = state.stages.map(
    (stage) => `  ${stage.name.padEnd(5)} ${stage.arm.padEnd(13)} ${stage.step}/${stage.steps}\n`,
  );
  return [
    `${spec.policy.title}: ${status}\n`,
    ...stages,
    ...state.warnings.map((warning) => `  ${warning}\n`),
    ...(state.error && status === "failed"
      ? [`  ${sentences(state.error.error, state.error.hint)}\n`]
      : []),
    `Run folder: ${folder}\n`,
  ].join("");
}
