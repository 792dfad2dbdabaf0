import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { compare, lettersOf, type Failure } from "../../bench/trees/compare.ts";
import { holds, leafOf, LabelledTree, type LabelTree } from "../../bench/trees/labels.ts";

/** Labels by words instead of offsets, held against our reading of the sentence. */
function verdict(
  source: string,
  conditions: Record<string, string>,
  outcomes: Record<string, string>,
  tree: LabelTree,
  exclusive: string[] = [],
): Failure | undefined {
  const places = (words: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(words).map(([name, text]) => {
        const start = source.indexOf(text);
        if (start < 0) throw new Error(`“${text}” is not in the source`);
        return [name, [[start, start + text.length]]];
      }),
    );
  const label = LabelledTree.parse({
    at: [0, source.length],
    conditions: places(conditions),
    outcomes: places(outcomes),
    exclusive,
    tree,
  });
  const decision = parsePolicy(source, { path: "a.md" }).statements.at(-1)?.decision;
  return compare(label, decision, lettersOf(source));
}

const source = "If the crate is wet or broken, refund the fee, otherwise close the case.";
const conditions = { a: "the crate is wet", b: "broken" };
const outcomes = { X: "refund the fee", Y: "close the case" };

describe("compare", () => {
  it("takes trees that are the same function for the same", () => {
    for (const tree of [
      ["a | b", "X", "Y"],
      ["b", "X", ["a", "X", "Y"]],
      ["!a & !b", "Y", "X"],
    ] satisfies LabelTree[]) {
      expect(verdict(source, conditions, outcomes, tree)).toBeUndefined();
    }
  });

  it("names what is wrong", () => {
    expect(verdict(source, conditions, outcomes, ["a & b", "X", "Y"])).toBe("outcome wrong");
    expect(verdict(source, conditions, outcomes, ["a & b", "X", "-"])).toBe("wrong joint");
    expect(verdict(source, conditions, outcomes, ["a | b", "X", "!X"])).toBe("wrong joint");
    expect(verdict(source, { a: "the crate is wet" }, outcomes, ["a", "X", "Y"])).toBe(
      "condition invented",
    );
    expect(
      verdict(source, { ...conditions, c: "close the case" }, { X: "refund the fee" }, [
        "a | b | c",
        "X",
        "-",
      ]),
    ).toBe("condition missed");
    expect(verdict("Refund the fee.", { a: "fee" }, { X: "Refund" }, ["a", "X", "-"])).toBe(
      "no tree",
    );
    const only = "A crate can be moved only if it is sealed.";
    expect(
      verdict(only, { a: "it is sealed" }, { X: "A crate can be moved" }, ["a", "X", "-"]),
    ).toBe("otherwise side wrong");
  });

  it("asks nothing about cases that cannot be", () => {
    const classes =
      "Gold members pay 3 euros, silver members pay 5 euros and all others pay 8 euros.";
    const names = { a: "Gold members", b: "silver members" };
    const fees = { X: "pay 3 euros", Y: "pay 5 euros", Z: "pay 8 euros" };
    const tree: LabelTree = ["b", "Y", ["a", "X", "Z"]];
    expect(verdict(classes, names, fees, tree)).toBe("outcome wrong");
    expect(verdict(classes, names, fees, tree, ["ab"])).toBeUndefined();
  });

  it("knows a condition by its negation", () => {
    const text = "If it can be dried, dry it; if it cannot be dried, burn it.";
    const spans = { a: "it can be dried", "!a": "it cannot be dried" };
    expect(verdict(text, spans, { X: "dry it", Y: "burn it" }, ["a", "X", "Y"])).toBeUndefined();
  });
});

describe("labels", () => {
  it("read tests with precedence", () => {
    expect(holds("a | b & !c", { a: false, b: true, c: false })).toBe(true);
    expect(holds("(a | b) & !c", { a: true, b: true, c: true })).toBe(false);
    expect(() => holds("a &", { a: true })).toThrow("cannot be read");
    expect(() => holds("a b", { a: true, b: true })).toThrow("cannot be read");
    expect(() => holds("z", { a: true })).toThrow("cannot be read");
  });

  it("join what several trees say", () => {
    const tree: LabelTree = ["+", "X", ["a", "Y", "-"], ["a", "-", "!Z"]];
    expect([...leafOf(tree, { a: true }).outcomes]).toEqual(["X", "Y"]);
    expect([...leafOf(tree, { a: false }).outcomes]).toEqual(["X"]);
  });

  it("do not count the addresses of links", () => {
    expect(lettersOf("[abc](#def) gh")(0, 14)).toBe(5);
  });
});
