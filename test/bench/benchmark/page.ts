/**
 * Writes the results page and its plots from what experiments.ts and seed-model.ts left:
 *
 *     npx tsx test/bench/benchmark/page.ts --results FOLDER --out FOLDER
 *
 * Read are cells*.jsonl, prompt.jsonl, seed-model.json and readings.json; written are results.md and
 * SVG files. No figure on the page comes from anywhere else.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Cell,
  Cell as CellSchema,
  isCells,
  PromptCost,
  readLines,
  Readings,
  SeedModel,
} from "./cells.ts";
import { tested } from "./lesson.ts";
import { barChart, lineChart } from "./plots.ts";

const { values } = parseArgs({
  options: { results: { type: "string" }, out: { type: "string" } },
});
const { results, out } = values;
if (results === undefined || out === undefined) {
  console.error("Which results, and where to? npx tsx page.ts --results FOLDER --out FOLDER");
  process.exit(2);
}
const cells = readdirSync(results)
  .filter(isCells)
  .toSorted()
  .flatMap((name) => readLines(join(results, name), CellSchema));
const prompts = readLines(join(results, "prompt.jsonl"), PromptCost);
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(results, name), "utf8"));
const seedModel = SeedModel.parse(readJson("seed-model.json"));
const readings = Readings.parse(readJson("readings.json"));
mkdirSync(out, { recursive: true });

const sft = "SFT alone";
const cap = "CAP-CPT + SFT";
const control = cells.map(({ arm }) => arm).find((arm) => arm.startsWith("control"))!;
const claimed = [sft, cap, control];
/** Tokens of the experiments; other budgets are looked at for the bar on tokens only. */
const budget = Math.max(...cells.map(({ tokens }) => tokens));
const counts = [50, 200, 1000];
const depths = [1, 2, 3, 4];
const depthsRun = depths.filter((depth) =>
  cells.some((cell) => cell.depth === depth && cell.arm === cap),
);

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

const mean = (figures: readonly number[]): number =>
  figures.reduce((sum, each) => sum + each, 0) / figures.length;

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median [least–most], and of how many. */
function spread(figures: readonly number[], digits = 2): string {
  if (figures.length === 0) return "not run";
  const show = (x: number) => x.toFixed(digits);
  const range = `${show(Math.min(...figures))}–${show(Math.max(...figures))}`;
  return `${show(median(figures))} [${range}], ${figures.length}`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");

interface Where {
  depths?: readonly number[];
  trajectories: number;
  tokens?: number;
}

function cellsOf(arm: string, where: Where): Cell[] {
  const { depths: at = depthsRun, trajectories, tokens = budget } = where;
  return cells.filter(
    (cell) =>
      cell.arm === arm &&
      at.includes(cell.depth) &&
      cell.trajectories === trajectories &&
      cell.tokens === tokens,
  );
}

/**
 * For each training seed, the mean of each arm over the policies that have been run at all depths
 * with all arms; of as many seeds as share a policy.
 */
function bySeed(where: Where, names: readonly string[]): { means: number[][]; policies: number } {
  const own = names.map((arm) => cellsOf(arm, where));
  const at = where.depths ?? depthsRun;
  const isWhole = (seed: number, policy: number) =>
    own.every((some) =>
      at.every((depth) =>
        some.some((cell) => cell.seed === seed && cell.policy === policy && cell.depth === depth),
      ),
    );
  const all = distinct(own.flat().map(({ seed }) => seed));
  const policiesOf = (seeds: readonly number[]) =>
    tested.filter((policy) => seeds.every((seed) => isWhole(seed, policy)));
  const choices = subsets(all)
    .map((seeds) => ({ seeds, policies: policiesOf(seeds) }))
    .filter(({ seeds, policies }) => seeds.length > 0 && policies.length > 0)
    .toSorted((a, b) => b.seeds.length - a.seeds.length || b.policies.length - a.policies.length);
  const [best] = choices;
  const means = (best?.seeds ?? []).map((seed) =>
    own.map((some) =>
      mean(
        some
          .filter((cell) => cell.seed === seed && best!.policies.some((p) => p === cell.policy))
          .map(ranked),
      ),
    ),
  );
  return { means, policies: best?.policies.length ?? 0 };
}

const subsets = <T>(items: readonly T[]): T[][] =>
  items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]]);

const ranked = ({ result }: Cell): number => result.ranked;
const figure = (arm: string, where: Where): number[] =>
  bySeed(where, [arm]).means.map(([own]) => own!);
const gain = (arm: string, over: string, where: Where): number[] =>
  bySeed(where, [arm, over]).means.map(([own, other]) => 100 * (own! - other!));

