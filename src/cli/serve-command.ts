import type { Command } from "commander";
import { InputError } from "../policy/errors.ts";
import { serveRun, stopServing } from "../serving/serve.ts";
import { baseUrl, type Endpoint, readServing, servingFiles } from "../serving/serving-folder.ts";
import { runId } from "../training/run-folder.ts";
import { type Io, printJson, RunFailure } from "./io.ts";
import { integer } from "./options.ts";
import { requireRun } from "./run-commands.ts";
import { pythonOption } from "./training-options.ts";

interface ServeCommandOptions {
  port: number;
  python?: string;
  dir?: string;
  detach?: true;
  stop?: true;
  json?: true;
}

/** `serve`: the model of a run as an OpenAI-compatible endpoint on this machine. */
export function addServeCommand(program: Command, io: Io): void {
  pythonOption(
    program
      .command("serve")
      .description("serve the model of a run as an OpenAI-compatible endpoint on 127.0.0.1")
      .argument("<run>", "id or folder")
      .argument("[arguments...]", "after --: for vLLM or transformers serve, as they are")
      .option("--port <n>", "of 127.0.0.1; any free one when left out", integer, 0)
      .option("--detach", "leave the server once it listens")
      .option("--stop", "end the server of the run")
      .option("--dir <folder>", "the folder that holds .ingrain")
      .option("--json", "print the endpoint as JSON"),
  ).action(async (name: string, serverArguments: string[], options: ServeCommandOptions) => {
    const folder = requireRun(io, options.dir, name);
    if (options.stop) {
      await stopServing(folder);
      io.out(`${runId(folder)} is not served any more; its process is gone.\n`);
      return;
    }
    await serve(io, folder, serverArguments, options);
  });
}

async function serve(
  io: Io,
  folder: string,
  serverArguments: readonly string[],
  { port, python, detach, json }: ServeCommandOptions,
): Promise<void> {
  if (port < 0 || port > 65_535) throw new InputError(`there is no port ${port}`);
  const stop = new AbortController();
  const interrupt = io.onInterrupt(() => stop.abort(new InputError("the server was stopped")));
  try {
    const endpoint = await serveRun(folder, {
      trainer: io.trainer,
      ...(python !== undefined && { python }),
      port,
      serverArguments,
      signal: stop.signal,
      report: (line) => io.log(`${line}\n`),
    });
    if (json)
      printJson(io, { ...endpoint, baseUrl: baseUrl(endpoint), log: servingFiles(folder).log });
    else io.out(describe(endpoint));
    if (!detach) await attend(io, folder, stop.signal);
  } finally {
    interrupt.dispose();
  }
}

function describe(endpoint: Endpoint): string {
  const { server, model, identifier } = endpoint;
  return [
    `Address     ${baseUrl(endpoint)}\n`,
    `Model       ${model}\n`,
    `Identifier  ${identifier}, as the system message: it stands where the policy stood\n`,
    ...(server === "embedded" ? [`${embeddedLimits}\n`] : []),
  ].join("");
}

/** What the embedded server refuses or does not heed. */
const embeddedLimits =
  "The embedded model gives its likeliest answer as plain text: no tools, no sampling, no stop sequences, a short context.";

const lookMs = 500;

/** Until Ctrl-C, which ends the server, or until the server is gone. */
async function attend(io: Io, folder: string, signal: AbortSignal): Promise<void> {
  io.log("Ctrl-C stops the server.\n");
  while (!signal.aborted) {
    if ((await readServing(folder)).status === "stopped") {
      throw new RunFailure(`the server is gone; all it said: ${servingFiles(folder).log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  await stopServing(folder);
  io.log("The server is stopped; its process is gone.\n");
}
