/** Quick look; to be replaced by the committed script. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { categories } from "../../../src/policy/statement.ts";
import { readMarked } from "./marked.ts";
import { accuracy, figuresOf, macroF1, score, sum } from "./score.ts";

const args = process.argv.slice(2);
const verbose = args.includes("-v");
const cuts = args.includes("-c");
const files = args
  .filter((a) => !a.startsWith("-"))
  .flatMap((a) =>
    a.endsWith(".md")
      ? [a]
      : readdirSync(a)
          .filter((f) => f.endsWith(".md"))
          .map((f) => join(a, f)),
  );
const scores = files.map((file) => {
  const { text, labels } = readMarked(file, readFileSync(file, "utf8"));
  const { statements } = parsePolicy(text, { path: file });
  const s = score(labels, statements);
  console.log(
    `${file.split("/").at(-1)}: gold ${s.gold} read ${s.read} exact ${((100 * s.exact) / s.gold).toFixed(1)}% acc ${accuracy(s).toFixed(3)} macroF1 ${macroF1(s).toFixed(3)} missed ${Object.values(s.missed).reduce((a, b) => a + b)} spurious ${Object.values(s.spurious).reduce((a, b) => a + b)}`,
  );
  if (cuts) {
    for (const l of labels)
      if (!statements.some((r) => r.start === l.start && r.end === l.end)) {
        const o = statements.filter((r) => r.start < l.end && l.start < r.end);
        console.log(`  CUT gold ${JSON.stringify(text.slice(l.start, l.end))}`);
        for (const r of o) console.log(`      read ${JSON.stringify(text.slice(r.start, r.end))}`);
      }
    for (const r of statements)
      if (!labels.some((l) => r.start < l.end && l.start < r.end))
        console.log(`  EXTRA ${JSON.stringify(text.slice(r.start, r.end))}`);
  }
  if (verbose)
    for (const l of labels) {
      const r = statements.find(
        (r) =>
          Math.min(r.end, l.end) - Math.max(r.start, l.start) >
          0.5 * Math.min(l.end - l.start, r.end - r.start),
      );
      if (r && r.category !== l.category)
        console.log(
          `  ${l.category[0]!.toUpperCase()}${l.category.startsWith("complex") ? "C" : l.category.startsWith("simple") ? "S" : ""}→${r.category} ${r.confidence} ${JSON.stringify(r.text)} [${r.why}]`,
        );
    }
  return s;
});
const t = sum(scores);
console.log(
  `ALL gold ${t.gold} exact ${((100 * t.exact) / t.gold).toFixed(1)}% acc ${accuracy(t).toFixed(3)} macroF1 ${macroF1(t).toFixed(3)}`,
);
console.log(t.confusion.map((r) => r.join("\t")).join("\n"));
for (const c of categories) {
  const f = figuresOf(t, c);
  console.log(c, f.precision.toFixed(3), f.recall.toFixed(3), f.f1.toFixed(3), f.support);
}
