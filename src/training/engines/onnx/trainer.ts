import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError, messageOf } from "../../../policy/errors.ts";
import { EventWriter } from "../../events-file.ts";
import type { NewRunEvent } from "../../events.ts";
import { hasCode } from "../../files.ts";
import { RunLock } from "../../lock.ts";
import { readSpec, runFiles } from "../../run-folder.ts";
import { TrainingError } from "../../training-error.ts";
import { serveTrial, trialArgument } from "./device-trial.ts";
import { runFolder } from "./run.ts";

/**
 * The trainer process: `node trainer.js RUN_FOLDER`. It works until the run is over and writes the
 * run's last word: finished, failed or cancelled.
 */

/** A step, an exam batch or a checkpoint must be over by then; what is not is given up. */
const graceMs = 800;
const lookMs = 150;
/** Room that is given back when the disk is full, so that the last word can still be written. */
const reserveBytes = 64 * 1024;

async function main(folder: string): Promise<void> {
  const files = runFiles(folder);
  const reserve = join(folder, ".reserve");
  const stop = new AbortController();
  let over = false;

  const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  const emit = (event: NewRunEvent) => {
    // After the last word there is nothing to say: a step may still come back.
    if (!over) writer.append(event);
  };
  const end = (code: number, event?: NewRunEvent) => {
    if (over) return;
    rmSync(reserve, { force: true });
    if (event) new EventWriter(files.events).append(event);
    over = true;
    process.exitCode = code;
  };
  const fail = (error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    end(1, { type: "failed", ...describe(error) });
  };
  const cancel = () => {
    if (stop.signal.aborted) return;
    log("asked to stop");
    stop.abort(new Error("cancelled"));
    setTimeout(() => {
      end(0, { type: "cancelled" });
      process.exit();
    }, graceMs).unref();
  };

  // A log that cannot be written is no reason to lose the run.
  process.stdout.on("error", () => undefined);
  process.on("SIGTERM", cancel);
  process.on("SIGINT", cancel);
  const looking = setInterval(() => {
    if (existsSync(files.cancel)) cancel();
  }, lookMs);
  process.on("uncaughtException", (error) => {
    fail(error);
    process.exit();
  });

  const writer = new EventWriter(files.events);
  try {
    writeFileSync(reserve, Buffer.alloc(reserveBytes));
    await runFolder(folder, { emit, log, signal: stop.signal, trainer: process.argv[1]! });
    end(0);
  } catch (error) {
    if (stop.signal.aborted) end(0, { type: "cancelled" });
    else fail(error);
  }
  clearInterval(looking);
  await readSpec(folder)
    .then(({ dataset }) => new RunLock(folder, dataset.sha256).release())
    .catch((error: unknown) => log(`the lock could not be given back: ${String(error)}`));
  process.exit();
}

/** What happened and what to do, one line each. */
function describe(error: unknown): { error: string; hint: string } {
  if (hasCode(error, "ENOSPC")) {
    return {
      error: "The disk is full.",
      hint: "Free some space and resume the run: it goes on from its last checkpoint.",
    };
  }
  if (error instanceof TrainingError) return { error: error.message, hint: error.hint };
  if (error instanceof InputError) {
    return { error: error.message, hint: error.hint ?? "Start a new run." };
  }
  const message = messageOf(error);
  return {
    error: message.split("\n")[0] ?? "unknown",
    hint: "The trainer's log says more; resume the run to try again.",
  };
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: node trainer.js RUN_FOLDER");
  process.exitCode = 2;
} else if (folder === trialArgument) {
  serveTrial();
} else {
  void main(folder);
}
