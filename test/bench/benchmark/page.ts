/**
 * Writes the results page and its plots from the finished cells of experiments.ts:
 *
 *     npx tsx test/bench/benchmark/page.ts --cells FILE --out FOLDER
 *
 * FOLDER gets results.md and the SVG files. No figure on the page comes from anywhere else.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Cell } from "./cells.ts";
import { barChart, lineChart } from "./plots.ts";

const { values } = parseArgs({
  options: { cells: { type: "string", multiple: true }, out: { type: "string" } },
});
const { cells: files, out } = values;
if (files === undefined || out === undefined) {
  console.error("Which cells, and where to? npx tsx page.ts --cells FILE --out FOLDER");
  process.exit(2);
}
const cells = files.flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => Cell.parse(JSON.parse(line))),
);
mkdirSync(out, { recursive: true });

/** Median [least–most] of figures, and how many. */
function spread(figures: readonly number[], digits = 2): string {
  if (figures.length === 0) return "–";
  const sorted = figures.toSorted((a, b) => a - b);
  const show = (x: number) => x.toFixed(digits);
  return `${show(median(sorted))} [${show(sorted[0]!)}–${show(sorted.at(-1)!)}], ${figures.length}`;
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");

const of = (plan: Cell["plan"]) => cells.filter((cell) => cell.plan === plan);
const ranked = (some: readonly Cell[]) => some.map(({ result }) => result.ranked);

function armsPart(): string[] {
  const own = of("arms");
  if (own.length === 0) return [];
  const arms = [...new Set(own.map(({ arm }) => arm))];
  const rows = arms.map((arm) => {
    const these = own.filter((cell) => cell.arm === arm);
    return [
      arm,
      spread(ranked(these)),
      spread(these.map(({ result }) => result.written)),
      spread(
        these.map(({ result }) => result.trained / 1000),
        0,
      ),
      spread(
        these.map(({ result }) => result.trainingSeconds),
        0,
      ),
    ];
  });
  const bars = arms.map((arm) => ({
    label: arm,
    value: median(ranked(own.filter((c) => c.arm === arm))),
  }));
  writeFileSync(join(out!, "arms.svg"), barChart("Right outcomes by arm, medians", bars));
  return [
    "## Arms",
    "",
    "Depth 3, 200 trajectories. Each figure is a median [least–most] over policies and seeds, and how many runs it is of. *Ranked*: the right outcome is the likeliest of its task's, per token. *Written*: the answer is the right outcome word by word.",
    "",
    table(["arm", "ranked", "written", "1,000 tokens", "seconds of training"], rows),
    "",
    "![Right outcomes by arm](arms.svg)",
    "",
  ];
}

function gridPart(): string[] {
  const own = of("grid");
  if (own.length === 0) return [];
  const arms = [...new Set(own.map(({ arm }) => arm))];
  const depths = [...new Set(own.map(({ depth }) => depth))].toSorted((a, b) => a - b);
  const counts = [...new Set(own.map(({ trajectories }) => trajectories))].toSorted(
    (a, b) => a - b,
  );
  const at = (arm: string, depth: number, count: number) =>
    ranked(own.filter((c) => c.arm === arm && c.depth === depth && c.trajectories === count));
  const rows = depths.flatMap((depth) =>
    counts.map((count) => [
      `depth ${depth}, ${count} trajectories`,
      ...arms.map((arm) => spread(at(arm, depth, count))),
    ]),
  );
  const plots = counts.map((count) => {
    const file = `depth-${count}.svg`;
    const lines = arms.map((arm) => ({
      label: arm,
      points: depths.flatMap((depth): [number, number][] => {
        const figures = at(arm, depth, count);
        return figures.length === 0 ? [] : [[depth, median(figures)]];
      }),
    }));
    writeFileSync(
      join(out!, file),
      lineChart(`Right outcomes by depth, ${count} trajectories`, "depth of the rules", lines),
    );
    return `![By depth, ${count} trajectories](${file})`;
  });
  return ["## Depth and trajectories", "", table(["", ...arms], rows), "", ...plots, ""];
}

function probesPart(): string[] {
  const own = of("probes").flatMap(({ result }) =>
    result.probes ? [{ ...result, probes: result.probes }] : [],
  );
  if (own.length === 0) return [];
  const rows: [string, number[], number?][] = [
    ["without the document", own.map((each) => each.ranked)],
    ["restored: the section in the prompt again", own.map(({ probes }) => probes.restored)],
    ["override: a changed section in the prompt wins", own.map(({ probes }) => probes.override)],
    ["referral: the rule itself is asked for", own.map(({ probes }) => probes.referral)],
    ["branching error, conditions", own.map(({ probes }) => probes.branchingError)],
    [
      "retention: another policy, before",
      own.flatMap(({ probes }) => probes.retention?.before ?? []),
    ],
    [
      "retention: another policy, after",
      own.flatMap(({ probes }) => probes.retention?.after ?? []),
    ],
    ["tokens of the document", own.map(({ probes }) => probes.document), 0],
    ["tokens of the identifier", own.map(({ probes }) => probes.identifier), 0],
    ["prompt tokens with the document", own.map(({ probes }) => probes.withPolicy.tokens), 0],
    ["prompt tokens with the identifier", own.map(({ probes }) => probes.withIdentifier.tokens), 0],
    ["milliseconds to the first token, document", own.map(({ probes }) => probes.withPolicy.ms), 1],
    [
      "milliseconds to the first token, identifier",
      own.map(({ probes }) => probes.withIdentifier.ms),
      1,
    ],
  ];
  const reduction = own.map(
    ({ probes }) => 1 - probes.withIdentifier.tokens / probes.withPolicy.tokens,
  );
  return [
    "## Probes",
    "",
    table(
      ["after CAP-CPT + SFT", "median [least–most], runs"],
      [
        ...rows.map(([label, figures, digits]) => [label, spread(figures, digits)]),
        [
          "prompt reduction, %",
          spread(
            reduction.map((share) => 100 * share),
            1,
          ),
        ],
      ],
    ),
    "",
  ];
}

const machines = [...new Set(cells.map(({ machine }) => machine))];
const budgets = [...new Set(cells.map(({ tokens }) => tokens))];
const seconds = cells.reduce((sum, { result }) => sum + result.seconds, 0);
const starts = [...new Set(cells.map(({ seedModel }) => (seedModel ? "a seed model" : "scratch")))];
const page = [
  "# Experiments on generated policies",
  "",
  "Written by `test/bench/benchmark/page.ts` from the cells of `experiments.ts`; nothing here was typed.",
  "",
  `- Cells: ${cells.length}, ${(seconds / 60).toFixed(0)} minutes in all, on ${machines.join("; ")}.`,
  `- Training tokens of every arm: ${budgets.map((budget) => budget.toLocaleString("en")).join(", ")}; from ${starts.join(" and from ")}.`,
  `- Policies: seeds ${[...new Set(cells.map(({ policy }) => policy))].join(", ")}; training seeds ${[...new Set(cells.map(({ seed }) => seed))].join(", ")}.`,
  "",
  ...armsPart(),
  ...gridPart(),
  ...probesPart(),
  "## What this setting shares with the paper's, and what it does not",
  "",
  "- Shared: generated policies along four axes, continued pretraining by category of statement, fine-tuning on trajectories with reasoning, an identifier in place of the document.",
  "- Not shared: the model has about a million parameters and starts from scratch, or from a seed model that knows only generated policies; the paper's is Qwen-3-32B. Queries give every fact in one message, and the answer is the choice among the outcomes of a task, without tool calls.",
  "- The trajectories are labelled cases, and so are the simulations among the pretraining rows: the control arm has the same simulations and no text of the policy. What the text adds is the difference to it.",
  "",
];
writeFileSync(join(out, "results.md"), page.join("\n"));
console.log(join(out, "results.md"));
