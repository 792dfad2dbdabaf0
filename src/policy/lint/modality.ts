import { isImperative } from "../grammar.ts";
import type { Statement } from "../statement.ts";
import { gistOf } from "./words.ts";

/** How a sentence binds its act. */
export type Modality = "must" | "may" | "can" | "must not" | "need not";

/** The first that a sentence shows is its modality. */
const modalities: readonly [RegExp, Modality][] = [
  [
    /\b(?:(?:do|does) not (?:have|need) to|(?:don|doesn)['’]t (?:have|need) to|need not|needn['’]t|(?:is|are) not required to)\b/i,
    "need not",
  ],
  [
    /\b(?:(?:must|shall|should|may|can)(?: not|n['’]t)|cannot|never|do not|don['’]t|(?:is|are) not (?:allowed|permitted) to)\b/i,
    "must not",
  ],
  [/\b(?:must|shall|should|ha(?:s|ve) to|needs? to|(?:is|are) required to)\b/i, "must"],
  [/\b(?:may|(?:is|are) (?:allowed|permitted|free) to)\b/i, "may"],
  [/\bcan\b/i, "can"],
];

const conflicts: readonly (readonly [Modality, Modality])[] = [
  ["must", "may"],
  ["must", "must not"],
  ["must", "need not"],
  ["may", "must not"],
  ["can", "must not"],
];

/** Whether two modalities of one act do not go together. */
export function conflict(a: Modality, b: Modality): boolean {
  return conflicts.some(([one, other]) => (a === one && b === other) || (a === other && b === one));
}

/** The modality that a sentence shows; an order is a duty. */
export function modalityOf(text: string): Modality | undefined {
  const found = modalities.find(([pattern]) => pattern.test(text));
  return found?.[1] ?? (isImperative(text) ? "must" : undefined);
}

export interface Act {
  statement: Statement;
  modality: Modality;
  /** What is done, by whom and under which conditions: all of it must be the same. */
  words: ReadonlySet<string>;
}

/** What a statement makes a duty, a permission or a prohibition; undefined when it does neither. */
export function actOf(statement: Statement): Act | undefined {
  const { category, text } = statement;
  if (category === "complex-conditional") return undefined;
  const modality = modalityOf(text);
  if (modality === undefined) return undefined;
  // That an act is left free may be told as a fact.
  if (category === "factual" && modality !== "need not") return undefined;
  const words = new Set(gistOf(text).words);
  // The words of the modality itself.
  for (const word of ["allow", "requir", "free"]) words.delete(word);
  return words.size >= 3 ? { statement, modality, words } : undefined;
}
