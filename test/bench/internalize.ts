/**
 * Internalizes policies with several seeds and prints the median of each figure, on the exam and on
 * the second exam, whose words nobody tuned on:
 *   npx tsx test/bench/internalize.ts [--seeds 3] [--out FOLDER] POLICY.md…
 * Needs `npm run build` first. About four minutes a policy and seed on two cores.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Arm, Report } from "../../src/evaluation/report.ts";
import { ParsedPolicy } from "../../src/policy/statement.ts";
import { toJsonl } from "../../src/synthesis/jsonl.ts";
import { synthesize } from "../../src/synthesis/synthesize.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "3" }, out: { type: "string" } },
});
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const out = values.out ?? mkdtempSync(join(tmpdir(), "ingrain-bench-"));

const figures = {
  overall: (arm: Arm) => arm.accuracy,
  seen: (arm: Arm) => arm.byTier["seen"]?.accuracy,
  rewrapped: (arm: Arm) => arm.byTier["rewrapped"]?.accuracy,
  reworded: (arm: Arm) => arm.byTier["reworded"]?.accuracy,
  scenario: (arm: Arm) => arm.byTier["scenario"]?.accuracy,
  "written, seen": (arm: Arm) => arm.generatedSeen?.accuracy,
  "null prompt": (arm: Arm) => arm.nullPrompt.accuracy,
};

function ingrain(...args: string[]): string {
  return execFileSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 26,
  });
}

function internalize(policy: string, seed: number) {
  const folder = join(out, `${basename(policy, ".md")}-${seed}`);
  const started = performance.now();
  const report = Report.parse(
    JSON.parse(ingrain("internalize", policy, "--seed", String(seed), "--dir", folder, "--json")),
  );
  const seconds = (performance.now() - started) / 1000;
  // As the run's own exam was read: with the network, which a parse of ours would leave out.
  const parsed = ParsedPolicy.parse(JSON.parse(ingrain("parse", policy, "--json")));
  const second = synthesize(parsed, { seed, command: "bench", exam: "second" }).exam;
  const exam = join(folder, "second.jsonl");
  writeFileSync(exam, toJsonl(second));
  const examined = ingrain("exam", report.run, "--dir", folder, "--exam", exam, "--json");
  return { report, second: Arm.parse(JSON.parse(examined)), seconds };
}

function median(numbers: readonly (number | undefined)[]): string {
  const sorted = numbers.filter((x) => x !== undefined).sort((a, b) => a - b);
  const show = (x: number | undefined) => x?.toFixed(2) ?? "–";
  return `${show(sorted[Math.floor(sorted.length / 2)])} [${show(sorted[0])}–${show(sorted.at(-1))}]`;
}

for (const policy of positionals) {
  const runs = Array.from({ length: Number(values.seeds) }, (_, i) => internalize(policy, i + 1));
  console.log(`\n${basename(policy)}: median [least–most] of ${runs.length} seeds`);
  const arms = {
    internalized: runs.map(({ report }) => report.arms.internalized!),
    "internalized, second exam": runs.map(({ second }) => second),
    "sft-only": runs.map(({ report }) => report.arms["sft-only"]!),
    base: runs.map(({ report }) => report.arms.base!),
  };
  for (const [figure, of] of Object.entries(figures)) {
    const cells = Object.entries(arms).map(([name, list]) => `${name} ${median(list.map(of))}`);
    console.log(`  ${figure.padEnd(14)} ${cells.join("   ")}`);
  }
  console.log(`  wall seconds   ${runs.map(({ seconds }) => seconds.toFixed(0)).join(", ")}`);
}
console.log(`\nRuns: ${out}`);
