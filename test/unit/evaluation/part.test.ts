import { describe, expect, it } from "vitest";
import { partOf } from "../../../src/evaluation/part.ts";
import { smallDataset } from "../training/fixture.ts";

const { exam, manifest } = smallDataset();
const { statements } = manifest;

describe("a part of an exam", () => {
  it("is all of it where nothing is named", () => {
    expect(partOf(exam, statements, {})).toEqual(exam);
  });

  it("asks about the named statements alone, and loses none of their items", () => {
    const [first, second] = statements;
    const part = partOf(exam, statements, { statements: [first!.id] });
    expect(part).toEqual(exam.filter((item) => item.statements.includes(first!.id)));
    expect(part.length).toBeLessThan(exam.length);
    const both = partOf(exam, statements, { statements: [first!.id, second!.id] });
    expect(both.length).toBeGreaterThan(part.length);
  });

  it("takes all that lies below a heading", () => {
    expect(partOf(exam, statements, { sections: ["Key desk"] })).toHaveLength(exam.length);
  });

  it("names what there is not", () => {
    const of = (part: Parameters<typeof partOf>[2]) => () => partOf(exam, statements, part);
    expect(of({ statements: ["s-none"] })).toThrow("knows no statement s-none");
    expect(of({ sections: ["Elsewhere"] })).toThrow('no section "Elsewhere"');
    expect(() => partOf([], statements, { sections: ["Key desk"] })).toThrow("asks nothing");
  });
});
