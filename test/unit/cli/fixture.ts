import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCli } from "../../../src/cli/program.ts";
import { type Behaviour, policyText, temporaryFolder, writeTrainer } from "../training/fixture.ts";

/** The command line in a folder of its own. */
export async function setUp(behaviour: Behaviour = "polite") {
  const cwd = temporaryFolder();
  const trainers = temporaryFolder();
  const trainer = await writeTrainer(trainers, behaviour);
  await writeFile(join(cwd, "key-desk.md"), policyText);
  const env: Record<string, string> = {};
  let interrupt: (() => void) | undefined;
  const ingrain = async (...args: string[]) => {
    let out = "";
    let log = "";
    const code = await runCli(args, {
      cwd,
      env,
      out: (text) => (out += text),
      log: (text) => (log += text),
      terminal: undefined,
      trainer,
      onInterrupt: (listener) => {
        interrupt = listener;
        return { dispose: () => (interrupt = undefined) };
      },
    });
    return { code, out, log };
  };
  return { cwd, env, ingrain, interrupt: () => interrupt?.() };
}
