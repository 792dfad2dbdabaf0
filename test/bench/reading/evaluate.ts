/**
 * How well the reader cuts and categorizes, against labels:
 *   npx tsx test/bench/reading/evaluate.ts [--policies FOLDER] [--unseen FOLDER] [--real FOLDER]
 *     [--rules] [--errors] [--cuts] [MARKED.md…]
 * Without files: the corpus beside this script (our own sentences) and, where the folders hold the
 * documents that labels/, unseen/ and real/ have readings of, those. With --rules, the network is
 * not asked. See README.md.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { CategoryNetwork } from "../../../src/classifier/category-network.ts";
import { parsePolicy, parseWithModel } from "../../../src/policy/parse.ts";
import { categories } from "../../../src/policy/statement.ts";
import { readLabels } from "./labels.ts";
import { readMarked, type Labelled } from "./marked.ts";
import { readReal } from "./real/labels.ts";
import { accuracy, figuresOf, macroF1, score, sum, type Score } from "./score.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    policies: { type: "string" },
    unseen: { type: "string" },
    real: { type: "string" },
    rules: { type: "boolean", default: false },
    errors: { type: "boolean", default: false },
    cuts: { type: "boolean", default: false },
  },
});
const here = import.meta.dirname;

function markedIn(folder: string): Labelled[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .map((file) => readMarked(file, readFileSync(join(folder, file), "utf8")));
}

function groups(): [string, Labelled[]][] {
  if (positionals.length > 0) {
    return [
      ["given", positionals.map((file) => readMarked(basename(file), readFileSync(file, "utf8")))],
    ];
  }
  const given = (folder: string | undefined, labels: string) =>
    folder === undefined ? [] : readLabels(join(here, labels), folder);
  const real: [string, Labelled[]][] = [
    ["development", given(values.policies, "labels")],
    ["unseen", given(values.unseen, "unseen")],
    ["held out", values.real === undefined ? [] : readReal(values.real, true)],
  ];
  for (const [name, documents] of real) {
    if (documents.length === 0) console.log(`Skipped: ${name}, whose documents are not here`);
  }
  const corpus = ["plain", "borderline"].map((kind): [string, Labelled[]] => {
    const folder = join(here, "corpus", kind);
    return [kind, existsSync(folder) ? markedIn(folder) : []];
  });
  return [...real, ...corpus];
}

async function read(
  { name, text, labels }: Labelled,
  network: CategoryNetwork | undefined,
): Promise<Score> {
  const { statements } = network
    ? await parseWithModel(text, { path: name }, network)
    : parsePolicy(text, { path: name });
  if (values.cuts) {
    for (const label of labels) {
      if (statements.some(({ start, end }) => start === label.start && end === label.end)) continue;
      console.log(`  ${name} cut otherwise: ${JSON.stringify(text.slice(label.start, label.end))}`);
    }
  }
  if (values.errors) {
    for (const label of labels) {
      const found = statements.find(({ start, end }) => start === label.start && end === label.end);
      if (found === undefined || found.category === label.category) continue;
      const why = `${found.decidedBy} ${found.confidence}, ${found.why ?? ""}`;
      console.log(`  ${label.category} → ${found.category} (${why}) ${JSON.stringify(found.text)}`);
    }
  }
  return score(labels, statements);
}

const percent = (share: number) => (100 * share).toFixed(1).padStart(5);

function line(name: string, total: Score): string {
  const count = (by: Record<string, number>) => Object.values(by).reduce((a, b) => a + b, 0);
  return (
    `${name.padEnd(44)} ${String(total.gold).padStart(5)} statements` +
    `  cut exactly ${percent(total.exact / total.gold)} %` +
    `  right category ${percent(accuracy(total))} %  macro-F1 ${macroF1(total).toFixed(3)}` +
    `  missed ${count(total.missed)}, spurious ${count(total.spurious)}`
  );
}

async function main(): Promise<void> {
  const network = values.rules
    ? undefined
    : await CategoryNetwork.load(join(here, "../../../media/categories"));
  for (const [group, documents] of groups()) {
    if (documents.length === 0) continue;
    console.log(`\n${group}`);
    const scores: Score[] = [];
    for (const document of documents) {
      const own = await read(document, network);
      console.log(line(`  ${document.name}`, own));
      scores.push(own);
    }
    const total = sum(scores);
    console.log(line(`  all ${documents.length}`, total));
    console.log(`\n  labelled ↓ read →  ${categories.map((c) => c.padStart(20)).join("")}`);
    for (const [i, category] of categories.entries()) {
      const row = total.confusion[i]!.map((n) => String(n).padStart(20)).join("");
      console.log(`  ${category.padEnd(19)}${row}`);
    }
    for (const category of categories) {
      const { precision, recall, f1, support } = figuresOf(total, category);
      console.log(
        `  ${category.padEnd(20)} precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}` +
          `  F1 ${f1.toFixed(3)}  n ${support}`,
      );
    }
  }
}

void main();