const probed = cells.flatMap((cell) => (cell.result.probes ? [cell] : []));
const probe = (of: (probes: NonNullable<Cell["result"]["probes"]>) => number): number[] =>
  distinct(probed.map(({ seed }) => seed)).map((seed) =>
    mean(probed.filter((cell) => cell.seed === seed).map(({ result }) => of(result.probes!))),
  );
const reduction = prompts.map(
  ({ withIdentifier, withPolicy }) => 100 * (1 - withIdentifier.tokens / withPolicy.tokens),
);

function bars(): string[] {
  const sparse: Where = { depths: [3, 4], trajectories: 50 };
  const usual: Where = { trajectories: 200 };
  const deepest: Where = { depths: [4], trajectories: 200 };
  const quick: Where = { trajectories: 200, tokens: 100_000 };
  const policiesOf = (where: Where, ...names: string[]) => bySeed(where, names).policies;
  const probedPolicies = new Set(probed.map(({ policy }) => policy)).size;
  const lines: [string, number, readonly number[], number, number, string][] = [
    [
      `${cap}, 200 trajectories, depths ${depthsRun.join(", ")}`,
      ...([0.9, figure(cap, usual), 2, policiesOf(usual, cap), beside(usual)] as const),
    ],
    [
      "the same at depth 4",
      ...([0.8, figure(cap, deepest), 2, policiesOf(deepest, cap), beside(deepest)] as const),
    ],
    [
      `50 trajectories, depths 3 and 4: points above ${sft}`,
      ...([20, gain(cap, sft, sparse), 1, policiesOf(sparse, cap, sft)] as const),
      `control: ${spread(gain(control, sft, sparse), 1)} points above ${sft}`,
    ],
    [
      "a new policy within 100,000 tokens",
      ...([0.9, figure(cap, quick), 2, policiesOf(quick, cap), beside(quick)] as const),
    ],
    ["prompt reduction on task(12)/workflow(3), %", 97.3, reduction, 1, prompts.length, ""],
    [
      "override: a changed outcome in the prompt wins",
      ...([0.8, probe(({ override }) => override), 2, probedPolicies] as const),
      `another outcome changed, as before: ${spread(probe(({ unconcerned }) => unconcerned))}`,
    ],
  ];
  return [
    "## Bars",
    "",
    `Set before anything was measured. Each figure is the median [least–most] over training seeds of the mean over the policies that were run with all of these seeds, and how many seeds it is of (for prompts: policies). A bar counts as decided with all ${tested.length} policies.`,
    "",
    table(
      ["bar", "at least", "measured", "policies", "", "beside it"],
      lines.map(([label, bar, figures, digits, policies, other]) => [
        ...[label, String(bar), spread(figures, digits), String(policies)],
        verdict(figures, bar, policies),
        other,
      ]),
    ),
    "",
    "What do the gains come from?",
    "",
    ...[50, 200].map(
      (trajectories) =>
        `- ${trajectories} trajectories, depths 3 and 4: ${cap} lies ${spread(gain(cap, sft, { depths: [3, 4], trajectories }), 1)} points above ${sft}, and ${spread(gain(cap, control, { depths: [3, 4], trajectories }), 1)} above the control. The first is the gain, the second what the text of the policy has to do with it; the rest comes from the simulations.`,
    ),
    "",
  ];
}

function verdict(figures: readonly number[], bar: number, policies: number): string {
  if (figures.length === 0) return "not run";
  const soFar = policies < tested.length ? " so far" : "";
  return median(figures) >= bar ? `met${soFar}` : `**missed**${soFar}`;
}

function beside(where: Where): string {
  return `${sft}: ${spread(figure(sft, where))}; control: ${spread(figure(control, where))}`;
}

function armsPart(): string[] {
  const own = cells.filter(({ depth, trajectories }) => depth === 3 && trajectories === 200);
  const arms = [...new Set(own.map(({ arm }) => arm))];
  const these = (arm: string) => own.filter((cell) => cell.arm === arm);
  const sorted = arms.toSorted(
    (one, other) => median(these(other).map(ranked)) - median(these(one).map(ranked)),
  );
  const file = "arms.svg";
  writeFileSync(
    join(out!, file),
    barChart(
      "Right outcomes by arm, medians",
      sorted.map((arm) => ({ label: arm, value: median(these(arm).map(ranked)) })),
    ),
  );
  return [
    "## Arms",
    "",
    "Depth 3, 200 trajectories. Median [least–most] over policies and seeds, and how many runs. *Ranked*: the right outcome is the likeliest of its task's. *Written*: the answer is the right outcome word by word.",
    "",
    table(
      ["arm", "ranked", "written", "tokens trained on", "seconds of training"],
      sorted.map((arm) => [
        arm,
        spread(these(arm).map(ranked)),
        spread(these(arm).map(({ result }) => result.written)),
        Math.round(median(these(arm).map(({ result }) => result.trained))).toLocaleString("en"),
        median(these(arm).map(({ result }) => result.trainingSeconds)).toFixed(0),
      ]),
    ),
    "",
    `![Right outcomes by arm](${file})`,
    "",
  ];
}

