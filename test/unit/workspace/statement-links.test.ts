import { expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { idsAt, linkStatements } from "../../../src/workspace/statement-links.ts";
import { policyText, smallDataset } from "../training/fixture.ts";

const known = smallDataset().manifest.statements;
const parse = (text: string) => parsePolicy(text, { path: "key-desk.md" }).statements;

it("finds each statement where it stands now, character for character", () => {
  const text = `Doors open at nine.\n\n${policyText}`;
  const links = linkStatements(known, parse(text));
  expect(links.map(({ id, state }) => [id, state])).toEqual(known.map(({ id }) => [id, "same"]));
  for (const [index, { now }] of links.entries()) {
    const { start, end } = known[index]!;
    expect(text.slice(now!.start, now!.end)).toBe(policyText.slice(start, end));
  }
});

it("tells what changed and what is gone, and knows a changed statement by its old id", () => {
  const text = policyText.replace("6 euros", "7 euros").replace("Greet every guest by name.", "");
  const now = parse(text);
  const links = linkStatements(known, now);
  const stateOf = (words: string) =>
    links.find(({ id }) => id === known.find((each) => each.text.includes(words))!.id)!.state;
  expect(stateOf("spare key")).toBe("changed");
  expect(stateOf("Greet")).toBe("removed");
  const changed = now.find((statement) => statement.text.includes("7 euros"))!;
  expect(idsAt(links, [changed.start])).toEqual([
    known.find((each) => each.text.includes("spare key"))!.id,
  ]);
  expect(idsAt(links, [-1])).toEqual([]);
});
