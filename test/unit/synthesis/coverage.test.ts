import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { coverageOf } from "../../../src/synthesis/coverage.ts";
import { type Requirement, requirements } from "../../../src/synthesis/coverage-schema.ts";
import type { CptRow, SftRow } from "../../../src/synthesis/dataset.ts";
import { excludes } from "../../../src/synthesis/exclusion.ts";
import { leavesOf } from "../../../src/synthesis/facts.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { uncovered } from "../../../src/synthesis/uncovered.ts";

const root = new URL("../../../", import.meta.url);
const shared = ["tau-retail", "18f-leave", "basecamp-cancellation"].map(
  (name) => `../shared/policies/${name}.md`,
);
const paths = ["media/sample/parcel-desk.md", ...shared].filter((path) =>
  existsSync(new URL(path, root)),
);
if (paths.length === 1) console.log("skipped: the coverage of policies that are not here");

it.each(paths)("covers %s", (path) => {
  const policy = parsePolicy(readFileSync(new URL(path, root), "utf8"), { path });
  const { coverage } = synthesize(policy, { seed: 5, command: "test" }).manifest;
  expect(coverage!.gaps).toEqual([]);
  expect(coverage!.requirements.rows.all).toBe(policy.statements.length);
  for (const name of requirements) {
    const { met, all } = coverage!.requirements[name];
    expect(met).toBe(all);
  }
});

const text = `# Desk

A locker is small, medium or large. A key costs 6 euros.

Greet every guest.

If the stay lasts longer than 10 days and the guest is a member, waive the fee. Otherwise, charge 20 euros.
`;
const policy = parsePolicy(text, { path: "desk.md" });
const { cpt, sft, manifest } = synthesize(policy, { seed: 1, command: "test" });

/** What is missing when only some of the rows are there. */
function missing(keeps: (row: CptRow | SftRow) => boolean): Set<Requirement> {
  const { gaps } = coverageOf(policy, cpt.filter(keeps), sft.filter(keeps));
  for (const { message } of gaps) expect(message).toMatch(/^[^\n]+\.$/);
  return new Set(gaps.map(({ requirement }) => requirement));
}

describe("without rows", () => {
  const of = (start: string) => policy.statements.find(({ text }) => text.startsWith(start))!.id;

  it.each<[string, Requirement[], (row: CptRow | SftRow) => boolean]>([
    ["nothing", [], () => true],
    [
      "all",
      ["rows", "value", "demonstration", "temptation", "test", "leaf", "boundary"],
      () => false,
    ],
    ["a demonstration", ["demonstration"], ({ kind }) => kind !== "demonstration"],
    [
      "a temptation",
      ["temptation"],
      ({ kind, statements }) => kind !== "counterfactual" || !statements.includes(of("Greet")),
    ],
    ["values", ["value"], ({ fact }) => !fact?.includes(".gap.")],
    ["cases", ["leaf", "test", "boundary"], ({ fact }) => !fact?.includes(".case.")],
    [
      "numbers above a bound",
      ["boundary"],
      ({ made }) => !made?.numbers.some((entry) => Number(entry.split("=")[1]) > 10),
    ],
  ])("%s: %j", (_, expected, keeps) => {
    if (expected[0] === "boundary") {
      // The cases above the bound are those of the leaf, too.
      expect([...missing(keeps)]).toContain("boundary");
    } else expect(missing(keeps)).toEqual(new Set(expected));
  });

  it("a row with another answer than its fact's shows nothing", () => {
    const wrong = cpt.map((row) =>
      row.fact?.includes(".case.") ? { ...row, text: `${row.text} Perhaps.` } : row,
    );
    const { requirements: counts } = coverageOf(policy, wrong, []);
    expect(counts.leaf.met).toBe(0);
    expect(counts.value.met).toBe(counts.value.all);
  });

  it("one question for a value is one too few", () => {
    const seen = new Set<string>();
    const once = cpt.filter(({ fact }) => !fact || seen.size < seen.add(fact).size);
    const { gaps } = coverageOf(policy, once, sft);
    expect(gaps.filter(({ requirement }) => requirement === "value")).toHaveLength(
      manifest.coverage!.requirements.value.all,
    );
    expect(gaps[0]!.message).toContain("in one way only");
  });
});

test("cases that cannot be are neither written nor asked for in vain", () => {
  const odd = parsePolicy(
    "# A\n\nIf a hold lasts longer than 10 days and a hold lasts less than 5 days, call the owner.\n",
    { path: "a.md" },
  );
  const { coverage } = synthesize(odd, { seed: 1, command: "test" }).manifest;
  const [statement] = odd.statements;
  const impossible = leavesOf(statement!).filter(({ tests }) => excludes(tests));
  const gaps = coverage!.gaps.filter(({ requirement }) => requirement === "leaf");
  expect(gaps).toHaveLength(impossible.length);
  for (const { message } of gaps) expect(message).toContain("these exclude each other");
});

describe("in the policy as it is now", () => {
  it("a statement that came later has no rows, and is told so", () => {
    const now = parsePolicy(`${text}\nWear a badge at all times.\n`, { path: "desk.md" });
    expect(uncovered(manifest, now.statements)).toMatchObject([
      { statement: { text: "Wear a badge at all times." }, requirement: "rows" },
    ]);
  });

  it("a gap of the dataset stands at its statement, wherever that is now", () => {
    const gap = {
      statement: policy.statements[2]!.id,
      requirement: "demonstration" as const,
      message: "No demonstration keeps this rule: no row passed the checks.",
    };
    const known = { ...manifest, coverage: { ...manifest.coverage!, gaps: [gap] } };
    const moved = parsePolicy(`Hello.\n\n${text}`, { path: "desk.md" });
    const found = uncovered(known, moved.statements).filter(
      ({ message }) => message === gap.message,
    );
    expect(found).toMatchObject([{ statement: { text: "Greet every guest." } }]);
    const changed = parsePolicy(text.replace("every guest", "every guest by name"), {
      path: "desk.md",
    });
    expect(uncovered(known, changed.statements)).toEqual([]);
  });

  it("an older dataset tells nothing", () => {
    const { coverage, ...older } = manifest;
    expect(coverage).toBeDefined();
    expect(uncovered(older, policy.statements)).toEqual([]);
  });
});
