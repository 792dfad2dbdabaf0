import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { hasCode } from "./files.ts";

/** Which process it is: a pid alone is given to another process one day. */
export const ProcessIdentity = z.object({
  pid: z.int().min(1),
  host: z.string(),
  /** When the process began, in the words of the system; absent where the system does not tell. */
  start: z.string().optional(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

export async function identify(pid: number): Promise<ProcessIdentity> {
  const start = await startOf(pid);
  return { pid, host: hostname(), ...(start !== undefined && { start }) };
}

export function onThisHost(process: ProcessIdentity): boolean {
  return process.host === hostname();
}

/** Whether this very process still runs. Asks only for processes of this host. */
export async function isAlive({ pid, start }: ProcessIdentity): Promise<boolean> {
  if (!exists(pid)) return false;
  const now = await startOf(pid);
  if (process.platform === "linux" && now === undefined) return false;
  return start === undefined || now === undefined || now === start;
}

/** Whether the group of processes that `pid` leads has a member; always false on Windows. */
export async function groupIsAlive(pid: number): Promise<boolean> {
  if (process.platform === "win32" || !exists(-pid)) return false;
  // The dead leader waits in the table until its parent takes notice of it.
  return process.platform !== "linux" || (await livingMembers(pid));
}

/**
 * Whether the identity can be a trainer's, told by its numbers alone. A run folder may come from
 * anyone: what it names must not be the first process (whose "group", -1, is every process there
 * is), this one or its parent; and it must say when the process began, where systems tell that.
 */
export function canBeTrainer({ pid, start }: ProcessIdentity): boolean {
  const others = pid >= 2 && pid !== process.pid && pid !== process.ppid;
  return others && (start !== undefined || process.platform === "win32");
}

/**
 * Sends the signal to a trainer and its children. Whoever calls this has made sure that the process
 * is the one that the identity means.
 * @returns false when there is none, or when it cannot be a trainer.
 */
export function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!canBeTrainer(identity)) return false;
  const { pid } = identity;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
    return true;
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    throw error;
  }
}

/** Sends the signal to one process, of which the caller has made sure that it is a trainer's. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!canBeTrainer(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}

/**
 * The processes that descend from one, also those that left its group. Told on Linux, where alone
 * a run may have such; elsewhere none.
 */
export async function descendants(pid: number): Promise<ProcessIdentity[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(
    pids.map(async (member) => ({ pid: member, parent: (await readStat(member))?.parent })),
  );
  const family = new Set([pid]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid: member, parent } of stats) {
      if (parent !== undefined && family.has(parent)) family.add(member);
    }
  }
  family.delete(pid);
  return Promise.all([...family].map(identify));
}

/** Asks again and again until `condition` holds. @returns whether it held in time. */
export async function until(condition: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() >= end) return false;
    await sleep(20);
  }
  return true;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

async function startOf(pid: number): Promise<string | undefined> {
  switch (process.platform) {
    case "linux": {
      const stat = await readStat(pid);
      return stat && stat.state !== "Z" ? `${await bootId()}/${stat.start}` : undefined;
    }
    case "win32":
      return undefined;
    default:
      return promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]).then(
        ({ stdout }) => stdout.trim() || undefined,
        () => undefined,
      );
  }
}

/** Fields 3, 4, 5 and 22 of /proc/PID/stat (proc_pid_stat(5)). */
async function readStat(
  pid: number | string,
): Promise<{ state: string; parent: number; group: number; start: string } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses, and may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      state: fields[0]!,
      parent: Number(fields[1]),
      group: Number(fields[2]),
      start: fields[19]!,
    };
  } catch {
    return undefined;
  }
}

async function livingMembers(group: number): Promise<boolean> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map(readStat));
  return stats.some((stat) => stat?.group === group && stat.state !== "Z");
}

let boot: Promise<string> | undefined;

/** Start times on Linux count from boot. */
function bootId(): Promise<string> {
  return (boot ??= readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim(),
    () => "",
  ));
}
