/**
 * How complete and how diverse the rows are that the grammar teacher writes:
 *   npx tsx test/bench/diversity.ts [--seed 1] POLICY.md…
 * Near-duplicates: the word pairs of question and answer have a Jaccard coefficient of 0.8 or more
 * with those of an earlier row of the whole dataset. The pieces of the document are left out.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { parsePolicy } from "../../src/policy/parse.ts";
import { requirementWord } from "../../src/protocol/words.ts";
import { requirements } from "../../src/synthesis/coverage-schema.ts";
import { type CptRow, kinds, type SftRow, users } from "../../src/synthesis/dataset.ts";
import { diversityOf } from "../../src/synthesis/diversity.ts";
import { Random } from "../../src/synthesis/random.ts";
import { saidIn } from "../../src/synthesis/row-text.ts";
import { synthesize } from "../../src/synthesis/synthesize.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" } },
});
const seed = Number(values.seed);

function line(name: string, rows: readonly (CptRow | SftRow)[]): string {
  const { texts, words, distinct, selfBleu, nearDuplicates } = diversityOf(
    rows.map(saidIn),
    new Random("diversity"),
  );
  const cells = [
    String(texts),
    words.toFixed(1),
    ...distinct.map((share) => share.toFixed(3)),
    selfBleu.toFixed(2),
    `${(100 * nearDuplicates).toFixed(1)} %`,
  ];
  return `  ${name.padEnd(26)}${cells.map((cell) => cell.padStart(9)).join("")}`;
}

for (const path of positionals) {
  const policy = parsePolicy(readFileSync(path, "utf8"), { path });
  const started = performance.now();
  const { manifest, cpt, sft } = synthesize(policy, { seed, command: "bench" });
  const seconds = (performance.now() - started) / 1000;
  const rows = [...cpt, ...sft].filter(({ kind }) => kind !== "document");
  const perStatement = new Map(policy.statements.map(({ id }) => [id, 0]));
  for (const { statements } of rows) {
    for (const id of statements) perStatement.set(id, perStatement.get(id)! + 1);
  }
  const sorted = [...perStatement.values()].sort((a, b) => a - b);
  console.log(
    `\n${basename(path)}: ${policy.statements.length} statements, ${seconds.toFixed(1)} s`,
  );
  console.log(
    `  rows per statement: ${sorted[0]} at least, ${sorted[sorted.length >> 1]} in the median`,
  );
  for (const name of requirements) {
    const { met, all } = manifest.coverage!.requirements[name];
    if (all > 0) console.log(`  ${requirementWord[name].padEnd(40)}${met} of ${all}`);
  }
  for (const { message } of manifest.coverage!.gaps) console.log(`    ${message}`);
  const head = ["rows", "words", "dist-1", "dist-2", "dist-3", "sBLEU", "near-dup"];
  console.log(`  ${"".padEnd(26)}${head.map((cell) => cell.padStart(9)).join("")}`);
  console.log(line("all", rows));
  for (const kind of kinds) {
    const own = rows.filter((row) => row.kind === kind);
    if (own.length > 0) console.log(line(kind, own));
  }
  for (const user of users) {
    const own = sft.filter(({ made }) => made?.user === user);
    if (own.length > 0) console.log(line(`trajectories, ${user}`, own));
  }
}
