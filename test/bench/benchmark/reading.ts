/**
 * How often our own reader finds the generator's trees in the documents that it writes.
 *
 *     npx tsx test/bench/benchmark/reading.ts [--seeds 20] [--verbose]
 *
 * A tree counts as found when the statements that say it, taken in order, decide every way through
 * it as the generator does, whatever the conditions off the way are.
 */
import { parseArgs } from "node:util";
import { generate } from "../../../src/benchmark/generate.ts";
import { readKnobs, renderers } from "../../../src/benchmark/knobs.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { found } from "./found.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    first: { type: "string", default: "1" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

/** Depth and branching: the plain, the usual, and the most there is. */
const shapes = [
  [1, 1],
  [2, 2],
  [3, 1],
  [3, 2],
  [4, 2],
  [4, 3],
  [6, 4],
] as const;

let all = 0;
let right = 0;
for (const renderer of renderers) {
  let here = 0;
  let ours = 0;
  const byShape = shapes.map(([depth, branching]) => {
    let trees = 0;
    let same = 0;
    for (let i = 0; i < Number(values.seeds); i++) {
      const seed = Number(values.first) + i;
      const knobs = readKnobs({ renderer, depth, branching, tasks: 6, databases: 3, queries: 1 });
      const { policy, trees: generated } = generate(seed, knobs, "");
      const { statements } = parsePolicy(policy, { path: "policy.md" });
      for (const tree of generated) {
        const problem = found(tree, statements);
        trees++;
        if (problem === undefined) same++;
        else if (values.verbose) {
          console.log(`--- ${renderer} seed ${seed} ${tree.task}: ${problem}`);
        }
      }
    }
    here += trees;
    ours += same;
    return `${depth}/${branching} ${((100 * same) / trees).toFixed(1)}`;
  });
  all += here;
  right += ours;
  console.log(
    `${renderer.padEnd(9)} ${share(ours, here)}   depth/branching %: ${byShape.join("  ")}`,
  );
}
console.log(`all       ${share(right, all)}`);

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
}
