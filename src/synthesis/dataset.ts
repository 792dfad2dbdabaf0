import { z } from "zod";
import { Category, Statement } from "../policy/statement.ts";
import { Coverage } from "./coverage-schema.ts";

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

/** A call of a tool, as chat templates read it: the arguments are an object, not its JSON text. */
export const ToolCall = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.record(z.string(), z.json()) }),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const Message = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
  /** What the assistant calls. */
  tool_calls: z.array(ToolCall).min(1).optional(),
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

/**
 * How the user of a dialogue writes: in as few words as will do, at length, with a wrong belief,
 * not taking the first answer, or with one fact after the other. The last two take several turns.
 */
export const users = ["plain", "terse", "chatty", "mistaken", "insistent", "piecemeal"] as const;
export const User = z.enum(users);
export type User = z.infer<typeof User>;

/** How a question was made, so that exam and training rows can be held against each other. */
const Made = z.object({
  template: z.string(),
  /** Lexicon entries used, as `word>other`. */
  lexicon: z.array(z.string()),
  /** Who the case is about, and its facts in alphabetical order; empty where there is no case. */
  assignment: z.string(),
  /** Numbers chosen for the case, as `statement/condition=number`. */
  numbers: z.array(z.string()),
  /** How the user of a dialogue writes. */
  user: User.optional(),
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
  /** The fact that the trajectory shows. */
  fact: z.string().optional(),
  made: Made.optional(),
  prompt: z.array(Message).min(1),
  /** The reasoning that cites statement ids, then the answer or the call of a tool. */
  completion: z.array(Message).min(1),
  /** The tools that the agent has, as the JSON text of a list of OpenAI function schemas. */
  tools: z.string().optional(),
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
  /** Ids of the statements that the other choices come from. */
  uses: z.array(z.string()).optional(),
  tier: Tier,
  prompt: z.array(Message).min(1),
  made: Made,
};

export const ExamItem = z.union([
  z.object({ ...item, choices: z.array(z.string()).min(2), answer: z.int().min(0) }),
  z.object({ ...item, expected: z.string().min(1) }),
]);
export type ExamItem = z.infer<typeof ExamItem>;

/** The rows of each part of a dataset. */
export const partSchemas = { cpt: CptRow, sft: SftRow, exam: ExamItem } as const;
export type DatasetPart = keyof typeof partSchemas;
export interface PartRows {
  cpt: CptRow;
  sft: SftRow;
  exam: ExamItem;
}
export type AnyRow = PartRows[DatasetPart];

/** What an edit puts in the place of a row's own: all of its words, never what it comes from. */
export const RowEdit = z.union([
  z.strictObject({ text: CptRow.shape.text, answerStart: CptRow.shape.answerStart }),
  z.strictObject({ prompt: SftRow.shape.prompt, completion: SftRow.shape.completion }),
  z.strictObject({
    prompt: item.prompt,
    choices: z.array(z.string()).min(2),
    answer: z.int().min(0),
  }),
  z.strictObject({ prompt: item.prompt, expected: z.string().min(1) }),
]);
export type RowEdit = z.infer<typeof RowEdit>;

/** `withdrawn` takes the verdicts before it back, as if nobody had judged the row. */
export const verdicts = ["approved", "rejected", "edited", "withdrawn"] as const;
export const Verdict = z.enum(verdicts);
export type Verdict = z.infer<typeof Verdict>;

/** One line of `review.jsonl`; the last one of a row counts. */
export const Review = z
  .object({
    row: z.string(),
    verdict: Verdict,
    edit: RowEdit.optional(),
    at: z.iso.datetime(),
  })
  .refine(({ verdict, edit }) => (verdict === "edited") === (edit !== undefined), {
    message: "an edited row has an edit, and no other has one",
    path: ["edit"],
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

/** The greatest weight: beyond it, little is drawn that is no near-duplicate. */
export const mostWeight = 10;

/**
 * How many times the usual training rows some statements get, by their ids. The next dataset of the
 * policy takes them over.
 */
export const Weights = z.record(Statement.shape.id, z.int().min(1).max(mostWeight));
export type Weights = z.infer<typeof Weights>;
const rounds = z.record(z.string(), z.int().min(1));

/** What of a dataset was made anew: with it, the same policy and seed give the same rows again. */
export const Regenerated = z.object({
  /** How often the grammar's rows of a statement were, by the statement's id. */
  grammar: rounds,
  /** … and a teacher's. */
  teacher: rounds,
  /** Single rows, in their order, by the id that each had before; `take` counts what it took. */
  rows: z.array(z.object({ row: z.string(), take: z.int().min(0) })),
});
export type Regenerated = z.infer<typeof Regenerated>;

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
  /** Absent where nothing was made anew. */
  regenerated: Regenerated.optional(),
  /** The dataset that this one was first regenerated from; its folder's name. */
  origin: z.string().optional(),
  /** Names of the tools that the rows were made with; absent when there were none. */
  tools: z.array(z.string()).optional(),
  /** Absent when every statement has its usual rows. */
  weights: Weights.optional(),
  counts: z.object({
    statements: z.int(),
    byCategory: z.record(Category, z.int()),
    cpt: z.int(),
    sft: z.int(),
    exam: z.int(),
    byKind: z.partialRecord(Kind, z.int()),
  }),
  /** How far the training rows cover the policy; older datasets do not tell. */
  coverage: Coverage.optional(),
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
      /** Names all that its rows were made from: until they are regenerated, the same gives the same. */
      inputs: z.string().optional(),
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
