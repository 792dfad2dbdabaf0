import { describe, expect, it } from "vitest";
import type { Paragraph } from "mdast";
import { flatten } from "../../../src/policy/flatten.ts";
import { parseRegion } from "../../../src/policy/markdown.ts";
import { sentences } from "../../../src/policy/sentences.ts";

function split(source: string): string[] {
  const prose = flatten(parseRegion(source).blocks[0] as Paragraph, source);
  return sentences(prose).map(({ from, to }) => prose.text.slice(from, to));
}

describe("sentences", () => {
  it.each<[string, string[]]>([
    ["Parcels are brown. Labels are white.", ["Parcels are brown.", "Labels are white."]],
    ["Call the depot! It is open? Yes.", ["Call the depot!", "It is open?", "Yes."]],
    ["Stop!!! Then wait...", ["Stop!!!", "Then wait..."]],
    [
      "Use a carrier, e.g. Halyard, i.e. The Carrier. Wait.",
      ["Use a carrier, e.g. Halyard, i.e. The Carrier.", "Wait."],
    ],
    [
      "Ask for the parcel id. The id has nine digits.",
      ["Ask for the parcel id.", "The id has nine digits."],
    ],
    ["The limit is 20. Above it, call Dr. Ames.", ["The limit is 20.", "Above it, call Dr. Ames."]],
    ["It weighs 2.5 kg. It costs 3.20 euros.", ["It weighs 2.5 kg.", "It costs 3.20 euros."]],
    ["Bring tape, string, etc. Then pack.", ["Bring tape, string, etc.", "Then pack."]],
    ["Bring tape, etc. and pack.", ["Bring tape, etc. and pack."]],
    ["Be brief (Say so. Then stop.) always.", ["Be brief (Say so. Then stop.) always."]],
    ['Say "It is late." Then stop.', ['Say "It is late."', "Then stop."]],
    ["Set `a. B` first. `b` is next.", ["Set a. B first.", "b is next."]],
    ["Open at 9 a.m. on Mondays.", ["Open at 9 a.m. on Mondays."]],
    ["**Late.** We pay. *Soon.* Yes.", ["Late.", "We pay.", "Soon.", "Yes."]],
    ["包裹迟到。请退款！", ["包裹迟到。", "请退款！"]],
    ["The first line\ngoes on. The second.", ["The first line goes on.", "The second."]],
    ["No end", ["No end"]],
    ["… ?! —", []],
  ])("cuts %j", (source, expected) => {
    expect(split(source)).toEqual(expected);
  });
});