function gridPart(): string[] {
  const at = (arm: string, depth: number, trajectories: number) =>
    cellsOf(arm, { depths: [depth], trajectories }).map(ranked);
  const drawn = counts.filter((n) => cells.some((cell) => cell.trajectories === n));
  const plots = drawn.map((trajectories) => {
    const file = `depth-${trajectories}.svg`;
    const lines = claimed.map((arm) => ({
      label: arm,
      points: depths.flatMap((depth): [number, number][] => {
        const figures = at(arm, depth, trajectories);
        return figures.length === 0 ? [] : [[depth, median(figures)]];
      }),
    }));
    const title = `Right outcomes by depth, ${trajectories} trajectories`;
    writeFileSync(join(out!, file), lineChart(title, "depth of the rules", lines));
    return `![${title}](${file})`;
  });
  const rows = counts.flatMap((trajectories) =>
    depths.map((depth) => [
      `${trajectories} trajectories, depth ${depth}`,
      ...claimed.map((arm) => spread(at(arm, depth, trajectories))),
      spread(gain(cap, sft, { depths: [depth], trajectories }), 1),
      spread(gain(control, sft, { depths: [depth], trajectories }), 1),
    ]),
  );
  const head = ["", ...claimed, `${cap}: points above ${sft}`, "control: the same"];
  return [
    "## Depth and trajectories",
    "",
    "Ranked right: median [least–most] over policies and seeds, and how many runs. Gains: over seeds, of the mean over the policies that these seeds share.",
    "",
    ...[table(head, rows), "", ...plots, ""],
  ];
}

function probesPart(): string[] {
  const rows: [string, string][] = [
    ["without the document", spread(bySeedOf(probed))],
    ["restored: the section in the prompt again", spread(probe(({ restored }) => restored))],
    [
      "override: the outcome in question is changed in the prompt",
      spread(probe(({ override }) => override)),
    ],
    [
      "unconcerned: another outcome of the task is changed",
      spread(probe(({ unconcerned }) => unconcerned)),
    ],
    [
      "referral: the rule itself is asked for, four choices",
      spread(probe(({ referral }) => referral)),
    ],
    [
      "branching error: conditions cited too many or too few",
      spread(probe(({ branchingError }) => branchingError)),
    ],
    [
      "retention: a policy of the seed model, before",
      spread(probe(({ retention }) => retention.before)),
    ],
    [
      "retention: the same, after another was learned",
      spread(probe(({ retention }) => retention.after)),
    ],
  ];
  const of = (value: (cost: PromptCost) => number, digits = 0) =>
    spread(prompts.map(value), digits);
  return [
    "## Probes",
    "",
    `After ${cap} at depth 3 on 200 trajectories: median [least–most] over seeds of the mean over policies.`,
    "",
    table(["", "measured"], rows),
    "",
    "Prompts of task(12)/workflow(3), over policies; times with random weights, since they do not depend on them:",
    "",
    table(
      ["", "with the document", "with the identifier"],
      [
        [
          "prompt tokens",
          of(({ withPolicy }) => withPolicy.tokens),
          of(({ withIdentifier }) => withIdentifier.tokens),
        ],
        [
          "of them document or identifier",
          of(({ document }) => document),
          of(({ identifier }) => identifier),
        ],
        [
          "milliseconds to the first token",
          of(({ withPolicy }) => withPolicy.ms, 1),
          of(({ withIdentifier }) => withIdentifier.ms, 1),
        ],
      ],
    ),
    "",
  ];
}

const bySeedOf = (some: readonly Cell[]): number[] =>
  distinct(some.map(({ seed }) => seed)).map((seed) =>
    mean(some.filter((cell) => cell.seed === seed).map(ranked)),
  );

