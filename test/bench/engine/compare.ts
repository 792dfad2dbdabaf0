// The embedded engine beside torch: same model, same batch, same machine, turn by turn. See README.md.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { parameterCount } from "../../../src/training/engines/onnx/gpt.ts";
import { sizes, type BenchSize } from "./sizes.ts";

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    threads: { type: "string", default: "2" },
    python: { type: "string", default: join(".cache", "venv", "bin", "python") },
    size: { type: "string", multiple: true, default: Object.keys(sizes) },
  },
});

function measure(program: string, args: string[]): number {
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw error ?? new Error(`${program} failed (exit code ${String(status)})`);
  return Number(stdout);
}

const tsx = join(
  dirname(createRequire(join(here, "compare.ts")).resolve("tsx/package.json")),
  "dist",
  "cli.mjs",
);
const ours = (name: string) =>
  measure(process.execPath, [tsx, join(here, "ours.ts"), name, values.threads]);
const torch = (size: BenchSize) =>
  measure(values.python, [join(here, "torch_bench.py"), JSON.stringify(size), values.threads]);

function summary(numbers: readonly number[], digits: number): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!.toFixed(digits);
  return `${at(0.5)} (${at(0)}–${at(1)})`;
}

for (const name of values.size) {
  const size = sizes[name];
  if (!size) throw new Error(`unknown size ${name}`);
  const rounds = Array.from({ length: Number(values.rounds) }, (_, round) => {
    // Turns change sides, so that neither always runs on the warmer machine.
    if (round % 2 === 0) {
      const mine = ours(name);
      return { mine, theirs: torch(size) };
    }
    const theirs = torch(size);
    return { mine: ours(name), theirs };
  });
  const ratios = rounds.map(({ mine, theirs }) => mine / theirs);
  console.log(
    `${name}: ${parameterCount(size.config)} parameters, ${size.sequences} × ${size.tokens} tokens, ` +
      `${values.threads} threads, ${rounds.length} rounds; median (lowest–highest)\n` +
      `  ours   ${summary(
        rounds.map(({ mine }) => mine),
        0,
      )} tokens/s\n` +
      `  torch  ${summary(
        rounds.map(({ theirs }) => theirs),
        0,
      )} tokens/s\n` +
      `  ratio  ${summary(ratios, 2)}`,
  );
}
