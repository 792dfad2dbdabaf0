import { z } from "zod";
import { Category, Statement } from "../policy/statement.ts";

/**
 * The dataset folder: `dataset.json`, `cpt.jsonl`, `sft.jsonl`, `exam.jsonl`, `review.jsonl`. Rows
 * are in the formats that TRL reads (https://huggingface.co/docs/trl/dataset_formats).
 */
export const kinds = [
  "document",
  "paraphrase",
  "question",
  "demonstration",
  "scenario",
  "counterfactual",
] as const;
export const Kind = z.enum(kinds);
export type Kind = z.infer<typeof Kind>;

export const Message = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
});
export type Message = z.infer<typeof Message>;

export const Teacher = z.enum(["none", "vscode.lm", "openai"]);
export type Teacher = z.infer<typeof Teacher>;

const row = {
  id: z.string(),
  kind: Kind,
  /** Ids of the statements that the row comes from. */
  statements: z.array(z.string()).min(1),
  /** Who wrote it; left out of the grammar's rows. */
  teacher: Teacher.optional(),
};

/** How a question was made, so that exam and training rows can be held against each other. */
const Made = z.object({
  template: z.string(),
  /** Lexicon entries used, as `word>other`. */
  lexicon: z.array(z.string()),
  /** Who the case is about, and its facts in alphabetical order; empty where there is no case. */
  assignment: z.string(),
  /** Numbers chosen for the case, as `statement/condition=number`. */
  numbers: z.array(z.string()),
});
export type Made = z.infer<typeof Made>;

export const CptRow = z.object({
  ...row,
  /** The fact that a question asks for: statement, shape and number. */
  fact: z.string().optional(),
  made: Made.optional(),
  text: z.string().min(1),
  /**
   * Where the answer begins in `text` (UTF-16 code units). With it the embedded engine takes the
   * loss on the answer only; other trainers may ignore it and learn from the whole text.
   */
  answerStart: z.int().min(0).optional(),
});
export type CptRow = z.infer<typeof CptRow>;

export const SftRow = z.object({
  ...row,
  made: Made.optional(),
  prompt: z.array(Message).min(1),
  /** The reasoning that cites statement ids, then the answer. */
  completion: z.array(Message).min(1),
});
export type SftRow = z.infer<typeof SftRow>;

/**
 * How far an exam item lies from the training rows. `seen` is a trained question, `rewrapped` a
 * trained question in an unseen frame; both measure memory. `reworded` and `scenario` share no
 * template, lexicon entry or variable assignment with a training row: they make up the score.
 */
export const tiers = ["seen", "rewrapped", "reworded", "scenario"] as const;
export const Tier = z.enum(tiers);
export type Tier = z.infer<typeof Tier>;

const item = {
  ...row,
  tier: Tier,
  prompt: z.array(Message).min(1),
  made: Made,
};

export const ExamItem = z.union([
  z.object({ ...item, choices: z.array(z.string()).min(2), answer: z.int().min(0) }),
  z.object({ ...item, expected: z.string().min(1) }),
]);
export type ExamItem = z.infer<typeof ExamItem>;

export const Review = z.object({
  row: z.string(),
  verdict: z.enum(["approved", "rejected", "edited"]),
  edit: z.string().optional(),
  at: z.iso.datetime(),
});
export type Review = z.infer<typeof Review>;

/** Why a row that a teacher wrote was not taken. */
export const refusalReasons = [
  "schema",
  "length",
  "markup",
  "number",
  "name",
  "condition",
  "polarity",
  "meaning",
  "tree",
  "exam",
  "duplicate",
] as const;
export const RefusalReason = z.enum(refusalReasons);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** A line of `refused.jsonl`: what a teacher wrote and no one trains on. */
export const RefusedRow = z.object({
  kind: Kind,
  /** Empty when the row named no statement that it was asked about. */
  statements: z.array(z.string()),
  teacher: Teacher,
  reason: RefusalReason,
  /** What exactly, in one line. */
  detail: z.string(),
  /** As the teacher wrote it. */
  row: z.unknown(),
});
export type RefusedRow = z.infer<typeof RefusedRow>;

/** What a teacher added to a dataset. */
export const Teaching = z.object({
  /** The model and where it answered; never a key. */
  model: z.string(),
  /** Rows taken. */
  rows: z.int(),
  refused: z.partialRecord(RefusalReason, z.int()),
  /** Questions without a readable answer, as `statement/kind`. */
  unanswered: z.array(z.string()),
});
export type Teaching = z.infer<typeof Teaching>;

/** `dataset.json`. */
export const DatasetManifest = z.object({
  version: z.literal(1),
  policy: z.object({ path: z.string(), title: z.string(), sha256: z.string(), tokens: z.int() }),
  /** The short name that stands in the prompt where the document stood. */
  identifier: z.string(),
  teacher: Teacher,
  /** Absent when the teacher is `none`. */
  teaching: Teaching.optional(),
  seed: z.int(),
  counts: z.object({
    statements: z.int(),
    byCategory: z.record(Category, z.int()),
    cpt: z.int(),
    sft: z.int(),
    exam: z.int(),
    byKind: z.partialRecord(Kind, z.int()),
  }),
  /** The statements the rows refer to, so that the folder explains itself without the policy. */
  statements: z.array(
    z.object({
      id: z.string(),
      category: Category,
      text: z.string(),
      depth: z.int().min(0),
      // Datasets of version 0.1.0 have none of these.
      ...Statement.pick({ section: true, start: true, end: true }).partial().shape,
      /** The fingerprint of the decision that the rows were made from; empty when there is none. */
      reading: z.string().optional(),
    }),
  ),
  /** The exact command that made it. */
  command: z.string(),
  /** SHA-256 over the row files, in the order cpt, sft, exam. */
  sha256: z.string(),
});
export type DatasetManifest = z.infer<typeof DatasetManifest>;

/** A dataset in memory. */
export interface Dataset {
  manifest: DatasetManifest;
  cpt: CptRow[];
  sft: SftRow[];
  exam: ExamItem[];
  /** What a teacher wrote that failed a check; absent when the teacher is `none`. */
  refused?: RefusedRow[];
}
