import type { Command } from "commander";
import { setUpEnvironment } from "../training/engines/trl/environment.ts";
import { environmentFolder, trlFiles } from "../training/trainers.ts";
import type { Io } from "./io.ts";
import { pythonOption } from "./training-options.ts";

/** `setup`: makes the Python environment of the trl engine; it can be repeated. */
export function addSetupCommand(program: Command, io: Io): void {
  pythonOption(
    program
      .command("setup")
      .description("make the Python environment that trains real models (the engine trl)")
      .option("--dir <folder>", "where to make it; the user's data folder by default"),
  ).action(async ({ dir, python }: { dir?: string; python?: string }) => {
    const stop = new AbortController();
    const interrupt = io.onInterrupt(() => stop.abort(new Error("the set-up was cancelled")));
    try {
      const interpreter = await setUpEnvironment({
        folder: dir ?? environmentFolder(),
        requirements: trlFiles(io).requirements,
        python,
        signal: stop.signal,
        report: (line) => io.log(`${line}\n`),
      });
      io.out(`${interpreter}\n`);
    } finally {
      interrupt.dispose();
    }
  });
}
