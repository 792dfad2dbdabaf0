import { describe, expect, it } from "vitest";
import { foldsOf } from "../../../src/editor/fold-layout.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";

const folds = (text: string) =>
  foldsOf(
    parsePolicy(text, { path: "desk.md" }).statements,
    text.split("\n"),
    (offset) => text.slice(0, offset).split("\n").length - 1,
  );

describe("foldsOf", () => {
  it("folds the branches of a list statement under its lead-in", () => {
    const text = "If the parcel is lost:\n\n- apologise\n- open a claim\n\nThe desk is open.\n";
    expect(folds(text)).toEqual([{ first: 0, last: 3 }]);
  });

  it("reaches as far as the ranges of the items: to the last but one empty line", () => {
    const text = "A parcel has:\n- a weight\n- a zone\n\n\n\nThe desk is open.\n";
    expect(folds(text)).toEqual([{ first: 0, last: 4 }]);
  });

  it("folds no sentence, however many lines it has, and no item of its own", () => {
    expect(folds("The desk is open\nfrom nine to five\non every day.\n")).toEqual([]);
    expect(
      folds("- If it is lost:\n  - apologise\n  - open a claim\n- Greet everybody.\n"),
    ).toEqual([]);
  });
});
