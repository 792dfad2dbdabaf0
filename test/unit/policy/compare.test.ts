import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Change,
  type ChangeKind,
  carryIds,
  compare,
  compareStatements,
} from "../../../src/policy/compare.ts";
import type { Comparable } from "../../../src/policy/match.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Category, Statement } from "../../../src/policy/statement.ts";
import { cpuSeconds } from "../cpu-time.ts";

const parse = (text: string): Statement[] => parsePolicy(text, { path: "a.md" }).statements;
const unread = { old: () => undefined, new: () => undefined };
const plainCompare = (old: readonly Comparable[], next: readonly Comparable[]) =>
  compare(old, next, unread);

const kindsOf = (changes: readonly Change<Comparable, Comparable>[]) =>
  changes.map((change): [ChangeKind, string] => [
    change.kind,
    ("new" in change ? change.new : change.old).text,
  ]);
const kindOf = (changes: readonly Change<Statement, Statement>[], text: string) =>
  kindsOf(changes).filter(([, found]) => found === text)[0]?.[0];

const desk = `# Key desk

## Loans

A key is lent for one day. Greet every guest by name.

If the guest has no card, ask for a passport. Otherwise, note the number of the card.

## Fees

A lost key costs 20 euros. Gold members pay half of it. Never lend a key to a guest who owes a fee.
`;

describe("compare", () => {
  test("an edit elsewhere leaves the other statements unchanged", () => {
    const changes = compareStatements(parse(desk), parse(desk.replace("20 euros", "25 euros")));
    expect(kindsOf(changes).filter(([kind]) => kind !== "unchanged")).toEqual([
      ["changed", "A lost key costs 25 euros."],
    ]);
  });

  test("an insertion moves nothing, and is the only one that is new", () => {
    const more = desk.replace("Greet every", "The desk closes at ten. Greet every");
    const changes = compareStatements(parse(desk), parse(more));
    expect(kindsOf(changes).filter(([kind]) => kind !== "unchanged")).toEqual([
      ["added", "The desk closes at ten."],
    ]);
  });

  test("a removed statement is told where it stood", () => {
    const changes = compareStatements(
      parse(desk),
      parse(desk.replace("Greet every guest by name.", "")),
    );
    expect(kindsOf(changes).slice(0, 2)).toEqual([
      ["unchanged", "A key is lent for one day."],
      ["removed", "Greet every guest by name."],
    ]);
  });

  test("a statement that goes to another section, or past another, moved", () => {
    const rule = "Gold members pay half of it.";
    const elsewhere = desk.replace(` ${rule}`, "").replace("Greet every", `${rule} Greet every`);
    expect(kindOf(compareStatements(parse(desk), parse(elsewhere)), rule)).toBe("moved");
    const later = desk.replace(`${rule} `, "").replace("owes a fee.", `owes a fee. ${rule}`);
    const changes = compareStatements(parse(desk), parse(later));
    expect(kindsOf(changes).filter(([kind]) => kind !== "unchanged")).toHaveLength(1);
  });

  test("under a renamed title or heading nothing has moved", () => {
    const renamed = desk.replace("# Key desk", "# The key desk").replace("## Fees", "## Prices");
    const changes = compareStatements(parse(desk), parse(renamed));
    expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(["unchanged"]));
    expect(changes.map((change) => "new" in change && change.new.id)).toEqual(
      parse(desk).map(({ id }) => id),
    );
  });

  test("the author’s word re-categorizes", () => {
    const marked = desk.replace("A key is", "<!-- ingrain: behavioral -->\nA key is");
    const [first] = compareStatements(parse(desk), parse(marked));
    expect(first).toMatchObject({ kind: "recategorized", reworded: false, recategorized: true });
  });

  test("one that depends on what stands before it changes with that", () => {
    const other = desk.replace("the guest has no card", "the guest has no badge");
    const changes = compareStatements(parse(desk), parse(other));
    expect(changes.filter(({ kind }) => kind !== "unchanged")).toMatchObject([
      { kind: "changed", reworded: true },
      {
        kind: "changed",
        reworded: false,
        old: { text: "Otherwise, note the number of the card." },
      },
    ]);
  });

  test("a small rewording is one change; another rule in its place is two", () => {
    const reworded = desk.replace("Greet every guest by name.", "Greet each guest by their name.");
    expect(
      kindOf(compareStatements(parse(desk), parse(reworded)), "Greet each guest by their name."),
    ).toBe("changed");
    const replaced = desk.replace("Greet every guest by name.", "Umbrellas are free of charge.");
    const changes = compareStatements(parse(desk), parse(replaced));
    expect(changes.map(({ kind }) => kind).filter((kind) => kind !== "unchanged")).toEqual([
      "removed",
      "added",
    ]);
  });

  test("a statement that is split keeps its id in the better half", () => {
    const old = [
      {
        id: "s-1",
        category: "behavioral" as const,
        section: [],
        text: "Ask for the receipt of the parcel and note its number.",
      },
    ];
    const next = ["Ask for the receipt of the parcel.", "Note its number."].map((text, n) => ({
      id: `s-new${n}`,
      category: "behavioral" as const,
      section: [],
      text,
    }));
    expect(carryIds(old, next).map(({ id }) => id)).toEqual(["s-1", "s-new1"]);
  });

  test("statements of a dataset that tells no sections are found by their words", () => {
    const old = parse(desk).map(({ id, category, text }) => ({ id: `${id}0`, category, text }));
    const next = parse(desk.replace("20 euros", "30 euros"));
    expect(carryIds(old, next).map(({ id }) => id)).toEqual(old.map(({ id }) => id));
  });
});

