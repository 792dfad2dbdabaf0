import type {
  CheckResult,
  FacetName,
  RowVerdict,
  StatementState,
} from "../../src/protocol/dataset.ts";
import { categoryWord, kindWord, partWord, tierWord, wordFor } from "../../src/protocol/words.ts";

/** The words and icons of the inspector. */

export const facetWord: Readonly<Record<FacetName, string>> = {
  part: "Part",
  category: "Category",
  kind: "Kind",
  tier: "Exam tier",
  verdict: "Verdict",
  check: "Checks",
  teacher: "Teacher",
  section: "Section",
  statement: "Statement",
};

export const verdictWord: Readonly<Record<RowVerdict, string>> = {
  none: "no verdict",
  approved: "approved",
  rejected: "rejected",
  edited: "edited",
};

export const verdictIcon: Readonly<Record<RowVerdict, string>> = {
  none: "circle-outline",
  approved: "pass",
  rejected: "error",
  edited: "edit",
};

export const checkWord: Readonly<Record<CheckResult, string>> = {
  passed: "passed",
  "not-json": "not JSON",
  "too-long": "line too long",
  schema: "not a row of its part",
  duplicate: "duplicate of another row",
  "duplicate-id": "id of another row",
  "unknown-statement": "statement not in the dataset",
  stale: "stale: its statement changed",
};

export const stateWord: Readonly<Record<StatementState, string>> = {
  same: "",
  unread: "",
  changed: "changed since",
  recategorized: "another category since",
  removed: "not in the policy any more",
  unknown: "not a statement of this dataset",
};

/** A section below the policy's title, which all have in common. */
export function sectionWord(section: string, title: string): string {
  if (section === "") return "Without a section";
  const above = `${title} › `;
  return section.startsWith(above) ? section.slice(above.length) : section;
}

export function valueWord(facet: FacetName, value: string, label: string): string {
  switch (facet) {
    case "part":
      return wordFor(partWord, value);
    case "category":
      return wordFor(categoryWord, value);
    case "kind":
      return wordFor(kindWord, value);
    case "tier":
      return value === "" ? "no exam item" : wordFor(tierWord, value);
    case "verdict":
      return wordFor(verdictWord, value);
    case "check":
      return wordFor(checkWord, value);
    case "teacher":
      return value === "none" ? "grammar" : value;
    case "section":
      return value === "" ? "without a section" : label;
    case "statement":
      return label;
  }
}
