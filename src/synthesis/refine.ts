import { equalLists } from "../policy/lists.ts";
import type { ParsedPolicy, Statement } from "../policy/statement.ts";
import { countTokens } from "../policy/tokens.ts";
import {
  type Doubt,
  type Opinion,
  opinionPrompt,
  readOpinions,
  type Rejection,
} from "./opinion-prompt.ts";
import { TeacherError, type TeacherPort, type TeacherUsage } from "./teacher.ts";

/** Statements in one question: enough to share the instructions, few enough to answer with care. */
const batchSize = 20;
/** What an answer about one statement takes, in tokens: number, category and a few words. */
const answerTokens = 30;

/** The statements whose category was decided with less confidence, and not by a person. */
export function doubtsOf({ statements }: ParsedPolicy, below: number): Doubt[] {
  return statements.flatMap((statement, index) => {
    const { confidence, decidedBy, section } = statement;
    if (decidedBy === "author" || confidence >= below) return [];
    const previous = statements[index - 1];
    const before = previous && equalLists(previous.section, section) ? previous.text : undefined;
    return [{ statement, before }];
  });
}

/** About how many tokens asking will use, answers included. */
export function estimateTokens(title: string, doubts: readonly Doubt[]): number {
  const prompts = batchesOf(doubts).flatMap((batch) => opinionPrompt(title, batch));
  const asked = prompts.reduce((sum, { content }) => sum + countTokens(content), 0);
  return asked + answerTokens * doubts.length;
}

export interface Refinement {
  /** Every valid opinion, also those that agree. */
  opinions: Opinion[];
  rejected: Rejection[];
  usage: TeacherUsage;
  /** Why it ended before every statement was asked about; what was answered until then is kept. */
  stopped: TeacherError | undefined;
}

/**
 * Asks a teacher what the doubtful statements are, one batch after the other.
 * @param asked is called with the number of statements that have been asked about.
 * @throws TeacherError of the kind `cancelled`, or when nothing was answered at all.
 */
export async function refine(
  teacher: TeacherPort,
  title: string,
  doubts: readonly Doubt[],
  signal: AbortSignal,
  asked: (statements: number) => void = () => undefined,
): Promise<Refinement> {
  const refinement: Refinement = {
    opinions: [],
    rejected: [],
    usage: { prompt: 0, completion: 0 },
    stopped: undefined,
  };
  let done = 0;
  for (const batch of batchesOf(doubts)) {
    try {
      const { text, usage } = await teacher.complete(opinionPrompt(title, batch), { signal });
      refinement.usage.prompt += usage.prompt;
      refinement.usage.completion += usage.completion;
      const { opinions, rejected } = readOpinions(text, batch);
      refinement.opinions.push(...opinions);
      refinement.rejected.push(...rejected);
    } catch (error) {
      if (!(error instanceof TeacherError) || error.kind === "cancelled" || done === 0) throw error;
      return { ...refinement, stopped: error };
    }
    done += batch.length;
    asked(done);
  }
  return refinement;
}

/** The opinions that would change a category. */
export function proposalsOf({ opinions }: Refinement): Opinion[] {
  return opinions.filter(({ statement, category }) => statement.category !== category);
}

function batchesOf(doubts: readonly Doubt[]): Doubt[][] {
  return Array.from({ length: Math.ceil(doubts.length / batchSize) }, (_, index) =>
    doubts.slice(index * batchSize, (index + 1) * batchSize),
  );
}

/** How many statements got no usable answer. */
export function unanswered({ rejected }: Refinement): Statement[] {
  return rejected.flatMap(({ statements }) => statements);
}
