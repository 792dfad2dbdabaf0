import type { Command } from "commander";
import { resolve } from "node:path";
import { type Benchmark, generate } from "../benchmark/generate.ts";
import { readKnobs, renderers, styles } from "../benchmark/knobs.ts";
import { depthOf } from "../benchmark/tree.ts";
import { counted } from "../protocol/words.ts";
import { saveBenchmark } from "../workspace/benchmarks.ts";
import { type Io, printJson } from "./io.ts";
import { integer } from "./options.ts";
import { shellCommand } from "./shell.ts";

/** What each knob of a number does, for the help. */
const numbers = {
  databases: "environment: databases, 1 to 4",
  fields: "environment: fields of each database, 1 to 6",
  records: "environment: records of each database",
  tasks: "task: what can be asked for, 1 to 12",
  arguments: "task: what the user gives for each, 0 to 4",
  depth: "workflow: tests on the longest way through a tree, 1 to 6",
  branching: "workflow: tests side by side, 1 to 4",
  intents: "query: requests in one, 1 to 3",
  missing: "query: facts that must be looked up, 0 to 6",
  distractors: "query: things said that bear on nothing, 0 to 4",
  queries: "how many queries",
} as const;

interface GenerateOptions {
  seed: number;
  out: string;
  json?: true;
}

/** `generate`: a policy of controlled complexity, and what it takes to try an agent on it. */
export function addGenerateCommand(program: Command, io: Io): void {
  const command = program
    .command("generate")
    .description("make a benchmark: a policy, databases, tools and tasks with gold actions")
    .requiredOption("--out <folder>", "the folder to make")
    .option("--seed <n>", "the same seed and knobs give the same files", integer, 1);
  for (const [name, what] of Object.entries(numbers)) {
    command.option(`--${name} <n>`, what, integer);
  }
  command
    .option("--style <name>", `query: ${styles.join(", ")} or mixed`)
    .option("--renderer <name>", `how the policy is written: ${renderers.join(", ")}`)
    .option("--domain <name>", "the business; the seed chooses one by default")
    .option("--json", "print the folder and the manifest as JSON")
    .action(async ({ seed, out, json, ...knobs }: GenerateOptions & Record<string, unknown>) => {
      const turned = Object.entries(knobs).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const benchmark = generate(
        seed,
        readKnobs(knobs),
        shellCommand(["ingrain", "generate", "--seed", String(seed), ...turned, "--out", out]),
      );
      const folder = await saveBenchmark(resolve(io.cwd, out), benchmark);
      if (json) printJson(io, { folder, manifest: benchmark.manifest });
      else io.out(`${describe(benchmark)}${folder}\n`);
    });
}

function describe({ manifest, databases, queries, trees }: Benchmark): string {
  const depth = Math.max(...trees.map(({ root }) => depthOf(root)));
  return (
    `${manifest.title}: ${counted(trees.length, "task")} of depth ${depth}, ` +
    `${counted(Object.keys(databases).length, "database")}, ${queries.length === 1 ? "1 query" : `${queries.length} queries`}\n`
  );
}
