import fc from "fast-check";
import { expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { describePlan } from "../../../src/protocol/plan.ts";
import { planChange } from "../../../src/synthesis/changes.ts";
import type { Weights } from "../../../src/synthesis/dataset.ts";
import { toJsonl } from "../../../src/synthesis/jsonl.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { policyText } from "../training/fixture.ts";

/** With a sentence that stands in two sections: its rows share one sieve. */
const text = `${policyText}\n## Callers\n\nGreet every guest by name.\n`;
const policy = parsePolicy(text, { path: "key-desk.md" });
const make = (weights: Weights) => synthesize(policy, { seed: 1, command: "test", weights });
const plain = make({});
const ids = policy.statements.map(({ id }) => id);

it("adds rows of the statement at the end, and leaves every other byte as it is", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ids), fc.integer({ min: 2, max: 4 }), (id, times) => {
      const more = make({ [id]: times });
      expect(toJsonl(more.exam)).toBe(toJsonl(plain.exam));
      for (const part of ["cpt", "sft"] as const) {
        expect(toJsonl(more[part]).startsWith(toJsonl(plain[part]))).toBe(true);
        const added = more[part].slice(plain[part].length);
        expect(added.every(({ statements }) => statements.join() === id)).toBe(true);
        expect(added.every(({ kind }) => kind !== "document")).toBe(true);
      }
      expect(more.cpt.length).toBeGreaterThan(plain.cpt.length);
    }),
    { numRuns: 8 },
  );
});

it("is told by the manifest, and by the plan of what changes", () => {
  const id = ids.at(-2)!;
  const more = make({ [id]: 3 });
  expect(plain.manifest.weights).toBeUndefined();
  expect(more.manifest.weights).toEqual({ [id]: 3 });
  const { cpt, sft, exam } = plain;
  const plan = planChange({ manifest: plain.manifest, rows: { cpt, sft, exam } }, more);
  expect(plan.statements).toMatchObject([{ id, reason: "weighted" }]);
  expect(plan.stale).toEqual({ cpt: [], sft: [], exam: [] });
  expect(describePlan(plan)).toMatch(
    /^0 statements changed, 1 with another weight: 0 rows stale, [\d,]+ rows to make/,
  );
});
