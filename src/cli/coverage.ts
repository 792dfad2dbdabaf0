import { requirementWord } from "../protocol/words.ts";
import { requirements, summarizeCoverage } from "../synthesis/coverage-schema.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";

/** How far the rows cover the policy, with every gap and its reason. */
export function describeCoverage({ coverage, statements }: DatasetManifest): string {
  if (!coverage) return "";
  const { met, all } = summarizeCoverage(coverage);
  const kinds = requirements
    .filter((name) => coverage.requirements[name].all > 0)
    .map((name) => {
      const { met, all } = coverage.requirements[name];
      return `  ${requirementWord[name].padEnd(40)}${String(met).padStart(6)} of ${all}\n`;
    });
  const texts = new Map(statements.map(({ id, text }) => [id, text]));
  const gaps = coverage.gaps.map(
    ({ statement, message }) => `  ${texts.get(statement) ?? statement}\n    ${message}\n`,
  );
  const head = `Coverage: ${met.toLocaleString("en")} of ${all.toLocaleString("en")} requirements\n`;
  const missing = gaps.length === 0 ? "" : `Not covered:\n${gaps.join("")}`;
  return head + kinds.join("") + missing;
}
