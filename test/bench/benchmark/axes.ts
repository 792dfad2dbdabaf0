/**
 * Whether each knob does what it says, and nothing else: one is turned while the others stay, and
 * what each axis is made of is measured on many seeds.
 *
 *     npx tsx test/bench/benchmark/axes.ts [--seeds 10]
 *
 * Exits with 1 when a knob does not raise its own measure at every step, or moves that of another
 * axis by more than a tenth.
 */
import { parseArgs } from "node:util";
import { type Benchmark, generate } from "../../../src/benchmark/generate.ts";
import { type KnobSettings, readKnobs } from "../../../src/benchmark/knobs.ts";
import { depthOf, pathsOf } from "../../../src/benchmark/tree.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "10" } } });

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);

const words = (text: string): number => text.split(/\s+/).length;

/** The entropy of where a case ends, in bits, when every test is as likely to hold as not. */
function branchEntropy({ trees }: Benchmark): number {
  return mean(
    trees.map(({ root }) =>
      pathsOf(root).reduce((sum, { turns }) => sum + turns.length / 2 ** turns.length, 0),
    ),
  );
}

const cells = ({ databases }: Benchmark): number =>
  Object.values(databases)
    .flatMap((table) => Object.values(table))
    .reduce((sum, row) => sum + Object.keys(row).length, 0);

/** What is measured, by axis. */
const measures = {
  environment: {
    databases: ({ databases }) => Object.keys(databases).length,
    "facts on record": cells,
  },
  task: {
    tasks: ({ trees }) => trees.length,
    "arguments of a tool": ({ tools, trees }) =>
      mean(
        tools
          .filter(({ function: { name } }) => trees.some(({ task }) => task === name))
          .map(({ function: { parameters } }) => parameters.required.length),
      ),
  },
  workflow: {
    "tree depth": ({ trees }) => mean(trees.map(({ root }) => depthOf(root))),
    "branch entropy": branchEntropy,
  },
  query: {
    intents: ({ queries }) => mean(queries.map(({ intents }) => intents.length)),
    "look-ups": ({ queries }) =>
      mean(queries.map(({ intents }) => mean(intents.map(({ missing }) => missing.length)))),
    distractors: ({ queries }) => mean(queries.map((query) => query.distractors)),
  },
  size: {
    statements: ({ policy }) => parsePolicy(policy, { path: "policy.md" }).statements.length,
    tokens: ({ policy }) => parsePolicy(policy, { path: "policy.md" }).policy.tokens,
    "words of a query": ({ queries }) => mean(queries.map(({ instruction }) => words(instruction))),
  },
} as const satisfies Record<string, Record<string, (benchmark: Benchmark) => number>>;
type Axis = keyof typeof measures;

const usual: KnobSettings = {
  databases: 3,
  fields: 4,
  tasks: 6,
  depth: 3,
  branching: 2,
  queries: 60,
  renderer: "bulleted",
};

/** Which knob is turned how far, and what must rise with it. */
const turns: readonly {
  axis: Axis;
  knob: keyof KnobSettings;
  steps: readonly number[];
  raises: string;
}[] = [
  { axis: "environment", knob: "databases", steps: [1, 2, 3, 4], raises: "databases" },
  { axis: "environment", knob: "fields", steps: [2, 4, 6], raises: "facts on record" },
  { axis: "environment", knob: "records", steps: [12, 24, 48], raises: "facts on record" },
  { axis: "task", knob: "tasks", steps: [3, 6, 9, 12], raises: "tasks" },
  { axis: "task", knob: "arguments", steps: [0, 1, 2, 4], raises: "arguments of a tool" },
  { axis: "workflow", knob: "depth", steps: [1, 2, 3, 4, 5, 6], raises: "tree depth" },
  { axis: "workflow", knob: "branching", steps: [1, 2, 3, 4], raises: "branch entropy" },
  { axis: "query", knob: "intents", steps: [1, 2, 3], raises: "intents" },
  { axis: "query", knob: "missing", steps: [0, 1, 2], raises: "look-ups" },
  { axis: "query", knob: "distractors", steps: [0, 1, 2, 4], raises: "distractors" },
];

const names = Object.values(measures).flatMap((group) => Object.keys(group));
const problems: string[] = [];

console.log(`Means over ${values.seeds} seeds.\n`);
console.log(`| knob | ${names.join(" | ")} |`);
console.log(`| --- | ${names.map(() => "---:").join(" | ")} |`);
for (const { axis, knob, steps, raises } of turns) {
  const rows = steps.map((step) => measure({ ...usual, [knob]: step }));
  rows.forEach((row, i) => {
    const shown = names.map((name) => row.get(name)!.toFixed(1));
    console.log(`| ${knob} ${steps[i]!} | ${shown.join(" | ")} |`);
  });
  const own = rows.map((row) => row.get(raises)!);
  if (own.some((value, i) => i > 0 && value <= own[i - 1]!)) {
    problems.push(`${knob} does not raise ${raises} at every step: ${own.join(", ")}`);
  }
  for (const [other, group] of Object.entries(measures)) {
    if (other === axis || other === "size") continue;
    for (const name of Object.keys(group)) {
      const moved = rows.map((row) => row.get(name)!);
      const range = Math.max(...moved) - Math.min(...moved);
      if (range > 0.1 * Math.max(...moved)) {
        problems.push(
          `${knob} moves ${name}: ${moved.map((value) => value.toFixed(2)).join(", ")}`,
        );
      }
    }
  }
}
console.log(problems.length === 0 ? "\nEvery knob moves its own axis only." : "");
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function measure(settings: KnobSettings): Map<string, number> {
  const made = Array.from({ length: Number(values.seeds) }, (_, seed) =>
    generate(seed, readKnobs(settings), ""),
  );
  const all = Object.values(measures).flatMap((group) =>
    Object.entries<(benchmark: Benchmark) => number>(group),
  );
  return new Map(all.map(([name, of]) => [name, mean(made.map((benchmark) => of(benchmark)))]));
}
