import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CategoryNetwork } from "../../../src/classifier/category-network.ts";
import { readPolicyText } from "../../../src/classifier/read-policy.ts";
import { featureCount } from "../../../src/policy/category-features.ts";
import { parseWithModel } from "../../../src/policy/parse.ts";

const folder = join(import.meta.dirname, "../../../media/categories");
const path = "desk.md";
const features = Array.from({ length: featureCount }, () => 0);
const question = (text: string) => ({ text, features });

describe("CategoryNetwork", () => {
  let network: CategoryNetwork;
  beforeAll(async () => {
    network = await CategoryNetwork.load(folder);
  });

  it("gives odds that sum to 1, whatever the text", async () => {
    const texts = ["", " ", "Pay.", "é‮中文 ✓", "word ".repeat(5000)];
    for (const odds of await network.odds(texts.map(question))) {
      expect(odds).toHaveLength(4);
      expect(odds.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    }
  });

  it("says the same of a statement, whatever else is asked", async () => {
    const alone = await network.odds([question("Send it back.")]);
    const [, among] = await network.odds(["Pay now.", "Send it back.", "No."].map(question));
    expect(among).toEqual(alone[0]);
  });

  it("knows duties that the rules take for facts, and conditions without a marker word", async () => {
    const said = async (text: string) => {
      const { statements } = await parseWithModel(text, { path }, network);
      return statements.map(({ category }) => category);
    };
    expect(await said("Reports are reviewed by the head of finance every month.")).toEqual([
      "behavioral",
    ]);
    expect(await said("Upon termination, your right to use the service will cease.")).toEqual([
      "simple-conditional",
    ]);
  });

  it("tells why there is no network, and reads by rules", async () => {
    const lines: string[] = [];
    const warn = (line: string) => void lines.push(line);
    const parsed = await readPolicyText("You must call.", { path, network: "nowhere", warn });
    expect(parsed.statements).toMatchObject([{ category: "behavioral", decidedBy: "rules" }]);
    expect(lines).toEqual([expect.stringContaining("by rules alone")]);
  });
});
