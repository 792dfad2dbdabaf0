import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { DecisionNode } from "../../../src/policy/statement.ts";

/** What the parts of the decisions refer to: their words, and the last heading of the path. */
function references(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const note = ({ text, refersTo }: { text: string; refersTo?: string[] | undefined }): void => {
    if (refersTo !== undefined) found[text] = refersTo.join(" / ");
  };
  const walk = (node: DecisionNode): void => {
    if (node.kind === "outcome") note(node);
    if (node.kind !== "test") return;
    walk(node.yes);
    walk(node.no);
  };
  for (const { decision } of parsePolicy(text, { path: "desk.md" }).statements) {
    if (decision === undefined) continue;
    decision.conditions.forEach(note);
    walk(decision.tree);
  }
  return found;
}

describe("references", () => {
  it("lead to the heading with the label that they name", () => {
    const text = `# Desk
## Step 1.1: Weigh
If the parcel is heavy, proceed to Step 1.2.
## Step 1.2: Measure
If the parcel is long, go back to step 1.1.
## 3. Fees
If the case meets section 3, charge the fee.
`;
    expect(references(text)).toEqual({
      "proceed to Step 1.2": "Desk / Step 1.2: Measure",
      "go back to step 1.1": "Desk / Step 1.1: Weigh",
      "the case meets section 3": "Desk / 3. Fees",
    });
  });

  it("lead to the nearest of several headings with one label", () => {
    const path = (name: string) =>
      `## ${name}\n### Step 1\nIf it fails, go to Step 2.\n### Step 2\nRestart the ${name}.\n`;
    const found = references(`# Phones\n${path("modem")}${path("router")}`);
    expect(found).toEqual({ "go to Step 2": "Phones / router / Step 2" });
    expect(references(`# Phones\n${path("modem")}## Other\nThe end is near.\n`)).toEqual({
      "go to Step 2": "Phones / modem / Step 2",
    });
  });

  it("lead to a section by its title, but not from that section itself", () => {
    const text = `# Desk
## Late Parcels
If a case of Late Parcels is closed, file it.
## Claims
If the parcel is late, follow Late Parcels.
`;
    expect(references(text)).toEqual({ "follow Late Parcels": "Desk / Late Parcels" });
  });

  it("lead nowhere when there is no such section", () => {
    expect(
      references("# Desk\n## A word on fees\nIf it is late, see Part A and Step 9.\n"),
    ).toEqual({});
  });
});
