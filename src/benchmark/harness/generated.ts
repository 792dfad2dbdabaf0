import { Environment } from "../environment.ts";
import type { Benchmark } from "../generate.ts";
import { plainArguments } from "./episode.ts";
import type { ExamTask } from "./exam.ts";

/** The queries of a generated benchmark as tasks of an exam: right is what ends in the gold databases. */
export function examTasks({ databases, tools, manifest, queries }: Benchmark): ExamTask[] {
  return queries.map(({ id, instruction, outputs, intents, distractors, style, hash }) => ({
    id,
    instruction,
    outputs,
    axes: {
      depth: String(Math.max(...intents.map(({ depth }) => depth))),
      intents: String(intents.length),
      missing: String(intents.reduce((sum, { missing }) => sum + missing.length, 0)),
      distractors: String(distractors),
      style,
    },
    begin: () => {
      const environment = new Environment(databases, tools, manifest);
      return {
        tools,
        call: (name, given) => {
          const plain = plainArguments(given);
          return plain === undefined
            ? { ok: false, error: "an argument is neither text nor a number" }
            : environment.call(name, plain);
        },
        right: () => environment.hash === hash,
      };
    },
  }));
}

const manner =
  "Use the tools to look facts up and to act. Every request ends in exactly one call: the tool of the request, decline_request or transfer_request. Then tell the user the outcome and its terms.";

/** The prompt with the policy in it. */
export const policyPrompt = ({ policy }: Benchmark): string => `${policy}\n${manner}`;

/** The prompt of an agent that has the policy in its weights: the identifier in place of the document. */
export const identifierPrompt = ({ manifest }: Benchmark): string =>
  `[${manifest.identifier}] ${manner}`;