function readingsPart(): string[] {
  const bar = 0.15;
  const over = (shares: readonly number[]) => shares.filter((share) => share > bar).length;
  return [
    "## Do the documents repeat themselves?",
    "",
    `Two readings of ${readings.documents.length} documents (seeds ${readings.documents[0]!.seed} to ${readings.documents.at(-1)!.seed}), by one and the same reader: how many of the sentences have the commonest pattern. ${readings.first} ${readings.second}`,
    "",
    table(
      ["document", "sentences", "first reading", "second reading"],
      readings.documents.map(({ seed, domain, renderer, sentences, first, second }) => [
        `${seed}, ${domain}, ${renderer}`,
        String(sentences),
        `${((100 * first.count) / sentences).toFixed(0)} %: ${first.pattern}`,
        `${((100 * second.count) / sentences).toFixed(0)} %: ${second.pattern}`,
      ]),
    ),
    "",
    `Over 15 %: ${over(readings.documents.map(({ first, sentences }) => first.count / sentences))} documents in the first reading, ${over(readings.documents.map(({ second, sentences }) => second.count / sentences))} in the second.`,
    "",
  ];
}

const seconds = cells.reduce((sum, { result }) => sum + result.seconds, 0);
const names = (some: readonly string[]) => [...new Set(some)].join("; ");
const planned = claimed.length * counts.length * depths.length * tested.length * 3;
const done = cells.filter(({ arm, tokens }) => claimed.includes(arm) && tokens === budget).length;
const page = [
  "# Experiments on generated policies",
  "",
  "Written by `test/bench/benchmark/page.ts` from the files in `test/bench/benchmark/results`; no figure here was typed.",
  "",
  `- Runs: ${cells.length}, ${(seconds / 60).toFixed(0)} minutes in all, on ${names(cells.map(({ machine }) => machine))}.`,
  `- Tokens that each arm trains on: ${names(cells.map(({ tokens }) => tokens.toLocaleString("en")))}. All start from the same seed model (${names(cells.map(({ start }) => start))}).`,
  `- Seed model: ${seedModel.parameters.toLocaleString("en")} parameters, ${seedModel.policies} generated policies, ${seedModel.rows.toLocaleString("en")} rows, ${seedModel.tokens.toLocaleString("en")} tokens in ${(seedModel.seconds / 60).toFixed(0)} minutes. Its policies have the words of the tested ones' businesses, and other rules.`,
  `- Tested policies: seeds ${names(cells.map(({ policy }) => String(policy)))}, four tasks each; the recipe was tuned on others. Training seeds: ${names(cells.map(({ seed }) => String(seed)))}.`,
  "",
  "```sh",
  "M=.cache/seed-model; R=test/bench/benchmark/results",
  "npx tsx test/bench/benchmark/seed-model.ts --out $M-1 --rows $M.jsonl",
  "npx tsx test/bench/benchmark/seed-model.ts --from $M-1 --out $M --rows $M.jsonl --tokens 6000000",
  "npx tsx test/bench/benchmark/experiments.ts grid --seed-model $M --out $R/cells.jsonl",
  "npx tsx test/bench/benchmark/experiments.ts arms --seed-model $M --out $R/cells.jsonl",
  "npx tsx test/bench/benchmark/experiments.ts prompt --seed-model $M --out $R/prompt.jsonl",
  "npx tsx test/bench/benchmark/page.ts --results $R --out media/benchmark",
  "```",
  "",
  `Each command goes on where it stopped. Of the grid (depths 1 to 4, 50, 200 and 1,000 trajectories, three policies, three seeds, three arms) ${done} of ${planned} runs are done; what is not, is marked so or counted in the figures behind the commas. Times are of a machine that others used as well.`,
  "",
  ...bars(),
  ...armsPart(),
  ...gridPart(),
  ...probesPart(),
  ...readingsPart(),
  "## What this setting shares with the paper's, and what it does not",
  "",
  "- Shared: generated policies along four axes, continued pretraining by category of statement, fine-tuning on trajectories with reasoning, an identifier in place of the document.",
  "- Not shared: the model has about a million parameters and knows nothing but generated policies; the paper's is Qwen-3-32B. Queries give every fact in one message, and the answer is the choice among the outcomes of a task, without tool calls. Only facts that decide the case are told, so that which facts are told says something, too.",
  "- The trajectories are labelled cases, and so are the simulations among the pretraining rows: the control arm has the same simulations and no text of the policy, and all its tokens for them. What the text adds is the difference to it.",
  "- The seed model was made before the answers of simulations were put as those of trajectories, so that the commands make a slightly different one. That change came from the policies that the recipe was tuned on, after four runs on a tested one (200,000 tokens, not counted here) had been seen.",
  "- Override brings a changed outcome (“Changed: not …, but ….”) and not a whole new document: the context of the model is 384 tokens. For the same reason there is no arm with the whole policy in the prompt; *retrieval* brings the right section.",
  "",
];
writeFileSync(join(out, "results.md"), page.join("\n"));
console.log(join(out, "results.md"));
