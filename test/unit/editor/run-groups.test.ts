import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeRun, groupRuns } from "../../../src/editor/run-groups.ts";
import { RunStatus, type RunSummary } from "../../../src/protocol/runs.ts";

const now = Date.parse("2026-11-22T14:03:00.000Z");
const run = (status: RunStatus, more: Partial<RunSummary> = {}): RunSummary => ({
  folder: `/runs/${status}`,
  id: status,
  title: "Desk",
  createdAt: "2026-11-22T11:00:00.000Z",
  status,
  ...more,
});

const someRuns = fc.array(
  fc
    .record({ status: fc.constantFrom(...RunStatus.options), id: fc.uuid() })
    .map(({ status, id }) => run(status, { folder: `/runs/${id}`, queued: status === "created" })),
);

describe("groupRuns", () => {
  it("has every run once, in the order that they came in", () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const groups = groupRuns(runs);
        expect(groups.flatMap((group) => group.runs)).toHaveLength(runs.length);
        for (const group of groups) {
          expect(group.runs.length).toBeGreaterThan(0);
          expect(group.runs).toEqual(runs.filter((one) => group.runs.includes(one)));
        }
        expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
      }),
    );
  });

  it("tells a run that waits from one that begins", () => {
    const groups = groupRuns([
      run("created", { queued: true }),
      run("created"),
      run("broken"),
      run("finished"),
    ]);
    expect(groups.map(({ name, runs }) => [name, runs.length])).toEqual([
      ["running", 1],
      ["queued", 1],
      ["finished", 1],
      ["failed", 1],
    ]);
  });
});

describe("describeRun", () => {
  it("has the key figure and the age, and the state where the group does not say it", () => {
    const words = [
      run("finished", { accuracy: 0.716, progress: 1 }),
      run("running", { progress: 0.619 }),
      run("created", { queued: true, progress: 0 }),
      run("cancelling", { progress: 0.2 }),
      { folder: "/runs/x", id: "x", title: "x", status: "broken" as const },
    ].map((one) => describeRun(one, now));
    expect(words).toEqual([
      "0.72 · 3 h ago",
      "61 % · 3 h ago",
      "3 h ago",
      "cancelling · 20 % · 3 h ago",
      "unreadable · x",
    ]);
  });
});
