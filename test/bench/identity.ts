/**
 * What a threshold of similarity costs when reworded statements are looked for: how many rewordings
 * of a person it keeps (test/fixtures/policy/rewordings.json), and how many pairs of different
 * statements it takes for rewordings, within a section and across sections of the same policy. Then
 * how long matching takes.
 *
 *     npx tsx test/bench/identity.ts [POLICY.md …]
 */
import { readFileSync } from "node:fs";
import { carryIds } from "../../src/policy/compare.ts";
import { parsePolicy } from "../../src/policy/parse.ts";
import { sectionKey } from "../../src/policy/match.ts";
import { profileOf, similarity } from "../../src/policy/similarity.ts";
import type { Statement } from "../../src/policy/statement.ts";

const read = (path: string | URL) => readFileSync(path, "utf8");
const here = (path: string) => new URL(path, import.meta.url);

const rewordings = JSON.parse(read(here("../fixtures/policy/rewordings.json"))) as {
  old: string;
  new: string;
}[];
const sample = here("../../media/sample/parcel-desk.md");
const policies = [sample, ...process.argv.slice(2)].map(
  (path) => parsePolicy(read(path), { path: String(path) }).statements,
);

const alike = rewordings.map((pair) => similarity(profileOf(pair.old), profileOf(pair.new)));
const within: number[] = [];
const across: number[] = [];
for (const statements of policies) {
  statements.forEach((one, index) => {
    for (const other of statements.slice(index + 1)) {
      if (one.text === other.text) continue;
      const same = sectionKey(one.section) === sectionKey(other.section);
      (same ? within : across).push(similarity(profileOf(one.text), profileOf(other.text)));
    }
  });
}

const share = (values: readonly number[], threshold: number) =>
  `${((100 * values.filter((value) => value >= threshold).length) / values.length).toFixed(2)} %`;
console.log(
  `${rewordings.length} rewordings; different statements: ${within.length} pairs within a section, ${across.length} across`,
);
console.table(
  [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8].map((threshold) => ({
    threshold,
    "rewordings kept": share(alike, threshold),
    "wrong within": share(within, threshold),
    "wrong across": share(across, threshold),
  })),
);

const many = (edit: (text: string, index: number) => string): Statement[] => {
  const [statements] = policies;
  return Array.from({ length: 2500 }, (_, index) => {
    const statement = statements![index % statements!.length]!;
    return {
      ...statement,
      id: `s-${index}`,
      section: [`Part ${Math.floor(index / statements!.length)}`, ...statement.section],
      text: edit(`${statement.text} (${index})`, index),
    };
  });
};
const edits: Record<string, (text: string, index: number) => string> = {
  nothing: (text) => text,
  "one statement": (text, index) => (index === 1200 ? `${text} Indeed.` : text),
  "every statement": (text) => `${text} Indeed.`,
  "every word": (_, index) => `${index}${"x".repeat(index % 7)}`,
};
const old = many((text) => text);
console.log("2,500 statements against 2,500, median of 5:");
console.table(
  Object.entries(edits).map(([edited, edit]) => {
    const next = many(edit);
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      carryIds(old, next);
      return performance.now() - started;
    });
    return { edited, ms: Math.round(times.sort((a, b) => a - b)[2]!) };
  }),
);
