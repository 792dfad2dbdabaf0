import type { KnobSettings } from "./knobs.ts";

/** Turns of the knobs that belong together, for those who do not want to turn each. */
export const difficulties: readonly { label: string; detail: string; knobs: KnobSettings }[] = [
  {
    label: "Simple",
    detail: "4 tasks, each decided by one test; users give every fact",
    knobs: { tasks: 4, depth: 1, branching: 1, databases: 1, style: "plain" },
  },
  {
    label: "Usual",
    detail: "6 tasks, up to three tests in a row; one fact must be looked up",
    knobs: { tasks: 6, depth: 3, branching: 2, databases: 2, missing: 1 },
  },
  {
    label: "Hard",
    detail: "9 tasks, up to four tests; two facts must be looked up, and users digress",
    knobs: { tasks: 9, depth: 4, branching: 3, databases: 3, missing: 2, distractors: 1 },
  },
  {
    label: "Hardest",
    detail: "12 tasks, up to six tests; several requests at once, and many digressions",
    knobs: {
      tasks: 12,
      depth: 6,
      branching: 4,
      databases: 4,
      fields: 6,
      arguments: 3,
      intents: 2,
      missing: 3,
      distractors: 3,
    },
  },
];
