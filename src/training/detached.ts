import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { describeFileError } from "./file-errors.ts";
import {
  descendants,
  groupIsAlive,
  identify,
  isAlive,
  type ProcessIdentity,
  signalGroup,
  signalProcess,
  until,
} from "./processes.ts";
import type { Invocation } from "./trainers.ts";

/**
 * Starts a program that outlives this process: in a group of its own, without a shell, with a file
 * as its output.
 * @param what names the program in errors.
 * @param adopt writes down which process it is. When that fails, no process is left.
 * @throws Error in one line.
 */
export async function launchDetached(
  { program, args, env }: Invocation,
  { what, cwd, log }: { what: string; cwd: string; log: string },
  adopt: (identity: ProcessIdentity) => Promise<void>,
): Promise<ProcessIdentity> {
  const output = openSync(log, "a");
  try {
    const child = spawn(program, args, {
      cwd,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", output, output],
      env,
    });
    await once(child, "spawn").catch((error: unknown) => {
      const why = describeFileError(error) ?? (error instanceof Error ? error.message : "");
      throw new Error(`${what} could not be started: ${why}`, { cause: error });
    });
    try {
      const identity = await identify(child.pid!);
      await adopt(identity);
      child.unref();
      return identity;
    } catch (error) {
      await end(child);
      throw error;
    }
  } finally {
    closeSync(output);
  }
}

/** Ends a child that has no children yet, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

const forceMs = 700;

/**
 * Ends a process and waits until it, its group and all that descend from it are gone. It is asked
 * first, and ended by force when it does not listen.
 * @param ask how it is asked; by a signal unless told.
 * @returns whether it took force.
 * @throws Error when it cannot be ended.
 */
export async function endDetached(
  identity: ProcessIdentity,
  { what, politeMs, ask }: { what: string; politeMs: number; ask?: () => Promise<void> },
): Promise<boolean> {
  const { pid } = identity;
  // torchrun gives its workers sessions of their own: they are no members of the group.
  const family = await descendants(pid);
  const gone = async () =>
    !(await isAlive(identity)) &&
    !(await groupIsAlive(pid)) &&
    !(await Promise.all(family.map(isAlive))).includes(true);
  if (ask) await ask();
  else signalGroup(identity, "SIGTERM");
  if (await until(gone, politeMs)) return false;
  signalGroup(identity, "SIGKILL");
  for (const member of family) if (await isAlive(member)) signalProcess(member, "SIGKILL");
  if (await until(gone, forceMs)) return true;
  throw new Error(`${what} cannot be ended: process ${pid} is still there`);
}
