import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewComparison } from "../../../src/panels/run-comparison.ts";
import { differences } from "../../../src/panels/spec-differences.ts";
import { defaultTrlHyperparameters } from "../../../src/training/engines/trl/hyperparameters.ts";
import { ComparisonView } from "../../../src/protocol/runs.ts";
import type { RunSpec } from "../../../src/training/spec.ts";
import { exam, finished, record, spec, stage, started, steps } from "./runs.ts";

/** Specifications that differ here and there. */
const someSpec = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 }),
    peakRate: fc.constantFrom(1e-3, 2e-3),
    stages: fc.subarray(["cpt", "sft", "exam"] as const),
    sha256: fc.constantFrom("a", "b"),
    versions: fc.dictionary(
      fc.constantFrom("node", "ingrain", "__proto__"),
      fc.constantFrom("1", "2"),
    ),
  })
  .map(({ seed, peakRate, stages, sha256, versions }): RunSpec => ({
    ...spec,
    seed,
    stages,
    versions,
    dataset: { path: "d", sha256: sha256.repeat(64) },
    hyperparameters: { ...spec.hyperparameters, peakRate },
  }));
const someSpecs = fc.array(someSpec, { minLength: 2, maxLength: 5 });

describe("differences", () => {
  it("has what differs, and nothing else", () => {
    fc.assert(
      fc.property(someSpecs, (specs) => {
        const found = differences(specs);
        for (const { values } of found) {
          expect(values).toHaveLength(specs.length);
          expect(new Set(values).size).toBeGreaterThan(1);
        }
        const names = new Set(found.map(({ name }) => name));
        const differs = (of: (one: RunSpec) => unknown) =>
          new Set(specs.map((one) => JSON.stringify(of(one)))).size > 1;
        expect(names.has("seed")).toBe(differs((one) => one.seed));
        expect(names.has("stages")).toBe(differs((one) => one.stages));
        expect(names.has("dataset.sha256")).toBe(differs((one) => one.dataset.sha256));
        expect(names.has("peakRate")).toBe(
          differs((one) => one.engine === "onnx" && one.hyperparameters.peakRate),
        );
      }),
    );
  });

  it("is none between a run and itself, whatever it is called and when it was", () => {
    fc.assert(
      fc.property(someSpec, (one) => {
        const again = { ...one, id: "other", createdAt: "2027-01-01T00:00:00.000Z" };
        expect(differences([one, again])).toEqual([]);
      }),
    );
  });

  it("keeps its values in the order of the runs", () => {
    fc.assert(
      fc.property(someSpecs, (specs) => {
        const there = new Map(differences(specs).map(({ name, values }) => [name, values]));
        const back = differences([...specs].reverse());
        expect(back).toHaveLength(there.size);
        for (const { name, values } of back) expect([...values].reverse()).toEqual(there.get(name));
      }),
    );
  });

  it("goes over engines, with nothing where one has no such field", () => {
    const trl: RunSpec = {
      ...spec,
      engine: "trl",
      model: { name: "Qwen/Qwen3-4B" },
      arms: ["base"],
      replay: false,
      hyperparameters: defaultTrlHyperparameters(),
    };
    const found = new Map(differences([spec, trl]).map(({ name, values }) => [name, values]));
    expect(found.get("engine")).toEqual(["onnx", "trl"]);
    expect(found.get("model.name")).toEqual([null, "Qwen/Qwen3-4B"]);
    expect(found.get("replay")).toEqual(["0.5", "false"]);
    expect(found.get("loraRank")).toEqual([null, "32"]);
    expect(found.has("hyperparameters.loraRank")).toBe(false);
  });
});

describe("viewComparison", () => {
  const events = [started, stage("cpt", 16), ...steps("cpt", 16), exam("internalized", 0.75)];
  const whole = record([...events, exam("base", 0.25), finished], "finished");
  const other = record(events.slice(0, 10), "interrupted", {
    folder: "/w/.ingrain/runs/other",
    spec: { ...spec, seed: 9, dataset: { path: "dataset", sha256: "11" } },
  });

  it("fits the protocol, each run with what it has so far", () => {
    const view = viewComparison([whole, other], ["one is broken"]);
    expect(ComparisonView.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
    expect(view).toMatchObject({
      runs: [
        { status: "finished", accuracy: 0.75, exam: { arm: "internalized" } },
        { status: "interrupted" },
      ],
      sameDataset: false,
      problems: ["one is broken"],
    });
    expect(view.runs[1]?.exam).toBeUndefined();
    expect(view.differences.map(({ name }) => name)).toEqual(["dataset.sha256", "seed"]);
  });

  it("knows when runs have one dataset", () => {
    expect(viewComparison([whole, whole], []).sameDataset).toBe(true);
  });
});
