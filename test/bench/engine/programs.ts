import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { OurTimes } from "./ours.ts";
import { sizeOf } from "./sizes.ts";

const here = import.meta.dirname;
const require = createRequire(join(here, "programs.ts"));
const tsx = join(dirname(require.resolve("tsx/package.json")), "dist", "cli.mjs");

/** Each measurement is a process of its own: no allocator or thread pool outlives it. */
function measure(program: string, args: string[]): unknown {
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw error ?? new Error(`${program} failed (exit code ${String(status)})`);
  return JSON.parse(stdout);
}

export interface OurOptions {
  threads: string;
  device?: "cpu" | "gpu";
  /** Timed; as many as the size says unless told. */
  steps?: string;
}

export function timeOurs(
  size: string,
  { threads, device = "cpu", steps = "" }: OurOptions,
): OurTimes {
  const args = [tsx, join(here, "ours.ts"), size, threads, device, steps];
  return measure(process.execPath, args) as OurTimes;
}

/** Tokens a second of torch; `device` as torch names it. */
export function timeTorch(
  size: string,
  { threads, python, device = "cpu" }: { threads: string; python: string; device?: string },
): number {
  const args = [join(here, "torch_bench.py"), JSON.stringify(sizeOf(size)), threads, device];
  return measure(python, args) as number;
}
