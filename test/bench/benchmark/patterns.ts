/**
 * Whether generated documents repeat themselves: for each of them, the sentence pattern that the
 * largest share of its sentences has.
 *
 *     npx tsx test/bench/benchmark/patterns.ts [--documents 10] [--first 1] [--verbose]
 *
 * Exits with 1 when a pattern has more than 15 % of the sentences of a document.
 */
import { parseArgs } from "node:util";
import { generate } from "../../../src/benchmark/generate.ts";
import { readKnobs } from "../../../src/benchmark/knobs.ts";
import { commonest, sentencesOf } from "./sentence-patterns.ts";

const bar = 0.15;
const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "10" },
    first: { type: "string", default: "1" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

let over = 0;
for (let i = 0; i < Number(values.documents); i++) {
  const seed = Number(values.first) + i;
  const { policy, manifest } = generate(seed, readKnobs({ queries: 1 }), "");
  const sentences = sentencesOf(policy);
  const [top, ...others] = commonest(sentences);
  if (top === undefined) throw new Error(`seed ${seed} has no sentences`);
  const share = top.count / sentences.length;
  if (share > bar) over++;
  console.log(
    `seed ${String(seed).padStart(3)}  ${manifest.domain.padEnd(11)} ${manifest.renderer.padEnd(9)} ` +
      `${sentences.length} sentences, commonest ${(100 * share).toFixed(1)} %: ${top.pattern}`,
  );
  if (values.verbose) {
    for (const { pattern, count } of others.slice(0, 4)) {
      console.log(`          ${((100 * count) / sentences.length).toFixed(1)} %: ${pattern}`);
    }
  }
}
console.log(`${over} of ${values.documents} documents have a pattern above 15 %`);
process.exitCode = over === 0 ? 0 : 1;
