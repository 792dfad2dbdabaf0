/**
 * Near-duplicates in the corpus: pairs of statements that share most of their words in order.
 *   npx tsx test/bench/reading/duplicates.ts [LEAST_SIMILARITY]
 * Similarity is that of Jaccard between the sets of word pairs. Exits with 1 when there are any.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMarked } from "./marked.ts";

const least = Number(process.argv[2] ?? 0.6);
const corpus = join(import.meta.dirname, "corpus");
const statements = readdirSync(corpus).flatMap((group) =>
  readdirSync(join(corpus, group)).flatMap((file) => {
    const { text, labels } = readMarked(file, readFileSync(join(corpus, group, file), "utf8"));
    return labels.map(({ start, end }) => ({ file, text: text.slice(start, end) }));
  }),
);

function wordPairs(text: string): Set<string> {
  const words = ["^", ...(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []), "$"];
  return new Set(words.slice(1).map((word, i) => `${words[i]!} ${word}`));
}

const pairs = statements.map(({ text }) => wordPairs(text));
const byPair = new Map<string, number[]>();
let found = 0;
for (const [i, own] of pairs.entries()) {
  const shared = new Map<number, number>();
  for (const pair of own) {
    for (const other of byPair.get(pair) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
  }
  for (const [other, n] of shared) {
    const similarity = n / (own.size + pairs[other]!.size - n);
    if (similarity < least) continue;
    found++;
    console.log(`${similarity.toFixed(2)} ${statements[other]!.file}: ${statements[other]!.text}`);
    console.log(`     ${statements[i]!.file}: ${statements[i]!.text}\n`);
  }
  for (const pair of own) byPair.set(pair, [...(byPair.get(pair) ?? []), i]);
}
console.log(
  `${statements.length} statements, ${found} pairs with a similarity of ${least} or more`,
);
process.exitCode = found === 0 ? 0 : 1;
