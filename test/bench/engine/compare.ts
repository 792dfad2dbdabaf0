// The embedded engine beside torch: same model, same batch, same machine, turn by turn. See README.md.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parameterCount } from "../../../src/training/engines/onnx/gpt.ts";
import { timeOurs, timeTorch } from "./programs.ts";
import { sizeOf, sizes } from "./sizes.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    threads: { type: "string", default: "2" },
    python: { type: "string", default: join(".cache", "venv", "bin", "python") },
    size: { type: "string", multiple: true, default: Object.keys(sizes) },
  },
});

const { threads, python } = values;
const ours = (name: string) => timeOurs(name, { threads }).tokensPerSecond;
const torch = (name: string) => timeTorch(name, { threads, python });

function summary(numbers: readonly number[], digits: number): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!.toFixed(digits);
  return `${at(0.5)} (${at(0)}–${at(1)})`;
}

for (const name of values.size) {
  const size = sizeOf(name);
  const rounds = Array.from({ length: Number(values.rounds) }, (_, round) => {
    // Turns change sides, so that neither always runs on the warmer machine.
    if (round % 2 === 0) {
      const mine = ours(name);
      return { mine, theirs: torch(name) };
    }
    const theirs = torch(name);
    return { mine: ours(name), theirs };
  });
  const ratios = rounds.map(({ mine, theirs }) => mine / theirs);
  console.log(
    `${name}: ${parameterCount(size.config)} parameters, ${size.sequences} × ${size.tokens} tokens, ` +
      `${threads} threads, ${rounds.length} rounds; median (lowest–highest)\n` +
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
