/**
 * How long the network takes for a statement, on one core:
 *   npx tsx test/bench/reading/model/speed.ts [ROUNDS]
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CategoryNetwork } from "../../../../src/classifier/category-network.ts";
import type { CategoryQuestion } from "../../../../src/policy/model-classifier.ts";
import { questionOf } from "../../../../src/policy/model-classifier.ts";
import { parsePolicy } from "../../../../src/policy/parse.ts";
import { rulesClassifier } from "../../../../src/policy/rules.ts";
import { readMarked } from "../marked.ts";

const rounds = Number(process.argv[2] ?? 5);
const questions: CategoryQuestion[] = [];
const folder = join(import.meta.dirname, "../corpus/plain");
for (const file of readdirSync(folder).slice(0, 12)) {
  const { text } = readMarked(file, readFileSync(join(folder, file), "utf8"));
  const classifier: typeof rulesClassifier = {
    classify(input) {
      const verdict = rulesClassifier.classify(input);
      questions.push(questionOf(input, verdict));
      return verdict;
    },
  };
  parsePolicy(text, { path: file, classifier });
}
async function main(): Promise<void> {
  const started = performance.now();
  const network = await CategoryNetwork.load(
    join(import.meta.dirname, "../../../../media/categories"),
  );
  console.log(`loading: ${(performance.now() - started).toFixed(0)} ms`);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await network.odds(questions);
    times.push((performance.now() - start) / questions.length);
  }
  times.sort((a, b) => a - b);
  const [least, most] = [times[0]!, times.at(-1)!];
  console.log(
    `${questions.length} statements, ${rounds} rounds: median ${times[rounds >> 1]!.toFixed(2)} ms ` +
      `a statement (${least.toFixed(2)}–${most.toFixed(2)})`,
  );
}

void main();
