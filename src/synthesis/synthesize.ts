import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { fingerprint } from "../policy/compare.ts";
import { InputError } from "../policy/errors.ts";
import { categories, type ParsedPolicy } from "../policy/statement.ts";
import { vocabularyOf } from "./cases.ts";
import { coverageOf } from "./coverage.ts";
import {
  kinds,
  type Dataset,
  type ExamItem,
  type Kind,
  type Regenerated,
  type Weights,
} from "./dataset.ts";
import { examItems } from "./exam-items.ts";
import { factsOf } from "./facts.ts";
import { toJsonl } from "./jsonl.ts";
import { sftRows } from "./dialogues.ts";
import { inputsOf } from "./inputs.ts";
import { keptWords, QuestionWriter } from "./questions.ts";
import { nothingRegenerated, streamsOf } from "./regeneration.ts";
import { ToolBox } from "./tool-trajectories.ts";
import type { Tool } from "./tools.ts";
import { cptRows } from "./training-rows.ts";

export interface SynthesisOptions {
  seed: number;
  /** The exact command, for the manifest. */
  command: string;
  /** `second` writes the exam in the words kept aside; the training rows stay the same. */
  exam?: "exam" | "second";
  /** What the policy's agent can call: scenarios then end in calls where one carries them out. */
  tools?: readonly Tool[];
  /** More rows for some statements; all other rows, and the exam, are the same for it. */
  weights?: Weights;
  /** What of the dataset was made anew; the same gives the same rows. */
  regenerated?: Regenerated;
}

/**
 * Turns a parsed policy into training rows and an exam with the teacher `none`: a deterministic
 * grammar. The same policy and seed, with the same made anew, give the same bytes.
 * @throws InputError when there is no statement to make rows from.
 */
export function synthesize(policy: ParsedPolicy, options: SynthesisOptions): Dataset {
  if (policy.statements.length === 0) {
    throw new InputError(`${policy.policy.path} has no statements to make data from.`);
  }
  const { seed, weights = {} } = options;
  const identifier = identifierOf(policy.policy.title);
  const facts = factsOf(policy);
  const vocabulary = vocabularyOf(policy);
  const writer = new QuestionWriter(policy, vocabulary);
  const streams = streamsOf(seed);
  const regenerated = options.regenerated ?? nothingRegenerated;

  const tools = options.tools && new ToolBox(options.tools);
  const { rows: cpt, plain } = cptRows(
    ...([policy, facts, writer, identifier, streams, regenerated, weights] as const),
  );
  const sft = sftRows(facts, writer, identifier, streams, tools, regenerated, weights);
  const voice = options.exam ?? "exam";
  const exam = examItems(facts, plain, writer, identifier, voice, streams, regenerated);
  const around = { seed, identifier, tools: tools?.json };
  const inputs = inputsOf(policy, vocabulary, keptWords(policy), around, weights);

  const rows = [...cpt, ...sft, ...exam];
  return {
    manifest: {
      version: 1,
      policy: {
        path: policy.policy.path,
        title: policy.policy.title,
        sha256: policy.policy.sha256,
        tokens: policy.policy.tokens,
      },
      identifier,
      teacher: "none",
      seed,
      ...(Object.keys(weights).length > 0 && { weights }),
      ...(options.regenerated && { regenerated }),
      ...(options.tools && { tools: options.tools.map(({ name }) => name) }),
      counts: {
        statements: policy.statements.length,
        byCategory: tally(
          categories,
          policy.statements.map(({ category }) => category),
        ),
        cpt: cpt.length,
        sft: sft.length,
        exam: exam.length,
        byKind: kindCounts(rows),
      },
      coverage: coverageOf(policy, cpt, sft),
      statements: policy.statements.map(
        ({ id, category, text, section, start, end, decision }) => ({
          id,
          category,
          text,
          section,
          start,
          end,
          depth: decision?.depth ?? 0,
          reading: fingerprint(decision),
          inputs: inputs.get(id)!,
        }),
      ),
      command: options.command,
      sha256: hashRows(cpt, sft, exam),
    },
    cpt,
    sft,
    exam,
  };
}

/** SHA-256 over the row files, as the manifest has it. */
export function hashRows(
  cpt: readonly object[],
  sft: readonly object[],
  exam: readonly ExamItem[],
): string {
  return bytesToHex(sha256(utf8ToBytes([cpt, sft, exam].map(toJsonl).join(""))));
}

/** The short name that stands in the prompt where the document stood. */
export function identifierOf(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["policy"];
  return words.slice(0, 4).join("-");
}

export function kindCounts(rows: readonly { kind: Kind }[]): Record<Kind, number> {
  return tally(
    kinds,
    rows.map(({ kind }) => kind),
  );
}

function tally<K extends string>(keys: readonly K[], found: readonly K[]): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const key of found) counts[key]++;
  return counts;
}
