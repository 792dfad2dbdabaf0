/**
 * How often our reader gives a complex conditional the tree that a person reads in it.
 *
 *     npx tsx test/bench/trees.ts FOLDER [--labels FILE]… [--verbose]
 *
 * FOLDER has the documents; by default every label file in `trees/` is taken.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createHash } from "node:crypto";
import { decodePolicy } from "../../src/policy/decode.ts";
import { formatDecision } from "../../src/policy/format.ts";
import { parsePolicy } from "../../src/policy/parse.ts";
import type { Statement } from "../../src/policy/statement.ts";
import { compare, failures, lettersOf, type Failure } from "./trees/compare.ts";
import { asDecision, LabelFile, type LabelledTree } from "./trees/labels.ts";

const here = fileURLToPath(new URL("trees", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    labels: { type: "string", multiple: true },
    verbose: { type: "boolean", short: "v", default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error("Which folder has the documents? npx tsx test/bench/trees.ts FOLDER");
  process.exit(2);
}
const files =
  values.labels ??
  readdirSync(here)
    .filter((file) => file.endsWith(".json"))
    .map((file) => join(here, file));

const readings = files.map((file) => LabelFile.parse(JSON.parse(readFileSync(file, "utf8"))));
for (const reading of readings) report(reading, folder);
const [one, other] = readings;
if (one !== undefined && other !== undefined) agreement(one, other, folder);

/** How often two readings have the same tree, by the measure that ours is held to. */
function agreement(one: LabelFile, other: LabelFile, from: string): void {
  let same = 0;
  let all = 0;
  for (const { document, statements } of one.documents) {
    const path = join(from, document);
    const letters = lettersOf(decodePolicy(readFileSync(path), path));
    const labels = other.documents.find((known) => known.document === document)?.statements ?? [];
    for (const label of statements) {
      const second = labels.find(({ at }) => at[0] === label.at[0] && at[1] === label.at[1]);
      all++;
      if (second !== undefined && compare(label, asDecision(second), letters) === undefined) same++;
    }
  }
  console.log(`${one.reader} and ${other.reader} reading agree on ${same} of ${all}`);
}

function report({ reader, documents }: LabelFile, from: string): void {
  console.log(`${reader} reading`);
  const kinds = new Map<Failure, number>();
  /** Right trees at the threshold, and at a laxer and a stricter one. */
  const thresholds = [0.5, 0.4, 0.6];
  const right = thresholds.map(() => 0);
  let all = 0;
  for (const { document, sha256, statements } of documents) {
    const path = join(from, document);
    const bytes = readFileSync(path);
    if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
      throw new Error(`${path} is not the document that was labelled`);
    }
    const source = decodePolicy(bytes, path);
    const letters = lettersOf(source);
    const read = parsePolicy(source, { path }).statements;
    let here = 0;
    for (const label of statements) {
      const statement = statementAt(label, read);
      const failure = compare(label, statement?.decision, letters);
      if (failure === undefined) here++;
      else {
        kinds.set(failure, (kinds.get(failure) ?? 0) + 1);
        if (values.verbose) explain(failure, source, label, statement);
      }
      thresholds.forEach((threshold, i) => {
        if (compare(label, statement?.decision, letters, threshold) === undefined) right[i]!++;
      });
    }
    all += statements.length;
    console.log(`  ${document.padEnd(44)} ${share(here, statements.length)}`);
  }
  console.log(`  ${"all".padEnd(44)} ${share(right[0]!, all)}`);
  console.log(`  at thresholds 0.4 and 0.6: ${share(right[1]!, all)}, ${share(right[2]!, all)}`);
  for (const kind of failures) {
    const count = kinds.get(kind);
    if (count !== undefined) console.log(`  ${String(count).padStart(4)} ${kind}`);
  }
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} right (${((100 * part) / whole).toFixed(1)} %)`;
}

/** The statement of ours that has the most of the labelled one. */
function statementAt({ at: [start, end] }: LabelledTree, read: readonly Statement[]) {
  const overlap = (other: Statement): number =>
    Math.min(end, other.end) - Math.max(start, other.start);
  const best = read.reduce<Statement | undefined>(
    (most, other) => (most === undefined || overlap(other) > overlap(most) ? other : most),
    undefined,
  );
  return best !== undefined && overlap(best) > 0 ? best : undefined;
}

function explain(
  failure: Failure,
  source: string,
  label: LabelledTree,
  statement: Statement | undefined,
): void {
  console.log(`\n--- ${failure}: ${source.slice(...label.at)}`);
  for (const [name, places] of Object.entries({ ...label.conditions, ...label.outcomes })) {
    const words = places.map(([start, end]) => source.slice(start, end));
    console.log(`  ${name} = ${words.join(" … ")}`);
  }
  console.log(`  ${JSON.stringify(label.tree)}`);
  console.log(`  ours: ${statement?.category ?? "nothing"}`);
  if (statement?.decision !== undefined) {
    console.log(formatDecision(statement.decision).replace(/^/gm, "    "));
    for (const { start, end } of statement.decision.conditions) {
      console.log(`    [${source.slice(start, end)}]`);
    }
  }
}
