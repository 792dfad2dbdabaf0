import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { carryIds } from "../../../src/policy/compare.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { ParsedPolicy } from "../../../src/policy/statement.ts";
import { describePlan } from "../../../src/protocol/plan.ts";
import { planChange } from "../../../src/synthesis/changes.ts";
import type { Dataset } from "../../../src/synthesis/dataset.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";

const source = readFileSync(
  new URL("../../../media/sample/parcel-desk.md", import.meta.url),
  "utf8",
);
const parse = (text: string): ParsedPolicy => parsePolicy(text, { path: "desk.md" });
const make = (policy: ParsedPolicy, seed = 1): Dataset =>
  synthesize(policy, { seed, command: "test" });

const before = parse(source);
const dataset = make(before);

/** The policy with an edit, its statements named as they were, and its dataset. */
function edit(from: string, to: string) {
  expect(source).toContain(from);
  const policy = parse(source.replace(from, to));
  const now = make({ ...policy, statements: carryIds(before.statements, policy.statements) });
  return { now, plan: planChange({ manifest: dataset.manifest, rows: dataset }, now) };
}

const rowsOf = (data: Dataset) => [...data.cpt, ...data.sft, ...data.exam];
const bytes = (data: Dataset) => new Map(rowsOf(data).map((row) => [row.id, JSON.stringify(row)]));

describe("one clause edited", () => {
  const { now, plan } = edit("silver customers pay 3 euros", "silver customers pay 4 euros");

  const [changed] = plan.statements;

  it("makes the rows of that clause alone, and the questions that it is a choice of", () => {
    const old = bytes(dataset);
    const made = rowsOf(now).filter(({ id }) => !old.has(id));
    expect(made.length).toBe(plan.made);
    const others = made.filter(({ statements }) => !statements.includes(changed!.id));
    // A choice that went, or one that came.
    for (const row of others) expect("choices" in row).toBe(true);
    expect(others.length).toBeLessThan(dataset.exam.length / 20);
  });

  it("leaves every other row as it was, to the byte", () => {
    const after = bytes(now);
    const stale = new Set(Object.values(plan.stale).flatMap((rows) => rows.map(({ row }) => row)));
    for (const [id, text] of bytes(dataset)) {
      if (!stale.has(id)) expect(after.get(id)).toBe(text);
    }
    expect(plan.kept).toBeGreaterThan(20 * plan.made);
  });

  it("tells which rows go stale and why", () => {
    const stale = Object.values(plan.stale).flat();
    expect(stale.length).toBeGreaterThan(50);
    const linked = stale.filter(({ statement }) => statement === changed!.id);
    for (const { reason } of linked) expect(reason).toBe("changed");
    for (const row of [...plan.stale.cpt, ...plan.stale.sft]) expect(linked).toContain(row);
    for (const { reason } of plan.stale.exam) expect(["changed", "dependant"]).toContain(reason);
    expect(describePlan(plan)).toMatch(
      /^1 statement changed: \d+ rows stale, \d+ rows to make, about [\d,]+ tokens$/,
    );
  });
});

it("a statement put before all others changes no row of theirs but pieces of the document", () => {
  const { plan } = edit("## Conduct\n", "## Hours\n\nThe desk opens at 9:00.\n\n## Conduct\n");
  expect(plan.statements.map(({ reason }) => reason)).toEqual(["added"]);
  expect(plan.stale.cpt).toEqual([]);
  expect(plan.stale.sft).toEqual([]);
  // It became one of the choices of a few questions.
  expect(plan.stale.exam.length).toBeLessThan(dataset.exam.length / 10);
});

it("a value that others may name makes their rows anew", () => {
  const { plan } = edit(
    "A parcel can be rerouted only if its status is `in depot`.",
    "A parcel can be rerouted only if its status is `in depot`.\n- A parcel can be sold only if its status is `forgotten`.",
  );
  const reasons = plan.statements.map(({ reason }) => reason);
  expect(reasons).toContain("added");
  expect(reasons).toContain("dependant");
  expect(describePlan(plan)).toContain("1 more depends on that");
});

it("an edit undone gives the rows back, with their ids", () => {
  expect(bytes(make(before))).toEqual(bytes(dataset));
  const plan = planChange({ manifest: dataset.manifest, rows: dataset }, make(before));
  expect(describePlan(plan)).toMatch(/^Nothing changed: all [\d,]+ rows stay$/);
});

it("another seed makes almost everything anew, and a first time everything", () => {
  const other = make(before, 2);
  const plan = planChange({ manifest: dataset.manifest, rows: dataset }, other);
  expect(plan.made).toBeGreaterThan(0.8 * rowsOf(other).length);
  const first = planChange(undefined, dataset);
  expect(first).toMatchObject({ continues: false, kept: 0, made: rowsOf(dataset).length });
  expect(describePlan(first)).toMatch(/^[\d,]+ rows to make, about [\d,]+ tokens$/);
});

it("names rows by what they hold: no two are alike", () => {
  const ids = rowsOf(dataset).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[cte]-[0-9a-f]{12}$/);
});
