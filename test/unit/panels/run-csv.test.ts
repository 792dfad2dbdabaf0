import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cell, csv } from "../../../src/panels/csv.ts";
import { curvesCsv, examCsv } from "../../../src/panels/run-csv.ts";
import type { Report } from "../../../src/evaluation/report.ts";
import { score } from "../../../src/evaluation/score.ts";
import { at, exam, record, spec, stage, started, steps } from "./runs.ts";

/** What a reader of RFC 4180 takes from a text. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[index + 1] === '"') {
        cell += '"';
        index++;
      } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ",") {
      row.push(cell);
      cell = "";
    } else if (sign === "\r" && text[index + 1] === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
      index++;
    } else cell += sign;
  }
  return rows;
}

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.string({
    unit: fc.constantFrom("a", ",", '"', "\n", "\r", "=", "'", "+", "-", "@", "\t", " "),
  }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(undefined),
);

describe("csv", () => {
  it("comes back as it went, but for what could be a formula", () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 })), (rows) => {
        const back = parse(csv(rows));
        expect(back).toEqual(
          rows.map((row) =>
            row.map((value) =>
              typeof value === "string" && /^[=+\-@\t\r]/.test(value)
                ? `'${value}`
                : String(value ?? ""),
            ),
          ),
        );
      }),
    );
  });

  it("leaves no text that a spreadsheet would compute", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "a") }),
        (text) => {
          expect(parse(csv([[text]]))[0]![0]).not.toMatch(/^[=+\-@\t\r]/);
        },
      ),
    );
  });
});

const events = [started, stage("cpt", 16), ...steps("cpt", 16), exam("internalized", 0.75)];

describe("the table of the curves", () => {
  it("has every step of every run", () => {
    const odd = record(events.slice(0, 5), "interrupted", {
      spec: { ...spec, id: "b", policy: { ...spec.policy, title: "=cmd()" } },
    });
    const rows = parse(curvesCsv([record(events, "running"), odd]));
    expect(rows).toHaveLength(1 + 16 + 3);
    expect(rows[5]).toEqual([
      spec.id,
      "Desk",
      "internalized",
      "cpt",
      "5",
      "2500",
      "1",
      "1.2",
      "0.001",
      "520",
      String(2 ** 30),
      at(5),
    ]);
    expect(rows[4]?.[7]).toBe("");
    expect(rows.at(-1)?.slice(0, 2)).toEqual(["b", "'=cmd()"]);
  });
});

describe("the table of the exam", () => {
  it("has what the events tell of a run that is not over", () => {
    expect(parse(examCsv([record(events, "running")])).slice(1)).toEqual([
      [spec.id, "Desk", "internalized", "overall", "", "0.75", "", "", ""],
      [spec.id, "Desk", "internalized", "category", "factual", "0.75", "16", "", ""],
    ]);
  });

  it("has every score of a report, with its interval", () => {
    const half = score(5, 10);
    const arm = {
      ...half,
      byTier: { scenario: half },
      byCategory: { factual: half },
      byKind: {},
      byDepth: { "0": half },
      byForm: {},
      nullPrompt: score(1, 4),
      byStatement: {},
    };
    const report = { arms: { internalized: arm } } as unknown as Report;
    const rows = parse(examCsv([record(events, "finished", { report })])).slice(1);
    expect(rows.map((row) => row.slice(3, 5))).toEqual([
      ["overall", ""],
      ["tier", "scenario"],
      ["category", "factual"],
      ["depth", "0"],
      ["null prompt", ""],
    ]);
    expect(rows[0]?.slice(5)).toEqual(["0.5", "10", ...half.interval.map(String)]);
  });
});
