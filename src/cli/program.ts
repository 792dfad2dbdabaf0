import { Command, CommanderError } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { InputError, messageOf } from "../policy/errors.ts";
import { describeFileError } from "../training/file-errors.ts";
import { addExamCommand } from "./exam-command.ts";
import { addExportCommand } from "./export-command.ts";
import { addGenerateCommand } from "./generate-command.ts";
import { type Io, sentences, withoutControls } from "./io.ts";
import { addMergeCommand } from "./merge-command.ts";
import { addPolicyCommands } from "./policy-commands.ts";
import { addRunCommands } from "./run-commands.ts";
import { addServeCommand } from "./serve-command.ts";
import { addSetupCommand } from "./setup-command.ts";

/** The command or its input is wrong. */
const wrong = 2;
const failed = 1;

/**
 * Runs the command line.
 * @param args without program and script.
 * @returns the exit code: 0 done, 1 failed, 2 the input or the call is wrong.
 */
export async function runCli(args: readonly string[], terminal: Io): Promise<number> {
  const io = withoutControls(terminal);
  const program = new Command("ingrain")
    .description("Trains the policies that language-model agents follow into the model.")
    .version(manifest.version)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.log,
      // Errors are told in one place, below.
      outputError: () => undefined,
    });
  addPolicyCommands(program, io);
  addRunCommands(program, io);
  addExamCommand(program, io);
  addExportCommand(program, io);
  addGenerateCommand(program, io);
  addSetupCommand(program, io);
  addMergeCommand(program, io);
  addServeCommand(program, io);
  if (args.length === 0) {
    io.log(program.helpInformation());
    return wrong;
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    io.log(`ingrain: ${describe(error)}\n`);
    return error instanceof InputError || error instanceof CommanderError ? wrong : failed;
  }
}

/** One line that says what and where. */
function describe(error: unknown): string {
  if (error instanceof InputError) {
    return oneLine(sentences(error.message, error.hint));
  }
  if (error instanceof CommanderError) return oneLine(error.message.replace(/^error: /, ""));
  const message = messageOf(error);
  return oneLine(describeFileError(error) ?? message);
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}
