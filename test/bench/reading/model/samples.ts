/**
 * What the model is trained and measured on: one line of JSON a labelled statement.
 *   npx tsx test/bench/reading/model/samples.ts OUT.jsonl VOCABULARY.json --real FOLDER \
 *     [--policies FOLDER] [--unseen FOLDER]
 * FOLDER of --real is what real/documents.ts fetched; the other two have the documents of labels/
 * and unseen/, and are for measuring only.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encode } from "../../../../src/classifier/encode.ts";
import type { Classifier, ClassifierInput, Verdict } from "../../../../src/policy/classifier.ts";
import { questionOf } from "../../../../src/policy/model-classifier.ts";
import { parsePolicy } from "../../../../src/policy/parse.ts";
import { Pieces, type Vocabulary } from "../../../../src/policy/pieces.ts";
import { rulesClassifier } from "../../../../src/policy/rules.ts";
import { readLabels } from "../labels.ts";
import { readMarked, type Labelled } from "../marked.ts";
import { readReal } from "../real/labels.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    real: { type: "string" },
    policies: { type: "string" },
    unseen: { type: "string" },
  },
});
const [out, vocabulary] = positionals;
if (out === undefined || vocabulary === undefined || values.real === undefined)
  throw new Error("Give OUT.jsonl, VOCABULARY.json and --real FOLDER");
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
  const labelled = new Map(labels.map((each) => [`${each.start}-${each.end}`, each]));
  for (const [i, { start, end }] of statements.entries()) {
    const label = labelled.get(`${start}-${end}`);
    const found = seen[i];
    if (label === undefined || found === undefined) continue;
    const { input, verdict } = found;
    yield JSON.stringify({
      group,
      document: name,
      category: label.category,
      rule: verdict.category,
      confidence: verdict.confidence,
      ...encode(pieces, questionOf(input, verdict)),
    });
  }
}

const given = (folder: string | undefined, labels: string) =>
  folder === undefined ? [] : readLabels(join(reading, labels), folder);
const groups: Record<string, Labelled[]> = {
  plain: marked("plain"),
  borderline: marked("borderline"),
  real: readReal(values.real, false),
  held: readReal(values.real, true),
  development: given(values.policies, "labels"),
  unseen: given(values.unseen, "unseen"),
};
const lines = Object.entries(groups).flatMap(([group, documents]) =>
  documents.flatMap((each) => [...samples(group, each)]),
);
writeFileSync(out, `${lines.join("\n")}\n`);
console.log(`${lines.length} statements`);
