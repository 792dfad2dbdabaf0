import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";
import { InputError } from "../policy/errors.ts";
import { readSpec } from "../training/run-folder.ts";
import { requirePython, trlFiles } from "../training/trainers.ts";
import { type Io, printJson, RunFailure } from "./io.ts";
import { requireRun } from "./run-commands.ts";
import { pythonOption } from "./training-options.ts";

interface MergeOptions {
  out: string;
  python?: string;
  dir?: string;
  json?: true;
}

/** `merge`: the adapter of a run and its base model as one model, for servers that know no adapters. */
export function addMergeCommand(program: Command, io: Io): void {
  pythonOption(
    program
      .command("merge")
      .description("merge the adapter of a run into its base model")
      .argument("<run>", "id or folder")
      .requiredOption("--out <folder>", "where the model goes: a new folder")
      .option("--dir <folder>", "the folder that holds .ingrain")
      .option("--json", "print the folder as JSON"),
  ).action(async (name: string, { out, python, dir, json }: MergeOptions) => {
    const folder = requireRun(io, dir, name);
    if ((await readSpec(folder)).engine !== "trl") {
      throw new InputError("only a run of the engine trl has an adapter");
    }
    const target = resolve(io.cwd, out);
    const script = join(trlFiles(io).folder, "merge.py");
    const program = await requirePython(python);
    await promisify(execFile)(program, [script, folder, target]).catch((error: unknown) => {
      const said = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1);
      throw new RunFailure(said ?? "the adapter could not be merged");
    });
    if (json) printJson(io, { folder: target });
    else io.out(`${target}\n`);
  });
}
