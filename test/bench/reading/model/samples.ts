/**
 * What the model is trained and measured on: one line of JSON a labelled statement.
 *   npx tsx test/bench/reading/model/samples.ts OUT.jsonl VOCABULARY.json [POLICIES]
 * POLICIES is the folder of the real documents; they are for measuring only.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Classifier, ClassifierInput, Verdict } from "../../../../src/policy/classifier.ts";
import { contextOf, maxTokens } from "./context.ts";
import { featuresOf } from "./features.ts";
import { Pieces, type Vocabulary } from "./pieces.ts";
import { parsePolicy } from "../../../../src/policy/parse.ts";
import { rulesClassifier } from "../../../../src/policy/rules.ts";
import { readLabels } from "../labels.ts";
import { readMarked, type Labelled } from "../marked.ts";

const [out, vocabulary, policies] = process.argv.slice(2);
if (out === undefined || vocabulary === undefined)
  throw new Error("Give OUT.jsonl VOCABULARY.json");
const pieces = new Pieces(JSON.parse(readFileSync(vocabulary, "utf8")) as Vocabulary);
const reading = join(import.meta.dirname, "..");

function marked(group: string): Labelled[] {
  const folder = join(reading, "corpus", group);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .sort()
    .map((file) => readMarked(file, readFileSync(join(folder, file), "utf8")));
}

function* samples(group: string, { name, text, labels }: Labelled): Generator<string> {
  const seen: { input: ClassifierInput; verdict: Verdict }[] = [];
  const classifier: Classifier = {
    classify(input) {
      const verdict = rulesClassifier.classify(input);
      seen.push({ input, verdict });
      return verdict;
    },
  };
  const { statements } = parsePolicy(text, { path: name, classifier });
  for (const [i, { start, end }] of statements.entries()) {
    const label = labels.find((each) => each.start === start && each.end === end);
    const found = seen[i];
    if (label === undefined || found === undefined) continue;
    const { input, verdict } = found;
    yield JSON.stringify({
      group,
      document: name,
      category: label.category,
      rule: verdict.category,
      confidence: verdict.confidence,
      tokens: pieces.encode(contextOf(input), maxTokens),
      features: featuresOf(input, verdict),
    });
  }
}

const documents = [
  ...["plain", "borderline"].flatMap((group) => marked(group).map((each) => ({ group, each }))),
  ...(policies === undefined
    ? []
    : readLabels(join(reading, "labels"), policies).map((each) => ({ group: "real", each }))),
];
const lines = documents.flatMap(({ group, each }) => [...samples(group, each)]);
writeFileSync(out, `${lines.join("\n")}\n`);
console.log(`${lines.length} statements of ${documents.length} documents`);