const rewordings = JSON.parse(
  readFileSync(new URL("../../fixtures/policy/rewordings.json", import.meta.url), "utf8"),
) as { edit: string; old: string; new: string }[];

test("most rewordings of a person are recognised, alone in their section", () => {
  const lost = rewordings.filter(({ old, new: text }) => {
    const statement = { category: "factual" as const, section: ["A"] };
    const [only] = carryIds(
      [{ ...statement, id: "s-1", text: old }],
      [{ ...statement, id: "s-2", text }],
    );
    return only!.id !== "s-1";
  });
  expect(lost.length / rewordings.length).toBeLessThanOrEqual(0.05);
});

describe("ids while someone types", () => {
  test("stay, letter by letter, to another sentence than the first", () => {
    const sentence = "Never lend the key of the cellar to a guest who has not paid the deposit.";
    const first = parse(desk.replace("Greet every guest by name.", sentence.slice(0, 14)));
    let last = first;
    for (let length = 15; length <= sentence.length; length++) {
      last = carryIds(
        last,
        parse(desk.replace("Greet every guest by name.", sentence.slice(0, length))),
      );
    }
    expect(last.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  });

  test("an id is not given again when its first words come back", () => {
    const old = parse(desk);
    const edited = carryIds(old, parse(desk.replace("one day", "two days")));
    expect(edited[0]!.id).toBe(old[0]!.id);
    const again = desk.replace("one day.", "two days. A key is lent for one day.");
    const both = carryIds(edited, parse(again));
    expect(both[0]!.id).toBe(old[0]!.id);
    expect(new Set(both.map(({ id }) => id)).size).toBe(both.length);
  });
});

const word = fc.constantFrom(..."a key desk guest card fee euros ten never ask lend if".split(" "));
const category = fc.constantFrom<Category>("factual", "behavioral", "simple-conditional");
const statements = fc
  .array(
    fc.record({
      section: fc.option(fc.constantFrom(["A"], ["A", "B"], ["C"]), { nil: undefined }),
      text: fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" ")),
      category,
    }),
    { maxLength: 12 },
  )
  .map((list) => list.map((statement, n) => ({ ...statement, id: `s-${n}` })));
const renumbered = (list: Comparable[], offset: number) =>
  list.map((statement, n) => ({ ...statement, id: `s-${n + offset}` }));

describe("laws", () => {
  test("equal lists are unchanged", () => {
    fc.assert(
      fc.property(statements, (list) => {
        const changes = plainCompare(list, renumbered(list, 3));
        expect(changes.every(({ kind }) => kind === "unchanged")).toBe(true);
        expect(changes.map((change) => "new" in change && change.new.id)).toEqual(
          list.map(({ id }) => id),
        );
      }),
    );
  });

  test("every statement is in exactly one change, and the new ones keep their order", () => {
    fc.assert(
      fc.property(statements, statements, (old, next) => {
        const changes = plainCompare(old, next);
        const olds = changes.flatMap((change) => ("old" in change ? [change.old] : []));
        const news = changes.flatMap((change) => ("new" in change ? [change.new.text] : []));
        expect(new Set(olds)).toEqual(new Set(old));
        expect(olds).toHaveLength(old.length);
        expect(news).toEqual(next.map(({ text }) => text));
      }),
    );
  });

  test("ids are unique, and none of a removed statement is given to an added one", () => {
    fc.assert(
      fc.property(statements, statements, fc.nat(8), (old, list, offset) => {
        const next = renumbered(list, offset);
        const carried = carryIds(old, next);
        expect(new Set(carried.map(({ id }) => id)).size).toBe(next.length);
        const removed = new Set(
          plainCompare(old, next).flatMap((change) =>
            change.kind === "removed" ? [change.old.id] : [],
          ),
        );
        expect(carried.filter(({ id }) => removed.has(id))).toEqual([]);
        expect(carryIds(old, carried)).toEqual(carried);
      }),
    );
  });

  test("ids of untouched statements survive any insertion, removal and move of others", () => {
    fc.assert(
      fc.property(statements, fc.array(fc.nat()), fc.func(fc.boolean()), (list, places, keep) => {
        const texts = new Map(list.map((statement) => [statement.text, statement]));
        const old = [...texts.values()];
        const next = old.filter((statement) => keep(statement.id));
        for (const place of places) next.splice(place % (next.length + 1), 0, ...next.splice(0, 1));
        const carried = carryIds(old, renumbered(next, 100));
        expect(carried.map(({ id }) => id)).toEqual(next.map(({ id }) => id));
      }),
    );
  });
});

test("2,500 statements that all changed, in one section, are not held against each other all", () => {
  const rule = (n: number, words: string) =>
    `Desk ${n} ${words} ${(n * 7919) % 1000} euros for a lost key.`;
  const version = (words: string, offset: number): Comparable[] =>
    Array.from({ length: 2500 }, (_, n) => ({
      id: `s-${n + offset}`,
      category: "factual",
      section: ["A"],
      text: rule(n, words),
    }));
  const old = version("charges exactly", 0);
  let carried: typeof old = [];
  const seconds = cpuSeconds(() => {
    carried = carryIds(old, version("now charges", 5000));
  });
  // A quarter of a second on an idle core; all pairs would take ten seconds.
  expect(seconds).toBeLessThan(4);
  expect(carried.map(({ id }) => id)).toEqual(old.map(({ id }) => id));
});
